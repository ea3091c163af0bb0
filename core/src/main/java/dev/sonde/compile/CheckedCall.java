package dev.sonde.compile;

import dev.sonde.builtins.Checking;
import dev.sonde.builtins.Settings;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One use of a builtin as its check sees it. */
class CheckedCall implements Checking {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeExpressions expressions;
    private final Expression use;
    private final List<Expression.Argument> arguments;
    private final BitSet wholeMaps = new BitSet();

    CheckedCall(Environment environment, TypedScript.Unit unit, MapFacts maps, TypeExpressions expressions, Expression use) {
        this.environment = environment;
        this.unit = unit;
        this.maps = maps;
        this.expressions = expressions;
        this.use = use;
        this.arguments = use instanceof Expression.Call call ? call.arguments() : List.of();
    }

    @Override
    public String name() {
        if (use instanceof Expression.Call call) {
            return call.name();
        }
        if (use instanceof Expression.Identifier identifier) {
            return identifier.name();
        }
        throw new IllegalStateException(use.toString());
    }

    @Override
    public Span span() {
        return use.span();
    }

    @Override
    public boolean called() {
        return use instanceof Expression.Call;
    }

    @Override
    public int count() {
        return arguments.size();
    }

    @Override
    public Expression.Argument argument(int index) {
        return arguments.get(index);
    }

    @Override
    public Type type(int index) {
        return argument(index) instanceof Expression.Argument.Value(Expression value) ? unit.facts().of(value) : Type.NONE;
    }

    @Override
    public OptionalLong constant(int index) {
        return argument(index) instanceof Expression.Argument.Value(Expression value) ? expressions.constant(value) : OptionalLong.empty();
    }

    @Override
    public Optional<String> text(int index) {
        return index < count() && argument(index) instanceof Expression.Argument.Value(Expression value)
                ? expressions.text(value) : Optional.empty();
    }

    @Override
    public Optional<String> option(String name) {
        return Optional.ofNullable(environment.parameters().named().get(name));
    }

    @Override
    public List<Expression> origins(int index) {
        return argument(index) instanceof Expression.Argument.Value(Expression value) ? new Origins(unit, maps).of(value) : List.of();
    }

    @Override
    public void assign(int index, Type type) {
        if (argument(index) instanceof Expression.Argument.Value(Expression.Variable variable)) {
            expressions.assign(variable, type);
        }
    }

    @Override
    public Optional<String> parameter(int index) {
        return environment.parameters().text(index);
    }

    @Override
    public Optional<MapUse> map(int index) {
        if (!(argument(index) instanceof Expression.Argument.Value(Expression value))) {
            return Optional.empty();
        }
        if (value instanceof Expression.MapReference m) {
            wholeMaps.set(index);
            return Optional.of(use(m, false));
        }
        return value instanceof Expression.MapAccess m ? Optional.of(use(m.map(), true)) : Optional.empty();
    }

    /** Whether the check asked for the map that argument {@code index} names, so that not its value is meant. */
    boolean takesMap(int index) {
        return wholeMaps.get(index);
    }

    private MapUse use(Expression.MapReference reference, boolean keyed) {
        MapFacts.MapFact map = maps.of(reference.name(), reference.span());
        return new MapUse(map.name, map.key, map.value, keyed);
    }

    @Override
    public void mapKeyType(int index, Type type, Span span) {
        if (type == Type.NONE || !(argument(index) instanceof Expression.Argument.Value(Expression.MapReference reference))) {
            return;
        }
        MapFacts.MapFact map = maps.of(reference.name(), reference.span());
        if (map.unkeyed) {
            report(span(), DiagnosticCode.BAD_MAP_USE, "call to " + name() + "() with a key expects a map with explicit keys (non-scalar map)");
            return;
        }
        map.keyed = true;
        boolean value = index + 1 < count() && argument(index + 1) instanceof Expression.Argument.Value;
        if (!maps.key(map, value ? expressions.evidence().of(((Expression.Argument.Value) argument(index + 1)).expression(), type)
                : TypeEvidence.of(type))) {
            report(span, DiagnosticCode.TYPE_MISMATCH, "Argument mismatch for " + map.text() + ": trying to access with arguments: '"
                    + TypeText.of(type) + "' when map expects arguments: '" + TypeText.of(map.keyAsWritten) + "'");
        }
    }

    @Override
    public boolean inLoop() {
        return expressions.inLoop();
    }

    @Override
    public ProbeGroup probe() {
        return unit.group();
    }

    @Override
    public Target target() {
        return environment.target();
    }

    @Override
    public KernelTypes kernelTypes() {
        return environment.types().kernel();
    }

    @Override
    public Settings settings() {
        return environment.settings();
    }

    @Override
    public Type typeArgument(int index) {
        return expressions.written().typeOf(argument(index));
    }

    @Override
    public void report(Span span, DiagnosticCode code, String message, String... hints) {
        expressions.report(span, code, message, hints);
    }
}
