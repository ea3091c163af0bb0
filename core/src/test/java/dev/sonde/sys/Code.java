package dev.sonde.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** eBPF instructions by hand, enough for the programs of these tests (RFC 9669). */
final class Code {
    private static final int BPF_FUNC_GET_ATTACH_COOKIE = 174;
    private static final int BPF_FUNC_RINGBUF_OUTPUT = 130;
    private static final int BPF_FUNC_PERF_EVENT_OUTPUT = 25;

    private final ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

    Code op(int opcode, int dst, int src, int off, int imm) {
        bytes.put((byte) opcode).put((byte) (src << 4 | dst)).putShort((short) off).putInt(imm);
        return this;
    }

    /** dst = imm. */
    Code move(int dst, int imm) {
        return op(0xb7, dst, 0, 0, imm);
    }

    /** dst = src. */
    Code copy(int dst, int src) {
        return op(0xbf, dst, src, 0, 0);
    }

    Code call(int function) {
        return op(0x85, 0, 0, 0, function);
    }

    /** dst = the map, or with pseudo 2 the address of its first value. */
    Code map(int dst, int pseudo, BpfMap map) {
        return op(0x18, dst, pseudo, 0, map.fd().number()).op(0, 0, 0, 0, 0);
    }

    byte[] exit() {
        move(0, 0).op(0x95, 0, 0, 0, 0);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static byte[] nothing() {
        return new Code().exit();
    }

    /** Adds one to the first u64 of an array map's first value. */
    static byte[] counting(BpfMap array) {
        return new Code().map(1, 2, array).move(2, 1).op(0xdb, 1, 2, 0, 0).exit();
    }

    /** The same, and puts the attach cookie into the second u64. */
    static byte[] cookie(BpfMap array) {
        return new Code().call(BPF_FUNC_GET_ATTACH_COOKIE).map(1, 2, array).op(0x7b, 1, 0, 8, 0).move(2, 1).op(0xdb, 1, 2, 0, 0).exit();
    }

    /** Sends {@code count} records of 8 bytes that hold 1, 2, ... to a ring buffer. */
    static byte[] ring(BpfMap ring, int count) {
        Code code = new Code();
        for (int i = 1; i <= count; i++) {
            code.op(0x7a, 10, 0, -8, i).map(1, 1, ring).copy(2, 10).op(0x07, 2, 0, 0, -8).move(3, 8).move(4, 0).call(BPF_FUNC_RINGBUF_OUTPUT);
        }
        return code.exit();
    }

    /** Sends one record of 12 bytes, 0x1234 and 0, to the perf buffer of its CPU. */
    static byte[] perf(BpfMap events) {
        return new Code().copy(6, 1).op(0x7a, 10, 0, -16, 0x1234).op(0x7a, 10, 0, -8, 0).copy(1, 6).map(2, 1, events)
                .op(0x18, 3, 0, 0, -1).op(0, 0, 0, 0, 0).copy(4, 10).op(0x07, 4, 0, 0, -16).move(5, 12).call(BPF_FUNC_PERF_EVENT_OUTPUT).exit();
    }
}
