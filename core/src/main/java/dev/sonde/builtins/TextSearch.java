package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.target.Feature;
import dev.sonde.types.Type;
import java.util.List;
import java.util.OptionalLong;

/** Builtins that look into strings, and that compare and join them. */
final class TextSearch {
    static final List<String> NAMES = List.of("strlen", "strcap", "strcontains", "strstr", "str_concat", "memcmp", "default_str_length");
    /** What strstr() gives when it finds nothing: -ENOENT. */
    private static final int NOT_FOUND = -2;
    private TextSearch() {}

    static Builtin of(String name) {
        return switch (name) {
            case "strlen" -> Entry.function(name, "strlen(string)").doc("How many bytes a string has before its NUL.")
                    .example("begin { printf(\"%d\\n\", strlen(\"abc\")); exit() }")
                    .check(c -> c.matches(1, 1) && stringLike(c, 0) ? Type.UINT64 : Type.NONE)
                    .lower(l -> new Value.Scalar(l.type(), Texts.length(l, Texts.read(l, 0))));
            case "strcap" -> Entry.function(name, "strcap(string)")
                    .doc("How many bytes a string or array can hold with its NUL; of a pointer, how many its string has.")
                    .example("begin { printf(\"%d\\n\", strcap(comm)); exit() }")
                    .check(c -> c.matches(1, 1) && stringLike(c, 0) ? Type.UINT64 : Type.NONE).constant(TextSearch::capacity)
                    .lower(l -> new Value.Scalar(l.type(), Texts.length(l, Texts.read(l, 0))));
            case "strcontains" -> Entry.function(name, "strcontains(haystack, needle)").doc("Whether one string is part of another.")
                    .example("begin { printf(\"%d\\n\", strcontains(comm, \"a\")); exit() }").check(c -> checkSearch(c, Type.BOOL))
                    .lower(l -> new Value.Scalar(Type.BOOL, found(l, search(l))));
            case "strstr" -> Entry.function(name, "strstr(haystack, needle)")
                    .doc("Where one string is part of another first, in bytes from its start; -2 when it is not.")
                    .example("begin { printf(\"%d\\n\", strstr(\"abcd\", \"cd\")); exit() }").check(c -> checkSearch(c, Type.INT32))
                    .lower(l -> new Value.Scalar(l.type(), search(l)));
            case "str_concat" -> Entry.function(name, "str_concat(a, b)").doc("One string after the other.")
                    .example("begin { printf(\"%s\\n\", str_concat(comm, \"!\")); exit() }").check(TextSearch::checkConcat)
                            .lower(TextSearch::concatenate);
            case "memcmp" -> memcmp();
            case "default_str_length" -> Entry.value(name, "default_str_length").doc("How many bytes str() reads at most: max_strlen of the config.")
                    .example("begin { printf(\"%d\\n\", default_str_length); exit() }").check(c -> c.matches(0, 0) ? Type.INT64 : Type.NONE)
                    .folds(c -> OptionalLong.of(c.settings().maxStringLength()));
            default -> null;
        };
    }

    /** Whether argument {@code index} can be read as a string; one of unknown type can. */
    static boolean stringLike(Checking call, int index) {
        Type type = call.type(index);
        if (type == Type.NONE || Values.isStringLike(type)) {
            return true;
        }
        String what = type instanceof Type.Array ? "string-like arrays must contain a char-like type"
                : type instanceof Type.Pointer ? "string-like pointers must point to a char-like type"
                : "string-like values must be either strings, arrays or pointers";
        call.report(call.span(), DiagnosticCode.BAD_ARGUMENTS, what, "str() reads a string at an address.");
        return false;
    }

    private static OptionalLong capacity(Checking call) {
        return call.type(0) instanceof Type.Text || call.type(0) instanceof Type.Array ? OptionalLong.of(call.type(0).size()) : OptionalLong.empty();
    }

    private static Type checkSearch(Checking call, Type result) {
        if (!call.matches(2, 2) || !stringLike(call, 0) || !stringLike(call, 1)) {
            return Type.NONE;
        }
        if (call.type(0) != Type.NONE && call.type(1) != Type.NONE && !Counters.possible(call, steps(call))) {
            return call.fail(call.span(), DiagnosticCode.TOO_LARGE, call.name() + "() of strings this long needs " + Feature.MAY_GOTO.title()
                    + " (Linux "
                    + Feature.MAY_GOTO.since() + ")", "Limit them: str(pointer, 64).");
        }
        return result;
    }

    private static long steps(Checking call) {
        return (long) Texts.capacity(call, 0) * Texts.capacity(call, 1);
    }

