package dev.sonde.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The few eBPF instructions that trying a feature takes (RFC 9669). */
final class Instructions {
    private final ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());

    private Instructions put(int opcode, int registers, int offset, int immediate) {
        bytes.put((byte) opcode).put((byte) registers).putShort((short) offset).putInt(immediate);
        return this;
    }

    /** Register {@code to} = {@code value}. */
    Instructions move(int to, int value) {
        return put(0xb7, to, 0, value);
    }

    Instructions call(int helper) {
        return put(0x85, 0, 0, helper);
    }

    /** r2 = a pointer to 8 bytes of stack, set to 0. */
    Instructions stackBuffer() {
        return put(0x7a, 10, -8, 0).put(0xbf, 10 << 4 | 2, 0, 0).put(0x07, 2, 0, -8);
    }

    /** {@code may_goto} over one instruction; some kernels refuse a distance of 0. */
    Instructions mayGoto() {
        return put(0xe5, 0, 1, 0).move(0, 1);
    }

    /** r0 = 4 s/ 2. */
    Instructions signedDivision() {
        return move(0, 4).put(0x37, 0, 1, 2);
    }

    /** {@code return 0} and the end. */
    byte[] exit() {
        move(0, 0).put(0x95, 0, 0, 0);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
