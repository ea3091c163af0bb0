package dev.sonde.compile;

import dev.sonde.builtins.Settings;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.types.Type;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A script whose every expression has a type.
 *
 * @param units one for each group of places of each probe, in the order of the script
 * @param maps the script's maps
 */
record TypedScript(List<Unit> units, MapFacts maps, Settings settings) {
    /** One probe body at one group of places. */
    record Unit(Script.Probe probe, ProbeGroup group, Scopes scopes, Facts facts) {}

    /** Types found in one unit. */
    static final class Facts {
        private final Map<Expression, Type> types = new IdentityHashMap<>();
        private final Map<Variable, Type> variables = new IdentityHashMap<>();
        private final Map<Variable, TypeEvidence> evidence = new IdentityHashMap<>();
        private final Set<Variable> fixed = Collections.newSetFromMap(new IdentityHashMap<>());

        /** The type of an expression; {@code Type.NONE} when it has none. */
        Type of(Expression expression) {
            return types.getOrDefault(expression, Type.NONE);
        }

        /** The type of a variable. */
        Type of(Variable variable) {
            return variables.getOrDefault(variable, Type.NONE);
        }

        void set(Expression expression, Type type) {
            types.put(expression, type);
        }

        /** Widens a variable to hold what {@code more} tells of too, unless its type is declared; false when the types do not go together. */
        boolean widen(Variable variable, TypeEvidence more) {
            if (fixed.contains(variable)) {
                return holds(of(variable), more.type());
            }
            TypeEvidence both = evidence(variable).and(more);
            if (both != null) {
                evidence.put(variable, both);
                variables.put(variable, both.type());
            }
            return both != null;
        }

        /** What is known of a variable's type. */
        TypeEvidence evidence(Variable variable) {
            return evidence.getOrDefault(variable, TypeEvidence.NONE);
        }

        void fix(Variable variable, Type type) {
            variables.put(variable, type);
            fixed.add(variable);
        }

        boolean isFixed(Variable variable) {
            return fixed.contains(variable);
        }

        /** Whether a variable of a declared type can be assigned a value: integers are cut. */
        private static boolean holds(Type declared, Type type) {
            boolean bool = declared instanceof Type.Bool || type instanceof Type.Bool;
            return bool ? declared.equals(type) : declared.isInteger() && type.isInteger() || declared.equals(Unify.types(declared, type));
        }
    }
}