    /** Compares the needle with the haystack at one place after the other; the place, or {@code NOT_FOUND}. */
    private static Operand.Register search(Lowering call) {
        IrBuilder ir = call.ir();
        Value haystack = Texts.read(call, 0);
        Value needle = Texts.read(call, 1);
        Operand.Register hay = ir.addressOf(call.inMemory(haystack));
        Operand.Register pin = ir.addressOf(call.inMemory(needle));
        Operand.Register result = ir.constant(NOT_FOUND);
        Counters counters = Counters.zero(call, 2, steps(call));
        Operand.Register place = counters.get(0);
        Operand.Register matched = counters.get(1);
        Operation.Label next = ir.label();
        Operation.Label differ = ir.label();
        Operation.Label found = ir.label();
        Operation.Label end = ir.label();
        counters.round(next, end);
        ir.branch(Condition.GE, matched, needle.type().size(), found);
        Operand.Register wanted = byteAt(ir, pin, matched);
        ir.branch(Condition.EQ, wanted, 0, found);
        Operand.Register at = ir.alu(AluOperation.ADD, place, matched);
        ir.branch(Condition.GE, at, haystack.type().size(), end);
        Operand.Register seen = byteAt(ir, hay, at);
        ir.branch(Condition.EQ, seen, 0, end);
        ir.branch(Condition.NE, seen, wanted, differ);
        counters.set(1, ir.alu(AluOperation.ADD, matched, 1));
        ir.jump(next);
        ir.place(differ);
        counters.set(0, ir.alu(AluOperation.ADD, place, 1));
        counters.set(1, Operand.of(0));
        ir.jump(next);
        ir.place(found);
        ir.copy(result, place);
        ir.place(end);
        return result;
    }

    private static Operand.Register byteAt(IrBuilder ir, Operand.Register base, Operand.Register offset) {
        return ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, base, offset), 0), 1, false);
    }

    private static Operand found(Lowering call, Operand.Register place) {
        IrBuilder ir = call.ir();
        Operand.Register found = ir.constant(1);
        Operation.Label yes = ir.label();
        ir.branch(Condition.NE, place, NOT_FOUND, yes);
        ir.copy(found, Operand.of(0));
        ir.place(yes);
        return found;
    }

    private static Type checkConcat(Checking call) {
        if (!call.matches(2, 2) || !stringLike(call, 0) || !stringLike(call, 1)) {
            return Type.NONE;
        }
        return call.type(0) == Type.NONE || call.type(1) == Type.NONE ? Type.NONE
                : new Type.Text(Texts.capacity(call, 0) + Texts.capacity(call, 1));
    }

    /** The second string is copied to where the first one ends; a helper does it, as it takes any place that is in bounds. */
    private static Value concatenate(Lowering call) {
        IrBuilder ir = call.ir();
        Value first = Texts.read(call, 0);
        Value second = Texts.read(call, 1);
        int start = Texts.capacity(call, 0);
        int more = Texts.capacity(call, 1);
        Address to = call.temporary(call.type().size());
        call.zero(to, call.type().size());
        call.store(to, new Type.Text(start), first);
        Operand.Register length = ir.inRegister(Texts.length(call, new Value.InMemory(new Type.Text(start), to)));
        Operand.Register place = ir.alu(AluOperation.ADD, ir.addressOf(to), length);
        ir.callFor(BpfHelper.PROBE_READ_KERNEL, place, Operand.of(more), ir.addressOf(call.inMemory(second)));
        return new Value.InMemory(call.type(), to);
    }

    private static Builtin memcmp() {
        return Entry.function("memcmp", "memcmp(a, b, n)")
                .doc("Compares the first n bytes of two values, or of what two pointers point to: 0 when they are equal, else the "
                        + "difference of the first bytes "
                        + "that are not.")
                .example("begin { printf(\"%d\\n\", memcmp(\"abc\", \"abd\", 3)); exit() }").check(TextSearch::checkCompare)
                        .lower(TextSearch::compare);
    }

    private static Type checkCompare(Checking call) {
        if (!call.matches(3, 3) || !call.integer(2)) {
            return Type.NONE;
        }
        OptionalLong count = call.constant(2);
        int most = Math.min(bytes(call, 0), bytes(call, 1));
        if (count.isPresent() && (count.getAsLong() < 0 || count.getAsLong() > most)) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "memcmp() of " + count.getAsLong() + " bytes: the values have " + most);
        }
        return Type.INT32;
    }

    /** How many bytes an argument has for comparing. */
    private static int bytes(Checking call, int index) {
        Type type = call.type(index);
        return type == Type.NONE || type instanceof Type.Pointer ? call.settings().maxStringLength() : type.size();
    }

    private static Value compare(Lowering call) {
        IrBuilder ir = call.ir();
        int most = (int) Math.min(call.constant(2).orElse(Long.MAX_VALUE), Math.min(bytes(call, 0), bytes(call, 1)));
        Operand.Register left = Texts.bytes(call, 0, most);
        Operand.Register right = Texts.bytes(call, 1, most);
        Operand.Register limit = Texts.limited(call, call.scalar(2), most);
        Operand.Register result = ir.constant(0);
        Counters counters = Counters.zero(call, 1, most);
        Operand.Register index = counters.get(0);
        Operation.Label next = ir.label();
        Operation.Label end = ir.label();
        counters.round(next, end);
        ir.branch(Condition.GE, index, most, end);
        ir.branch(Condition.GE, index, limit, end);
        Operand.Register a = ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, left, index), 0), 1, true);
        Operand.Register b = ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, right, index), 0), 1, true);
        Operand.Register difference = ir.alu(AluOperation.SUB, a, b);
        ir.copy(result, difference);
        ir.branch(Condition.NE, difference, 0, end);
        counters.set(0, ir.alu(AluOperation.ADD, index, 1));
        ir.jump(next);
        ir.place(end);
        return new Value.Scalar(call.type(), result);
    }
}
