package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.ArrayList;
import java.util.List;

/** Types the uses of maps: gathers the types of their keys and values, and tells uses that do not go together. */
final class TypeMaps {
    private final MapFacts maps;
    private final TypeExpressions expressions;

    TypeMaps(MapFacts maps, TypeExpressions expressions) {
        this.maps = maps;
        this.expressions = expressions;
    }

    /** Notes a use of a map, or of an entry when there are {@code keys}, at {@code span}. */
    MapFacts.MapFact use(Expression.MapReference reference, List<Expression> keys, Span span) {
        MapFacts.MapFact map = maps.of(reference.name(), reference.span());
        map.keyedFirst = map.keyedFirst == null ? Boolean.valueOf(!keys.isEmpty()) : map.keyedFirst;
        if (map.keyedFirst == keys.isEmpty()) {
            expressions.report(span, DiagnosticCode.BAD_MAP_USE, map.text() + (keys.isEmpty()
                    ? " used as a map without an explicit key (scalar map), previously used with an explicit key (non-scalar map)"
                    : " used as a map with an explicit key (non-scalar map), previously used without an explicit key (scalar map)"));
            return map;
        }
        if (keys.isEmpty()) {
            map.unkeyed = true;
            return map;
        }
        map.keyed = true;
        Type key = keyType(keys, span);
        if (key != Type.NONE && !maps.key(map, evidence(keys, key))) {
            expressions.report(span, DiagnosticCode.TYPE_MISMATCH, "Argument mismatch for " + map.text() + ": trying to access with arguments: '"
                    + TypeText.of(key) + "' when map expects arguments: '" + TypeText.of(map.keyAsWritten) + "'");
        }
        return map;
    }

    private TypeEvidence evidence(List<Expression> keys, Type key) {
        return expressions.evidence().of(keys.size() == 1 ? keys.getFirst() : new Expression.Tuple(keys.getFirst().span(), keys), key);
    }

    /** An entry whose value is read. */
    MapFacts.MapFact read(Expression.MapAccess access) {
        MapFacts.MapFact map = use(access.map(), access.keys(), access.span());
        map.read = true;
        return map;
    }

    private Type keyType(List<Expression> keys, Span span) {
        List<Type> types = new ArrayList<>();
        keys.forEach(key -> types.add(expressions.type(key)));
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) == Type.NONE) {
                if (keys.get(i) instanceof Expression.Call call && expressions.calls().typed(call)) {
                    expressions.report(span, DiagnosticCode.BAD_MAP_USE, "Value 'void' cannot be used as a map key.");
                }
                return Type.NONE;
            }
            if (types.get(i) instanceof Type.Aggregate(var aggregation)) {
                Type read = expressions.readType(aggregation);
                if (read == Type.NONE) {
                    expressions.report(span, DiagnosticCode.BAD_MAP_USE, "Value '" + TypeText.of(types.get(i)) + "' cannot be used as a map key.");
                    return Type.NONE;
                }
                types.set(i, read);
            }
        }
        Type key = types.size() == 1 ? types.getFirst() : new Type.Tuple(types);
        if (key.size() == 0) {
            expressions.report(span, DiagnosticCode.BAD_MAP_USE, "Value '" + TypeText.of(key) + "' has no bytes: it cannot be used as a map key.");
            return Type.NONE;
        }
        return key;
    }

    /** Notes an assignment to a map. */
    void assign(Expression.MapReference reference, List<Expression> keys, Type type, Statement.Assign assign) {
        MapFacts.MapFact map = use(reference, keys, assign.target().span());
        map.assigned = true;
        boolean call = assign.value() instanceof Expression.Call c
                && Builtins.find(c.name()).filter(b -> b.form() == Builtin.Form.AGGREGATION).isPresent();
        if (type instanceof Type.Aggregate && !call && assign.operator().isEmpty()) {
            expressions.report(assign.span(), DiagnosticCode.BAD_ASSIGNMENT,
                    "Map value '" + TypeText.of(type) + "' cannot be assigned from one map to another. "
                    + "The function that returns this type must be called directly e.g. `" + map.text() + " = " + function(type) + "();`.",
                    "A cast such as (int64) reads its value.");
            return;
        }
        if (type == Type.NONE) {
            if (assign.value() instanceof Expression.Call of && expressions.calls().typed(of)) {
                expressions.report(assign.span(), DiagnosticCode.BAD_ASSIGNMENT, "Value 'void' cannot be assigned to a map.");
            }
            return;
        }
        map.origins.add(assign.value());
        if (!maps.value(map, expressions.evidence().of(assign, type))) {
            if (type instanceof Type.Aggregate && TypeText.of(type).equals(TypeText.of(map.valueAsWritten))) {
                expressions.report(assign.value().span(), DiagnosticCode.BAD_MAP_USE,
                        "Different bounds of " + function(type) + "() in a single map are not supported");
                return;
            }
            expressions.report(call ? assign.value().span() : assign.span(), DiagnosticCode.TYPE_MISMATCH, "Type mismatch for " + map.text()
                    + ": trying to assign value of type '" + TypeText.of(type) + "' when map already has a type '"
                    + TypeText.of(map.valueAsWritten) + "'");
        }
    }

    /** The name of the function that makes an aggregation: its type's without {@code _t}. */
    private static String function(Type aggregate) {
        String text = TypeText.of(aggregate);
        return text.endsWith("_t") ? text.substring(0, text.length() - 2) : text;
    }

    /** Notes {@code ++} or {@code --}: a map that is not known before holds numbers. */
    Type increment(Expression.MapReference reference, List<Expression> keys, Span span) {
        MapFacts.MapFact map = use(reference, keys, span);
        map.assigned = true;
        if (map.value == Type.NONE) {
            maps.value(map, TypeEvidence.ofLiteral(Type.INT64));
        }
        return map.value;
    }
}
