package dev.sonde.symbols;

/** One frame of a stack: what is known about the code at an address. Offsets are bytes. */
public sealed interface Frame {
    /** Where the code was, as it was asked for. */
    long address();

    /** The function's name; empty when it is not known. */
    default String name() {
        return "";
    }

    /** From the function's start to the address; 0 for an inlined function, whose start is not one place. */
    default long offset() {
        return 0;
    }

    /** The file that the address is in. */
    default Location location() {
        return Location.NONE;
    }

    /** {@code file:line} of the instruction, or of the call for a caller; empty when it is not known. */
    default String source() {
        return "";
    }

    /**
     * A place in a mapped file.
     *
     * @param module path of the file as its process names it, {@code [vdso]} and the like, or {@code [module]} of the kernel; empty when not known
     * @param buildId the file's build id in hexadecimal; empty when it has none
     * @param fileOffset offset of the address in the file
     */
    record Location(String module, String buildId, long fileOffset) {
        /** No file. */
        public static final Location NONE = new Location("", "", 0);
    }

    /** A function of a program or shared object, from its symbols. */
    record Native(long address, String name, long offset, Location location) implements Frame {}

    /** A function that was inlined into the one of the next frame. */
    record Inlined(long address, String name, Location location, String source) implements Frame {}

    /** A Go function, from the program's function table. */
    record Go(long address, String name, long offset, Location location, String source) implements Frame {}

    /** A function that was compiled at run time and listed in {@code /tmp/perf-PID.map}, which is the location's module. */
    record Jit(long address, String name, long offset, Location location) implements Frame {}

    /** A function of the kernel; the module is empty for the kernel's own. */
    record Kernel(long address, String name, long offset, Location location) implements Frame {}

    /** Code without a name; the location may still be known. */
    record Unknown(long address, Location location) implements Frame {}
}
