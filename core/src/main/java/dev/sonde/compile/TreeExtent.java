package dev.sonde.compile;

import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import java.util.List;

/** Measures what macros and functions were replaced by: a few lines that each use the one before twice make more than any pass can go through. */
final class TreeExtent {
    /** The most uses of macros, and calls of functions, in a script. */
    static final int MOST_USES = 4096;

    private static final int MOST_NODES = 100_000;
    private static final int DEEPEST = 1000;

    private int nodes;

    private TreeExtent() {}

    /** Whether {@code expression} is small and shallow enough for every pass. */
    static boolean fits(Expression expression) {
        return new TreeExtent().fits(expression, 0);
    }

    private boolean fits(Object part, int depth) {
        if (++nodes > MOST_NODES || depth > DEEPEST) {
            return false;
        }
        return switch (part) {
            case Expression expression -> fits(Children.of(expression), depth);
            case Script.Block block -> fits(block, depth);
            default -> throw new IllegalStateException(part.toString());
        };
    }

    private boolean fits(Script.Block block, int depth) {
        for (Statement statement : block.statements()) {
            if (!fits(Children.of(statement), depth)) {
                return false;
            }
        }
        return block.result().isEmpty() || fits(block.result().get(), depth + 1);
    }

    private boolean fits(List<Object> parts, int depth) {
        for (Object part : parts) {
            if (!fits(part, depth + 1)) {
                return false;
            }
        }
        return true;
    }
}
