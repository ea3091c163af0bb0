package dev.sonde.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Which function a program's instructions belong to ({@code struct bpf_func_info}; Linux 5.0).
 *
 * <p>The kernel wants one for each subprogram, the first at instruction 0, in rising order.
 *
 * @param instruction index of the function's first instruction, in instructions of 8 bytes
 * @param function type id of its {@link BtfType.Func}
 */
public record FuncInfo(int instruction, int function) {
    /** Bytes of one record: {@code func_info_rec_size} of {@code BPF_PROG_LOAD}. */
    public static final int SIZE = 8;

    /** The records as {@code BPF_PROG_LOAD} wants them at {@code func_info}. */
    public static byte[] encode(List<FuncInfo> infos) {
        ByteBuffer out = ByteBuffer.allocate(infos.size() * SIZE).order(ByteOrder.nativeOrder());
        for (FuncInfo info : infos) {
            out.putInt(info.instruction).putInt(info.function);
        }
        return out.array();
    }
}
