package dev.sonde.demangle;

/**
 * Where a tree is printed, with the state that printing needs: the templates in scope, the element of the pack being expanded, and bounds.
 * Substitutions let a short name stand for a text of exponential length; such a name throws {@link NotMangledException}.
 */
final class Printer {
    private static final int MAX_LENGTH = 1 << 18;
    private static final int MAX_STEPS = 1 << 20;
    private static final int MAX_DEPTH = 512;

    /** The templates whose parameters can be named, innermost first. */
    record Scope(Scope outer, Name.Template template) {
    }

    private final StringBuilder text;
    private int depth;
    private int steps;
    private int shortenedTo = -1;

    /** Innermost template scope, or null. */
    Scope scope;
    /** The template being printed: a conversion operator in its name uses its parameters. */
    Name.Template template;
    /** Element of an argument pack that a parameter stands for; negative means all of them. */
    int packIndex;
    /** The closure whose signature is being printed: its parameters are its own, shown as {@code auto:1}. */
    Name.Lambda lambda;
    /** The const and volatile already promised by enclosing types: a bit a qualifier. */
    int qualifiers;

    Printer(int capacity) {
        text = new StringBuilder(capacity);
    }

    void append(String s) {
        text.append(s);
        if (text.length() > MAX_LENGTH) {
            throw NotMangledException.INSTANCE;
        }
    }

    void append(char c) {
        text.append(c);
    }

    void append(int number) {
        text.append(number);
    }

    /** The last character. After an empty pack it is a space: the one of the comma taken back. */
    char last() {
        return text.isEmpty() ? '\0' : text.length() == shortenedTo ? ' ' : text.charAt(text.length() - 1);
    }

    String text() {
        return text.toString();
    }

    /** All of a part, as one that declares nothing. */
    void print(Node node) {
        left(node);
        right(node);
    }

    void left(Node node) {
        int held = qualifiers;
        qualifiers = 0;
        leftUnder(held, node, 0);
    }

    /** The left half of a type whose const and volatile in {@code promised} are printed by the caller. */
    void leftQualified(Node node, int promised) {
        leftUnder(qualifiers, node, promised);
    }

    private void leftUnder(int held, Node node, int promised) {
        qualifiers = promised;
        enter();
        node.left(this);
        depth--;
        qualifiers = held;
    }

    void right(Node node) {
        enter();
        node.right(this);
        depth--;
    }

    Node.Inside inside(Node node) {
        enter();
        Node.Inside inside = node.inside(this);
        depth--;
        return inside;
    }

    boolean encloses(Node node) {
        enter();
        boolean encloses = node.encloses(this);
        depth--;
        return encloses;
    }

    Type.Pack pack(Node node) {
        enter();
        Type.Pack pack = node.pack(this);
        depth--;
        return pack;
    }

    private void enter() {
        if (++depth > MAX_DEPTH || ++steps > MAX_STEPS) {
            throw NotMangledException.INSTANCE;
        }
    }

    /** The parts separated by commas; parts at the end that print nothing, as empty packs, take their commas with them. */
    void list(Node[] nodes) {
        int end = text.length();
        for (int i = 0; i < nodes.length; i++) {
            append(i == 0 ? "" : ", ");
            int before = text.length();
            print(nodes[i]);
            if (text.length() != before) {
                end = text.length();
            }
        }
        if (end != text.length()) {
            text.setLength(end);
            shortenedTo = end;
        }
    }

    void arguments(Node[] arguments) {
        if (last() == '<') {
            append(' ');
        }
        append('<');
        list(arguments);
        append(last() == '>' ? " >" : ">");
    }

    /** An operand: in parentheses unless it is a plain name. */
    void operand(Node node) {
        if (node.isSimple()) {
            print(node);
        } else {
            parenthesised(node);
        }
    }

    void parenthesised(Node node) {
        append('(');
        print(node);
        append(')');
    }
}
