package dev.sonde.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** struct bpf_iter_num: 8 bytes of the program's stack that hold the current number and the end. */
final class NumberIterator {
    private static final int MAX = 1 << 23;

    private NumberIterator() {}

    static long start(long[] arguments, BpfMemory memory) {
        int first = (int) arguments[1];
        int end = (int) arguments[2];
        boolean tooMany = (long) end - first > MAX;
        boolean valid = first <= end && !tooMany;
        memory.write(arguments[0], state(valid ? first - 1 : 0, valid ? end : 0));
        return valid ? 0 : tooMany ? -Errno.E2BIG : -Errno.EINVAL;
    }

    static long next(long[] arguments, BpfMemory memory) {
        ByteBuffer now = ByteBuffer.wrap(memory.read(arguments[0], 8)).order(ByteOrder.LITTLE_ENDIAN);
        int current = now.getInt(0);
        int end = now.getInt(4);
        if ((long) current + 1 >= end) {
            memory.write(arguments[0], state(0, 0));
            return 0;
        }
        memory.write(arguments[0], state(current + 1, end));
        return arguments[0];
    }

    static long destroy(long[] arguments, BpfMemory memory) {
        memory.write(arguments[0], state(0, 0));
        return 0;
    }

    private static byte[] state(int current, int end) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(current).putInt(end).array();
    }
}
