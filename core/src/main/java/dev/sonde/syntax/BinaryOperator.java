package dev.sonde.syntax;

/** Binary operators; a higher {@code precedence} binds tighter. */
public enum BinaryOperator {
    LOGICAL_OR("||", 1), LOGICAL_AND("&&", 2), OR("|", 3), XOR("^", 4), AND("&", 5),
    EQ("==", 6), NE("!=", 6), LT("<", 7), GT(">", 7), LE("<=", 7), GE(">=", 7),
    SHL("<<", 8), SHR(">>", 8), ADD("+", 9), SUB("-", 9), MUL("*", 10), DIV("/", 10), MOD("%", 10);

    private final String text;
    private final int precedence;

    BinaryOperator(String text, int precedence) {
        this.text = text;
        this.precedence = precedence;
    }

    /** As it is written. */
    public String text() {
        return text;
    }

    /** From 1 (loosest) to 10. */
    public int precedence() {
        return precedence;
    }

    /** Whether it gives a truth value from an order or equality of its operands. */
    public boolean isComparison() {
        return precedence == 6 || precedence == 7;
    }

    /** Whether it is {@code &&} or {@code ||}. */
    public boolean isLogical() {
        return this == LOGICAL_OR || this == LOGICAL_AND;
    }
}
