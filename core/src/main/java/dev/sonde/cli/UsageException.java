package dev.sonde.cli;

/** A command line that cannot be done. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean help;

    private UsageException(String message, boolean help) {
        super(message, null, false, false);
        this.help = help;
    }

    /** A mistake in a value: told in one line. */
    static UsageException of(String message) {
        return new UsageException(message, false);
    }

    /** A mistake in the options themselves: followed by the help text. */
    static UsageException withHelp(String message) {
        return new UsageException(message, true);
    }

    /** Whether the help text is printed after the message. */
    boolean wantsHelp() {
        return help;
    }
}
