package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Builtins that make and compare strings and buffers. */
final class StringFunctions {
    static final List<String> NAMES = List.of("str", "buf", "strncmp", "strftime", "strlen");

    private StringFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "str" -> str();
            case "buf" -> buf();
            case "strncmp" -> strncmp();
            case "strftime" -> strftime();
            case "strlen" -> strlen();
            default -> null;
        };
    }

    private static Builtin str() {
        return Entry.function("str", "str(pointer [, length])", "str($1)")
                .doc("The NUL-terminated string at an address, cut to max_strlen or to length bytes; or the text of a script parameter.")
                .example("begin { printf(\"%s\\n\", str($1)); exit() }").traits(Builtin.Trait.TEXT)
                .check(StringFunctions::checkStr).lower(StringFunctions::lowerStr);
    }

    private static Type checkStr(Checking call) {
        if (!call.arguments(1, 2)) {
            return Type.NONE;
        }
        if (parameter(call)) {
            return new Type.Text(call.text(0).orElse("").getBytes(StandardCharsets.UTF_8).length + 1);
        }
        Type type = call.type(0);
        int most = call.settings().maxStringLength();
        if (type instanceof Type.Text text) {
            return text;
        }
        if (type != Type.NONE && !type.isInteger() && !(type instanceof Type.Pointer) && !(type instanceof Type.Array)) {
            return call.fail(call.span(0), DiagnosticCode.BAD_ARGUMENTS, "str() expects an integer or a pointer type as first argument (" + TypeText.of(type)
                    + " provided)");
        }
        if (call.count() == 2 && call.constant(1).isPresent()) {
            long length = call.constant(1).getAsLong();
            if (length < 0) {
                return call.fail(call.span(1), DiagnosticCode.OUT_OF_RANGE, "str cannot use negative length (" + length + ")");
            }
            return new Type.Text((int) Math.min(most, length + 1));
        }
        return type == Type.NONE ? Type.NONE : new Type.Text(most);
    }

    private static boolean parameter(Checking call) {
        return call.argument(0) instanceof dev.sonde.syntax.Expression.Argument.Value(dev.sonde.syntax.Expression.Positional _);
    }

    private static Value lowerStr(Lowering call) {
        if (parameter(call)) {
            return new Value.Literal(call.type(), call.text(0).orElse("").getBytes(StandardCharsets.UTF_8));
        }
        if (call.type(0) instanceof Type.Text) {
            return call.value(0);
        }
        int capacity = ((Type.Text) call.type()).capacity();
        Address to = call.destination();
        Value source = call.value(0);
        Operand address = source instanceof Value.Remote(_, Operand at, _) ? at : call.scalar(source);
        if (call.padded()) {
            call.zero(to, capacity);
        } else {
            call.ir().store(to, 1, Operand.of(0));
        }
        call.readString(to, size(call, capacity), address, space(call, source));
        return new Value.InMemory(call.type(), to);
    }

    /** How many bytes to read: the capacity, or a length that is only known at run time and one more, if that is less. */
    private static Operand size(Lowering call, int capacity) {
        if (call.count() < 2 || call.constant(1).isPresent()) {
            return Operand.of(capacity);
        }
        var ir = call.ir();
        Operand.Register size = ir.register();
        Operation.Label fits = ir.label();
        ir.copy(size, ir.alu(AluOperation.ADD, call.scalar(1), 1));
        ir.branch(Condition.LE, size, capacity, fits);
        ir.copy(size, Operand.of(capacity));
        ir.place(fits);
        return size;
    }

    private static AddressSpace space(Lowering call, Value source) {
        return switch (source) {
            case Value.Remote(_, _, AddressSpace space) -> space;
            case Value.InMemory _, Value.Scalar _, Value.Literal _, Value.Nothing _ ->
                    call.type(0) instanceof Type.Pointer(_, AddressSpace of) ? of : call.context().space();
        };
    }

    private static Builtin buf() {
        return Entry.function("buf", "buf(pointer [, length])").doc("The bytes at an address, for %r and for printing: length of them, or an array's whole.")
                .example("begin { printf(\"%r\\n\", buf(\"ab\", 2)); exit() }").check(StringFunctions::checkBuf).lower(StringFunctions::lowerBuf);
    }

    private static Type checkBuf(Checking call) {
        if (!call.arguments(1, 2) || call.type(0) == Type.NONE) {
            return Type.NONE;
        }
        Type type = call.type(0);
        int most = call.settings().maxStringLength();
        if (call.count() == 1) {
            return type instanceof Type.Array || type instanceof Type.Text || type instanceof Type.Struct
                    ? new Type.Buffer(Math.min(most, type.size()))
                    : call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "buf() expects a length argument for a value of type " + TypeText.of(type));
        }
        return new Type.Buffer(call.constant(1).isPresent() ? Math.clamp(call.constant(1).getAsLong(), 0, most) : most);
    }

    private static Value lowerBuf(Lowering call) {
        int capacity = ((Type.Buffer) call.type()).capacity();
        var ir = call.ir();
        Value source = call.value(0);
        Address to = call.destination();
        if (call.padded()) {
            call.zero(to, 4 + capacity);
        }
        Operand length = call.count() == 2 ? call.scalar(1) : Operand.of(capacity);
        Operand.Register size = ir.register();
        Operation.Label fits = ir.label();
        ir.copy(size, length);
        ir.branch(Condition.LE, size, capacity, fits);
        ir.copy(size, Operand.of(capacity));
        ir.place(fits);
        ir.store(to, 4, size);
        boolean own = source instanceof Value.InMemory && !(source.type() instanceof Type.Pointer) || source instanceof Value.Literal;
        if (own) {
            call.copy(to.plus(4), call.inMemory(source), Math.min(capacity, source.type().size()));
            return new Value.InMemory(call.type(), to);
        }
        Operand from = source instanceof Value.Remote(Type type, Operand at, _) && !type.isScalar() ? at : call.scalar(source);
        boolean user = space(call, source) == AddressSpace.USER;
        ir.callFor(user ? dev.sonde.asm.BpfHelper.PROBE_READ_USER : dev.sonde.asm.BpfHelper.PROBE_READ_KERNEL, ir.addressOf(to.plus(4)), size, from);
        return new Value.InMemory(call.type(), to);
    }

    private static Builtin strncmp() {
        return Entry.function("strncmp", "strncmp(a, b, n)").doc("0 when the first n bytes of two strings are equal, else 1.")
                .example("begin { printf(\"%d\\n\", strncmp(\"abc\", \"abd\", 2)); exit() }").check(c -> {
                    if (!c.arguments(3, 3)) {
                        return Type.NONE;
                    }
                    if (c.constant(2).isEmpty() || c.constant(2).getAsLong() < 0) {
                        return c.fail(c.span(2), DiagnosticCode.NOT_CONSTANT, "Builtin strncmp requires a non-negative literal as its length");
                    }
                    return Type.UINT64;
                }).lower(StringFunctions::lowerStrncmp);
    }

    private static Value lowerStrncmp(Lowering call) {
        var ir = call.ir();
        Address a = call.inMemory(call.value(0));
        Address b = call.inMemory(call.value(1));
        int limit = (int) Math.min(call.constant(2).orElse(0), Math.min(call.type(0).size(), call.type(1).size()));
        Operand.Register result = ir.constant(1);
        Operation.Label differ = ir.label();
        call.compareStrings(a, b, limit, differ);
        ir.copy(result, Operand.of(0));
        ir.place(differ);
        return new Value.Scalar(Type.UINT64, result);
    }

    private static Builtin strlen() {
        return Entry.function("strlen", "strlen(string)").doc("How many bytes a string has before its NUL.")
                .example("begin { printf(\"%d\\n\", strlen(\"abc\")); exit() }")
                .check(c -> c.arguments(1, 1) ? Type.INT64 : Type.NONE).lower(StringFunctions::lowerStrlen);
    }

    private static Value lowerStrlen(Lowering call) {
        var ir = call.ir();
        Value value = call.value(0);
        if (value instanceof Value.Literal(_, byte[] bytes)) {
            return Value.constant(Type.INT64, bytes.length);
        }
        Value text = value;
        if (!(value.type() instanceof Type.Text)) {
            int most = call.settings().maxStringLength();
            Address to = call.temporary(most);
            call.zero(to, most);
            call.readString(to, Operand.of(most), call.scalar(value), space(call, value));
            text = new Value.InMemory(new Type.Text(most), to);
        }
        Operand.Register start = ir.addressOf(call.inMemory(text));
        Operand.Register length = ir.constant(0);
        Operation.Label next = ir.label();
        Operation.Label end = ir.label();
        ir.place(next);
        ir.branch(Condition.GE, length, text.type().size(), end);
        ir.branch(Condition.EQ, ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, start, length), 0), 1, false), 0, end);
        ir.copy(length, ir.alu(AluOperation.ADD, length, 1));
        ir.jump(next);
        ir.place(end);
        return new Value.Scalar(Type.INT64, length);
    }

    private static Builtin strftime() {
        return Entry.function("strftime", "strftime(\"FORMAT\", nsecs)").doc("Nanoseconds of a clock shown as a date and time; %f gives microseconds.")
                .example("begin { printf(\"%s\\n\", strftime(\"%H:%M:%S\", nsecs)); exit() }").check(c -> {
                    if (!c.arguments(2, 2)) {
                        return Type.NONE;
                    }
                    return c.text(0).isEmpty()
                            ? c.fail(c.span(0), DiagnosticCode.NOT_CONSTANT, "strftime() requires a string literal as its first argument")
                            : new Type.Timestamp(c.text(0).get(), clock(c));
                }).lower(l -> new Value.Scalar(l.type(), l.scalar(1)));
    }

    /** The clock that the second argument was read from. */
    private static Clock clock(Checking call) {
        String text = call.span(1).text();
        if (text.contains("monotonic")) {
            return Clock.MONOTONIC;
        }
        return text.contains("tai") ? Clock.TAI : Clock.BOOTTIME;
    }
}
