package dev.sonde.gosym;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A table in the layout of Go 1.2 to 1.15 with main.a at 0x1000 (lines 9, then 12 from 0x1004) and main.b at 0x1010. */
final class Go12Table {
    private Go12Table() {
    }

    static byte[] bytes(int pointer, boolean bigEndian) {
        int names = 8 + 6 * pointer + 4;
        int values = names + 14;
        int files = values + 10;
        int records = files + 8 + 5 + 3;
        int record = pointer + 9 * 4;
        ByteBuffer out = ByteBuffer.allocate(records + 2 * record).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        out.putInt(0xfffffffb).put((byte) 0).put((byte) 0).put((byte) 1).put((byte) pointer);
        word(out, pointer, 2);
        word(out, pointer, 0x1000);
        word(out, pointer, records);
        word(out, pointer, 0x1010);
        word(out, pointer, records + record);
        word(out, pointer, 0x1020);
        out.putInt(files);
        out.put("main.a\0main.b\0".getBytes(StandardCharsets.US_ASCII));
        // Lines: +10 (9) for 4 bytes, +3 (12) for 12 bytes, end. Files: +2 (1) for 16 bytes, end.
        out.put(new byte[] {20, 4, 6, 12, 0, 4, 16, 0, 0, 0});
        out.putInt(2).putInt(files + 8).put("a.go\0".getBytes(StandardCharsets.US_ASCII)).position(records);
        function(out, pointer, 0x1000, names, 16, values + 5, values);
        function(out, pointer, 0x1010, names + 7, Integer.MIN_VALUE, 0, 0);
        return out.array();
    }

    private static void function(ByteBuffer out, int pointer, long entry, int name, int args, int pcfile, int pcln) {
        word(out, pointer, entry);
        out.putInt(name).putInt(args).putInt(0).putInt(0).putInt(pcfile).putInt(pcln).putInt(0).putInt(0).putInt(0);
    }

    private static void word(ByteBuffer out, int pointer, long value) {
        if (pointer == 8) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }
}
