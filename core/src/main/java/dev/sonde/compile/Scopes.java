package dev.sonde.compile;

import dev.sonde.syntax.Script;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which variable each name of one probe means, and where each is declared. Made by {@link ResolveVariables}. */
final class Scopes {
    private final Map<Object, Variable> uses = new IdentityHashMap<>();
    private final Map<Object, List<Variable>> declared = new IdentityHashMap<>();

    /** The variable that a Variable expression, a Let or a For statement stands for; empty for an unknown name. */
    Optional<Variable> of(Object node) {
        return Optional.ofNullable(uses.get(node));
    }

    /** The variables whose scope is {@code block}. */
    List<Variable> declaredIn(Script.Block block) {
        return declared.getOrDefault(block, List.of());
    }

    /** The variables that the body of a loop over a map uses from outside. */
    List<Variable> captured() {
        List<Variable> captured = new ArrayList<>();
        for (List<Variable> variables : declared.values()) {
            for (Variable variable : variables) {
                if (variable.captured() && !captured.contains(variable)) {
                    captured.add(variable);
                }
            }
        }
        // A comparator of Comparator's own would be made at run time: its lambdas cannot be in the AOT cache.
        captured.sort((a, b) -> a.name().compareTo(b.name()));
        return captured;
    }

    void use(Object node, Variable variable) {
        uses.put(node, variable);
    }

    void declare(Script.Block block, Variable variable) {
        declared.computeIfAbsent(block, _ -> new ArrayList<>()).add(variable);
    }

    /** The variables of a destructuring statement, in order. */
    List<Variable> destructured(Object node) {
        return declared.getOrDefault(node, List.of());
    }

    void destructure(Object node, List<Variable> variables) {
        declared.put(node, variables);
    }
}
