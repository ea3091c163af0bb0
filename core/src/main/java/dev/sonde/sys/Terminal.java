package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What is known about a descriptor that may be a terminal; 0, 1 and 2 are the standard streams. */
public final class Terminal {
    /** Room for the kernel's struct termios of either machine. */
    private static final int TERMIOS_SIZE = 64;

    private Terminal() {
    }

    /** Whether {@code fd} is a terminal, as isatty(3) finds out. */
    public static boolean isTerminal(Kernel kernel, int fd) {
        MemorySegment termios = MemorySegment.ofArray(new byte[TERMIOS_SIZE]);
        return kernel.invoke(new Syscall.IoctlMemory(fd, Syscall.Request.TCGETS, termios)) >= 0;
    }

    /** The width of the terminal {@code fd} in characters; 0 if it is none or does not say. */
    public static int columns(Kernel kernel, int fd) {
        MemorySegment size = MemorySegment.ofArray(new byte[8]);
        boolean known = kernel.invoke(new Syscall.IoctlMemory(fd, Syscall.Request.TIOCGWINSZ, size)) >= 0;
        return known ? Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2)) : 0;
    }
}
