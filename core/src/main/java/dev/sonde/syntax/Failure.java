package dev.sonde.syntax;

/** Leaves a construct whose error was reported; caught where the parser recovers. It carries nothing and costs nothing to throw. */
@SuppressWarnings("serial")
final class Failure extends RuntimeException {
    static final Failure INSTANCE = new Failure();

    private Failure() {
        super(null, null, false, false);
    }
}
