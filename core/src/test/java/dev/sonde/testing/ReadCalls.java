package dev.sonde.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Helpers that read or write the memory that programs may not touch themselves. */
final class ReadCalls {
    private final BpfExecution run;

    ReadCalls(BpfExecution run) {
        this.run = run;
    }

    /** Reads {@code size} bytes from user memory, kernel memory or either; on failure the destination is cleared. */
    long read(long to, long size, long from, boolean user, boolean kernel) {
        run.memory.prepare(to, size);
        Optional<byte[]> bytes = bytes(from, (int) size, user, kernel);
        run.memory.write(to, bytes.orElseGet(() -> new byte[(int) size]));
        return bytes.isPresent() ? 0 : refusal(from, user);
    }

    /** Reads up to the NUL or {@code size - 1} characters and ends with a NUL; returns the length with it. */
    long readString(long to, long size, long from, boolean user, boolean kernel) {
        run.memory.prepare(to, size);
        if (size == 0) {
            return 0;
        }
        byte[] text = new byte[(int) size];
        for (int i = 0; i < size - 1; i++) {
            Optional<byte[]> next = bytes(from + i, 1, user, kernel);
            if (next.isEmpty()) {
                run.memory.write(to, new byte[(int) size]);
                return refusal(from, user);
            }
            text[i] = next.get()[0];
            if (text[i] == 0) {
                run.memory.write(to, Arrays.copyOf(text, i + 1));
                return i + 1;
            }
        }
        run.memory.write(to, text);
        return size;
    }

    /** A kernel read refuses an address that is no kernel address before it tries. */
    private static long refusal(long from, boolean user) {
        return user || from < 0 ? -Errno.EFAULT : -Errno.ERANGE;
    }

    long writeUser(long to, long from, long size) {
        byte[] bytes = run.memory.read(from, size);
        return to >= 0 && run.machine.scene.user.write(to, bytes) ? 0 : -Errno.EFAULT;
    }

    long path(long path, long to, long size) {
        run.memory.prepare(to, size);
        String text = run.machine.scene.paths.get(path);
        if (text == null) {
            return -Errno.EINVAL;
        }
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        if (bytes.length > size) {
            return -36;
        }
        run.memory.write(to, bytes);
        return bytes.length;
    }

    /** Maps, the stack and the context are kernel memory, too. */
    private Optional<byte[]> bytes(long from, int size, boolean user, boolean kernel) {
        if (size == 0) {
            return Optional.of(new byte[0]);
        }
        if (BpfMemory.isMachineAddress(from)) {
            return kernel ? Optional.of(run.memory.read(from, size)) : Optional.empty();
        }
        if (from < 0) {
            return kernel ? run.machine.scene.kernel.read(from, size) : Optional.empty();
        }
        return user ? run.machine.scene.user.read(from, size) : Optional.empty();
    }
}
