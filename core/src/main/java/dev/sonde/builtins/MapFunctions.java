package dev.sonde.builtins;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.syntax.Expression;
import dev.sonde.target.Feature;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;
import java.util.Optional;

/** Builtins that act on maps. */
final class MapFunctions {
    static final List<String> NAMES = List.of("delete", "has_key", "find", "clear", "zero", "len");

    private MapFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "delete" -> delete();
            case "has_key" -> hasKey();
            case "find" -> find();
            case "clear" -> whole("clear", "Removes all entries of a map.");
            case "zero" -> whole("zero", "Makes all values of a map zero; its keys stay.");
            case "len" -> len();
            default -> null;
        };
    }

    private static Builtin delete() {
        return Entry.function("delete", "delete(@map, key)", "delete(@map[key])", "delete(@map)")
                .doc("Removes one entry; says whether there was one.").example("begin { @a[1] = 5; delete(@a, 1); exit() }")
                        .traits(Builtin.Trait.EFFECT)
                .check(c -> c.matches(1, 2) ? checkEntry(c, false) : Type.NONE)
                .lower(l -> new Value.Scalar(Type.BOOL, l.deleteEntry(0)));
    }

    private static Builtin hasKey() {
        return Entry.function("has_key", "has_key(@map, key)").doc("Whether the map has an entry of that key.")
                .example("begin { @a[1] = 5; printf(\"%d\\n\", has_key(@a, 1)); exit() }")
                .check(c -> c.matches(1, 2) ? checkEntry(c, true) : Type.NONE)
                .lower(l -> new Value.Scalar(Type.BOOL, l.hasEntry(0)));
    }

    private static Type checkEntry(Checking call, boolean needsKey) {
        Optional<Checking.MapUse> map = call.map(0);
        if (map.isEmpty()) {
            return noMap(call);
        }
        boolean key = map.get().keyed() || call.count() == 2;
        if (needsKey && !key || map.get().keyed() && call.count() == 2) {
            call.mismatch();
            return Type.NONE;
        }
        if (!key && map.get().key() != Type.NONE) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "call to " + call.name()
                    + "() with a single argument expects a map without explicit keys (scalar map)", "clear() removes all entries.");
        }
        if (call.count() == 2) {
            call.mapKeyType(0, call.type(1), call.span(1));
        }
        return Type.BOOL;
    }

    private static Type noMap(Checking call) {
        return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "Call to " + call.name() + "() has arguments that do not match any definition.",
                call.name() + "() expects a map as its first argument.");
    }

    private static Builtin find() {
        return Entry.function("find", "find(@map, key, $variable)")
                .doc("Whether the map has an entry of that key, whose value is then assigned to the variable.")
                .example("begin { @a[1] = 5; if (find(@a, 1, $v)) { print($v) } exit() }").traits(Builtin.Trait.EFFECT, Builtin.Trait.ASSIGNS)
                .check(MapFunctions::checkFind).lower(l -> new Value.Scalar(Type.BOOL, l.findEntry(0, 2)));
    }

    private static Type checkFind(Checking call) {
        if (!call.matches(3, 3)) {
            return Type.NONE;
        }
        Optional<Checking.MapUse> map = call.map(0);
        if (map.isEmpty()) {
            return noMap(call);
        }
        if (map.get().keyed() || !(call.argument(2) instanceof Expression.Argument.Value(Expression.Variable _))) {
            call.mismatch();
            return Type.NONE;
        }
        call.mapKeyType(0, call.type(1), call.span(1));
        Type value = Values.read(map.get().value());
        if (value == Type.NONE && map.get().value() != Type.NONE) {
            return call.fail(call.span(0), DiagnosticCode.BAD_MAP_USE, "find() cannot read a value of type '" + TypeText.of(map.get().value()) + "'");
        }
        call.assign(2, value);
        return Type.BOOL;
    }

    private static Builtin whole(String name, String doc) {
        return Entry.function(name, name + "(@map)").doc(doc).example("begin { @a[1] = 5; " + name + "(@a); exit() }").traits(Builtin.Trait.ASYNC)
                .check(c -> c.arguments(1, 1) && (c.map(0).isEmpty() || c.map(0).get().keyed())
                        ? c.fail(c.span(0), DiagnosticCode.BAD_ARGUMENTS, name + "() expects a map argument") : Type.NONE)
                .lower(l -> {
                    int index = l.mapIndex(0);
                    l.send(List.of(), _ -> null, _ -> name.equals("clear") ? new Action.ClearMap(index) : new Action.ZeroMap(index));
                    return new Value.Nothing(Type.NONE);
                });
    }

    private static Builtin len() {
        return Entry.function("len", "len(@map)", "len(stack)").doc("How many entries a map has, or frames a stack.")
                .example("begin { @a[1] = 5; printf(\"%d\\n\", len(@a)); exit() }")
                .check(MapFunctions::checkLen).lower(MapFunctions::lowerLen);
    }

    private static Type checkLen(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        boolean map = call.map(0).isPresent() && !call.map(0).get().keyed();
        if (map && call.map(0).get().key() == Type.NONE && !(call.type(0) instanceof Type.Stack) && call.type(0) != Type.NONE) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "call to len() expects a map with explicit keys (non-scalar map)");
        }
        if (!map && !(call.type(0) instanceof Type.Stack) && call.type(0) != Type.NONE) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "call to len() expects a map, ustack, or kstack");
        }
        if (map && !(call.type(0) instanceof Type.Stack) && !call.target().has(Feature.FOR_EACH_MAP_ELEMENT)) {
            return call.fail(call.span(), DiagnosticCode.UNSUPPORTED_PROBE, "len() of a map needs " + Feature.FOR_EACH_MAP_ELEMENT.title()
                    + " (Linux " + Feature.FOR_EACH_MAP_ELEMENT.since() + ")", "Count in a map of its own: @n++ beside each new key.");
        }
        return Type.INT64;
    }

    private static Value lowerLen(Lowering call) {
        return call.map(0).isPresent() && !call.map(0).get().keyed() && call.map(0).get().key() != Type.NONE
                ? new Value.Scalar(Type.INT64, call.mapLength(0))
                : new Value.Scalar(Type.INT64, stackLength(call));
    }

    /** The first word of the stack's entry in the stack map. */
    private static Operand stackLength(Lowering call) {
        var ir = call.ir();
        Address stack = call.inMemory(call.value(0));
        Operand.Register entry = ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(call.internalMap(Lowering.Internal.STACKS)), ir.addressOf(stack));
        Operand.Register result = ir.constant(0);
        Operation.Label none = ir.label();
        ir.branch(Condition.EQ, entry, 0, none);
        ir.copy(result, ir.load(new Address.AtRegister(entry, 0), 8, false));
        ir.place(none);
        return result;
    }
}
