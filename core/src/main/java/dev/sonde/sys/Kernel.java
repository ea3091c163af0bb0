package dev.sonde.sys;

/**
 * The kernel boundary: everything Sonde asks of the running kernel beyond plain files goes through here as a {@link Syscall} value.
 *
 * <p>{@link LinuxKernel} makes the calls for real. A fake is a lambda over the sealed calls; it answers as the kernel does, with a result or
 * a negated error number. Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface Kernel {
    /** Makes the call; returns its result (0 or more), or the negated error number ({@code -2} for ENOENT). */
    long invoke(Syscall call);

    /**
     * Makes the call and returns its result, 0 or more.
     *
     * @throws KernelException when the kernel refuses
     */
    default long call(Syscall call) {
        long result = invoke(call);
        if (result < 0) {
            throw new KernelException(call, (int) -result);
        }
        return result;
    }

    /** Whether the numbers of the system calls are known for a processor, as the property os.arch spells it. */
    static boolean isKnownOn(String processor) {
        // Not by Architecture, which cannot be loaded on another.
        return processor.equals("amd64") || processor.equals("aarch64");
    }
}
