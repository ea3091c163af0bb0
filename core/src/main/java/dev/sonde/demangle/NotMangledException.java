package dev.sonde.demangle;

/** Thrown inside this package when a symbol is not a well-formed mangled name; it never leaves it. Without a stack trace, so it is cheap. */
final class NotMangledException extends RuntimeException {
    static final NotMangledException INSTANCE = new NotMangledException();

    private NotMangledException() {
        super("not a mangled name", null, false, false);
    }
}
