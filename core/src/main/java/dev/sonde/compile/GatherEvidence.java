package dev.sonde.compile;

import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;

/** Finds what values tell of the type of what takes them: a literal that is not negative leaves the sign open. */
final class GatherEvidence {
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeExpressions expressions;

    GatherEvidence(TypedScript.Unit unit, MapFacts maps, TypeExpressions expressions) {
        this.unit = unit;
        this.maps = maps;
        this.expressions = expressions;
    }

    /** What {@code value}, of {@code type}, tells of what takes it. */
    TypeEvidence of(Expression value, Type type) {
        return switch (value) {
            case Expression.Tuple tuple when type instanceof Type.Tuple(List<Type> types) -> {
                List<TypeEvidence> elements = of(tuple.elements(), types);
                yield new TypeEvidence(new Type.Tuple(elements.stream().map(TypeEvidence::firm).toList()),
                        new Type.Tuple(elements.stream().map(TypeEvidence::literal).toList()));
            }
            case Expression.OfRecord of when type instanceof Type.Named(List<String> names, List<Type> types) -> {
                List<TypeEvidence> elements = of(of.values(), types);
                yield new TypeEvidence(new Type.Named(names, elements.stream().map(TypeEvidence::firm).toList()),
                        new Type.Named(names, elements.stream().map(TypeEvidence::literal).toList()));
            }
            case Expression.Ternary ternary when expressions.literalTruth(ternary.condition()).isPresent() -> {
                boolean first = expressions.literalTruth(ternary.condition()).getAsLong() != 0;
                Expression taken = first ? ternary.yes().orElse(ternary.condition()) : ternary.no();
                yield of(taken, unit.facts().of(taken));
            }
            case Expression.Ternary ternary when ternary.yes().isPresent() -> {
                TypeEvidence both = of(ternary.yes().get(), unit.facts().of(ternary.yes().get()))
                        .and(of(ternary.no(), unit.facts().of(ternary.no())));
                yield both == null ? TypeEvidence.of(type) : both;
            }
            case Expression.Variable v -> unit.scopes().of(v).filter(variable -> unit.facts().evidence(variable).isOpen()).isPresent()
                    ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
            case Expression.MapReference m -> maps.of(m.name(), m.span()).values.isOpen() ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
            case Expression.MapAccess m -> maps.of(m.map().name(), m.map().span()).values.isOpen()
                    ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
            default -> type instanceof Type.Int && type.isSigned() && expressions.isLiteral(value) && expressions.constant(value).orElse(-1) >= 0
                    ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
        };
    }

    /** Whether {@code value}, which is typed, goes with either sign: a literal that is not negative, or what holds only such. */
    boolean isOpen(Expression value) {
        return of(value, unit.facts().of(value)).isOpen();
    }

    private List<TypeEvidence> of(List<Expression> values, List<Type> types) {
        List<TypeEvidence> all = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            all.add(of(values.get(i), types.get(i)));
        }
        return all;
    }

    /** The same of the result of a block. */
    TypeEvidence of(Script.Block block, Type type) {
        return block.result().map(result -> of(result, type)).orElse(TypeEvidence.of(type));
    }

    /** What an assignment of a value of {@code type} tells of its target. */
    TypeEvidence of(Statement.Assign assign, Type type) {
        if (assign.operator().isEmpty()) {
            return of(assign.value(), type);
        }
        boolean literal = type.isInteger() && staysOpen(assign) && isOpen(assign.value());
        return literal ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
    }

    /** Whether nothing is known yet of the sign of what is assigned to, and the operator leaves it so. */
    boolean staysOpen(Statement.Assign assign) {
        return assign.operator().orElseThrow() != BinaryOperator.SUB && isOpen(assign.target());
    }
}
