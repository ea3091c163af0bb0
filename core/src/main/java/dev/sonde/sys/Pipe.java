package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pipe of this process. Both ends are closed when a program is started, and another process can open them through {@code /proc/PID/fd}.
 *
 * @param reading the end to read from
 * @param writing the end to write to; when the last of them is closed, as by the end of this process, readers come to the end of the file
 */
public record Pipe(Fd reading, Fd writing) implements AutoCloseable {
    private static final int O_CLOEXEC = 0x80000;

    /** Makes a pipe. */
    public static Pipe open(Kernel kernel) {
        MemorySegment ends = MemorySegment.ofArray(new int[2]);
        kernel.call(new Pipe2(ends, O_CLOEXEC));
        return new Pipe(new Fd(kernel, ends.get(ValueLayout.JAVA_INT, 0)), new Fd(kernel, ends.get(ValueLayout.JAVA_INT, 4)));
    }

    @Override
    public void close() {
        reading.close();
        writing.close();
    }

    /** pipe2(2); {@code ends} receives the descriptors of the reading and the writing end as two ints. */
    record Pipe2(MemorySegment ends, int flags) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.PIPE2;
        }

        @Override
        public void write(Arguments to) {
            to.pointer("pipefd", ends);
            to.value("flags", flags);
        }
    }
}
