package dev.sonde.testing;

/** A program did what the verifier forbids or what nothing in the machine answers. */
public final class MachineFailure extends RuntimeException {
    public MachineFailure(String message) {
        super(message);
    }
}
