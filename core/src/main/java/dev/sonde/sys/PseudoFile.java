package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Small files of /proc and /sys that this package itself needs, read through the {@link Kernel} so that a fake can answer. */
final class PseudoFile {
    private static final int O_WRONLY = 1;
    private static final int O_CLOEXEC = 0x80000;
    private static final int LIMIT = 4096;
    private static final int AT_PAGESZ = 6;

    private PseudoFile() {
    }

    /** The first 4096 bytes. */
    static byte[] read(Kernel kernel, String path) {
        try (Fd fd = Fd.from(kernel, new Syscall.OpenAt(path, O_CLOEXEC))) {
            byte[] bytes = new byte[LIMIT];
            return Arrays.copyOf(bytes, fd.read(MemorySegment.ofArray(bytes)));
        }
    }

    static void write(Kernel kernel, String path, String text) {
        try (Fd fd = Fd.from(kernel, new Syscall.OpenAt(path, O_WRONLY | O_CLOEXEC))) {
            fd.write(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The decimal number a file holds. */
    static int number(Kernel kernel, String path) {
        return Integer.parseInt(new String(read(kernel, path), StandardCharsets.US_ASCII).trim());
    }

    /** The CPUs of a list such as {@code 0-3,8}, ascending. */
    static int[] cpus(Kernel kernel, String path) {
        byte[] text = read(kernel, path);
        int[] cpus = new int[0];
        int from = -1;
        int value = 0;
        for (byte c : text) {
            if (c >= '0' && c <= '9') {
                value = value * 10 + c - '0';
            } else if (c == '-') {
                from = value;
                value = 0;
            } else {
                cpus = append(cpus, from < 0 ? value : from, value);
                from = -1;
                value = 0;
            }
        }
        return cpus;
    }

    private static int[] append(int[] cpus, int first, int last) {
        int[] longer = Arrays.copyOf(cpus, cpus.length + last - first + 1);
        for (int i = cpus.length; i < longer.length; i++) {
            longer[i] = first + i - cpus.length;
        }
        return longer;
    }

    /** CPUs that may ever be there: what a per-CPU value has room for. */
    static int possibleCpus(Kernel kernel) {
        int[] cpus = cpus(kernel, "/sys/devices/system/cpu/possible");
        return cpus[cpus.length - 1] + 1;
    }

    /** Bytes of a page: always 4096 on x86-64; 4096, 16384 or 65536 on arm64, as the auxiliary vector tells. */
    static int pageSize(Kernel kernel) {
        if (Architecture.HOST == Architecture.X86_64) {
            return 4096;
        }
        ByteBuffer vector = ByteBuffer.wrap(read(kernel, "/proc/self/auxv")).order(ByteOrder.nativeOrder());
        while (vector.remaining() >= 16) {
            if (vector.getLong() == AT_PAGESZ) {
                return (int) vector.getLong();
            }
            vector.getLong();
        }
        throw new IllegalStateException("/proc/self/auxv has no page size");
    }
}
