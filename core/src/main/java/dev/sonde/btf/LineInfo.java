package dev.sonde.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Which source line an instruction comes from ({@code struct bpf_line_info}; Linux 5.0). It holds up to the next one's instruction.
 *
 * <p>The kernel wants one for each subprogram's first instruction, in rising order.
 *
 * @param instruction index of the first instruction, in instructions of 8 bytes
 * @param fileName offset of the file's name in the string section (see {@link BtfWriter#string})
 * @param text offset of the line's text
 * @param line line number from 1; more than 4194303 is written as that
 * @param column column from 1; more than 1023 is written as that
 */
public record LineInfo(int instruction, int fileName, int text, int line, int column) {
    /** Bytes of one record: {@code line_info_rec_size} of {@code BPF_PROG_LOAD}. */
    public static final int SIZE = 16;

    private static final int COLUMN_BITS = 10;

    /** The records as {@code BPF_PROG_LOAD} wants them at {@code line_info}. */
    public static byte[] encode(List<LineInfo> infos) {
        ByteBuffer out = ByteBuffer.allocate(infos.size() * SIZE).order(ByteOrder.nativeOrder());
        for (LineInfo info : infos) {
            out.putInt(info.instruction).putInt(info.fileName).putInt(info.text).putInt(info.lineColumn());
        }
        return out.array();
    }

    /** {@code line_col}. */
    private int lineColumn() {
        int line = Math.min(this.line, -1 >>> COLUMN_BITS);
        int column = Math.min(this.column, -1 >>> 32 - COLUMN_BITS);
        return line << COLUMN_BITS | column;
    }
}
