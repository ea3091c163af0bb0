package dev.sonde.output;

/**
 * One frame of a stack, nearest first.
 *
 * @param address where the code was, as the kernel recorded it
 * @param name the function's name; empty when it is not known
 * @param offset bytes from the function's start
 * @param module the file or kernel module it is in; empty when not known, or for the kernel itself
 * @param buildId the file's build id in hexadecimal; empty when not known
 * @param fileOffset the address's offset in that file
 * @param source {@code file:line} of the address; empty when not known
 * @param inlined whether the function was inlined in the frame that follows
 */
public record Frame(long address, String name, long offset, String module, String buildId, long fileOffset, String source, boolean inlined) {
    /** A frame of which only the function is known. */
    public static Frame of(long address, String name, long offset) {
        return new Frame(address, name, offset, "", "", 0, "", false);
    }

    /** A frame of which nothing is known. */
    public static Frame unknown(long address) {
        return of(address, "", 0);
    }
}
