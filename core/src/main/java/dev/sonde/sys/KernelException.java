package dev.sonde.sys;

import java.util.Optional;

/**
 * The kernel refused a call. The message names the call and the error, as in
 * {@code bpf(BPF_MAP_CREATE): Operation not permitted (EPERM, 1)}; the verifier's log, where there is one, is kept apart.
 */
public final class KernelException extends RuntimeException {
    private final transient Syscall call;
    private final int number;
    private final String log;

    /** {@code number} is positive, as errno holds it. */
    public KernelException(Syscall call, int number) {
        this(call, number, "");
    }

    /** {@code log} is what the verifier or the BTF check wrote; empty for none. */
    public KernelException(Syscall call, int number, String log) {
        super(message(call, number));
        this.call = call;
        this.number = number;
        this.log = log;
    }

    /** The refused call; its text shows all arguments. */
    public Syscall call() {
        return call;
    }

    /** The error, {@link Errno#UNKNOWN} for a number without a name. */
    public Errno errno() {
        return Errno.of(number);
    }

    /** The positive error number. */
    public int number() {
        return number;
    }

    /** What the verifier (for BPF_PROG_LOAD) or the BTF check (for BPF_BTF_LOAD) said. */
    public Optional<String> verifierLog() {
        return log.isEmpty() ? Optional.empty() : Optional.of(log);
    }

    private static String message(Syscall call, int number) {
        Errno errno = Errno.of(number);
        String name = errno == Errno.UNKNOWN ? "" : errno.name() + ", ";
        return call.title() + ": " + errno.words() + " (" + name + number + ")";
    }
}
