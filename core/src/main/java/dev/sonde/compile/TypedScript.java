package dev.sonde.compile;

import dev.sonde.builtins.Settings;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.types.Type;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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

        /** Widens a variable; false when the types do not go together. */
        boolean widen(Variable variable, Type type) {
            Type both = Unify.types(of(variable), type);
            if (both != null) {
                variables.put(variable, both);
            }
            return both != null;
        }

        void fix(Variable variable, Type type) {
            variables.put(variable, type);
        }
    }
}
