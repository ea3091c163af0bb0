package dev.sonde.compile;

import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import java.util.ArrayList;
import java.util.List;

/** Where a value may come from: what is assigned to the variable of one unit, or to the map, that an expression reads. */
final class Origins {
    private final TypedScript.Unit unit;
    private final MapFacts maps;

    Origins(TypedScript.Unit unit, MapFacts maps) {
        this.unit = unit;
        this.maps = maps;
    }

    /** The values that {@code expression} may stand for; itself when it reads no variable and no map. */
    List<Expression> of(Expression expression) {
        if (expression instanceof Expression.Variable use && unit.scopes().of(use).isPresent()) {
            return assigned(unit.scopes().of(use).get());
        }
        if (expression instanceof Expression.MapReference m) {
            return List.copyOf(maps.of(m.name(), m.span()).origins);
        }
        if (expression instanceof Expression.MapAccess m) {
            return List.copyOf(maps.of(m.map().name(), m.span()).origins);
        }
        return List.of(expression);
    }

    private List<Expression> assigned(Variable variable) {
        List<Expression> values = new ArrayList<>();
        gather(unit.probe().body(), variable, values);
        return values;
    }

    private void gather(Script.Block block, Variable variable, List<Expression> values) {
        for (Statement statement : block.statements()) {
            if (statement instanceof Statement.Assign a && unit.scopes().of(a.target()).orElse(null) == variable) {
                values.add(a.value());
            } else if (statement instanceof Statement.Let l && l.value().isPresent() && unit.scopes().of(l).orElse(null) == variable) {
                values.add(l.value().get());
            }
            gather(Children.of(statement), variable, values);
        }
        block.result().ifPresent(result -> gather(Children.of(result), variable, values));
    }

    private void gather(List<Object> parts, Variable variable, List<Expression> values) {
        for (Object part : parts) {
            switch (part) {
                case Script.Block block -> gather(block, variable, values);
                case Expression expression -> gather(Children.of(expression), variable, values);
                default -> throw new IllegalStateException(part.toString());
            }
        }
    }
}
