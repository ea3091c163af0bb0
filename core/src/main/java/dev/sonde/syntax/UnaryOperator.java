package dev.sonde.syntax;

/** Prefix operators. */
public enum UnaryOperator {
    NEGATE("-"), COMPLEMENT("~"), NOT("!"), DEREFERENCE("*"), ADDRESS_OF("&"), PLUS("+");

    private final String text;

    UnaryOperator(String text) {
        this.text = text;
    }

    /** As it is written. */
    public String text() {
        return text;
    }
}
