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
import dev.sonde.syntax.Expression;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Builtins that make strings and buffers, and strncmp(). */
final class StringFunctions {
    static final List<String> NAMES = List.of("str", "buf", "strncmp", "strftime");

    private StringFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "str" -> str();
            case "buf" -> buf();
            case "strncmp" -> strncmp();
            case "strftime" -> strftime();
            default -> null;
        };
    }

    private static Builtin str() {
        return Entry.function("str", "str(pointer [, length])", "str($1)")
                .doc("The NUL-terminated string at an address, cut to max_strlen bytes or, with its NUL, to length; or the text of a script "
                        + "parameter or number.")
                .example("begin { printf(\"%s\\n\", str($1)); exit() }").traits(Builtin.Trait.TEXT)
                .check(StringFunctions::checkStr).lower(StringFunctions::lowerStr);
    }

    private static Type checkStr(Checking call) {
        if (!call.arguments(1, 2) || !call.integer(1) || !length(call)) {
            return Type.NONE;
        }
        int most = call.settings().maxStringLength();
        OptionalLong length = call.count() == 2 ? call.constant(1) : OptionalLong.empty();
        Optional<String> known = known(call);
        if (known.isPresent()) {
            int bytes = known.get().getBytes(StandardCharsets.UTF_8).length;
            return new Type.Text((int) Math.min(bytes, length.orElse(bytes)) + 1);
        }
        Type type = call.type(0);
        if (type != Type.NONE && !type.isInteger() && !(type instanceof Type.Pointer) && !(type instanceof Type.Array)
                && !(type instanceof Type.Text)) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "str() expects a string, integer or a pointer type as first argument ("
                    + TypeText.of(type)
                    + " provided)");
        }
        if (type == Type.NONE) {
            return Type.NONE;
        }
        int whole = type instanceof Type.Text(int capacity) ? capacity : most;
        return new Type.Text((int) Math.min(whole, length.orElse(whole - 1L) + 1));
    }

    /** Whether the length is one that can be meant; one above max_strlen gets a warning. */
    private static boolean length(Checking call) {
        OptionalLong length = call.count() == 2 ? call.constant(1) : OptionalLong.empty();
        int most = call.settings().maxStringLength();
        if (length.isPresent() && length.getAsLong() < 0) {
            call.report(call.span(), DiagnosticCode.OUT_OF_RANGE, call.name() + " cannot use negative length (" + length.getAsLong() + ")");
            return false;
        }
        if (length.isPresent() && length.getAsLong() > most) {
            call.report(call.span(), DiagnosticCode.SUSPICIOUS, "length param (" + length.getAsLong() + ") is too long and will be shortened to "
                    + most
                    + " bytes (see BPFTRACE_MAX_STRLEN)");
        }
        return true;
    }

    /** The text of a parameter, a number or a string that stands in the script. */
    private static Optional<String> known(Checking call) {
        return switch (call.argument(0)) {
            case Expression.Argument.Value(Expression.Positional(_, int index)) -> Optional.of(call.parameter(index).orElse(""));
            case Expression.Argument.Value(Expression.IntegerLiteral(_, long value, _)) -> Optional.of(Long.toString(value));
            case Expression.Argument.Value _, Expression.Argument.OfType _ -> call.text(0);
        };
    }

    private static Value lowerStr(Lowering call) {
        Optional<String> known = known(call);
        int capacity = ((Type.Text) call.type()).capacity();
        if (known.isPresent()) {
            byte[] bytes = known.get().getBytes(StandardCharsets.UTF_8);
            var text = new Value.Literal(call.type(), Arrays.copyOf(bytes, Math.min(bytes.length, capacity - 1)));
            return call.count() == 1 || call.constant(1).isPresent() ? text : shortened(call, text, capacity);
        }
        Value source = call.value(0);
        if (call.type(0) instanceof Type.Text) {
            return call.count() == 1 ? source : shortened(call, source, capacity);
        }
        Operand address = source instanceof Value.Remote(Type type, Operand at, _) && !type.isScalar() ? at : call.scalar(source);
        if (call.looked() < capacity && (call.count() == 1 || call.constant(1).isPresent())) {
            return start(call, address, space(call, source));
        }
        Address to = call.destination();
        // Of a place on the stack everything has to be written that may be looked at.
        if (call.padded() || call.looked() < Integer.MAX_VALUE && call.count() == 2) {
            call.zero(to, capacity);
        } else {
            call.ir().store(to, 1, Operand.of(0));
        }
        if (call.count() == 2) {
            call.readString(to, size(call), address, space(call, source));
        } else {
            readWhole(call, to, capacity, address, space(call, source));
        }
        return new Value.InMemory(call.type(), to);
    }

    /** As much of a string as is looked at. */
    private static Value start(Lowering call, Operand address, AddressSpace space) {
        long size = call.count() == 1 ? call.looked() : Math.min(call.looked(), call.constant(1).getAsLong());
        Address to = call.temporary(call.looked());
        call.ir().store(to, 1, Operand.of(0));
        call.zero(to.plus((int) size), call.looked() - (int) size);
        call.readString(to, Operand.of(size), address, space);
        return new Value.InMemory(new Type.Text(call.looked()), to);
    }

    /** A helper always ends a string with a NUL, which leaves no room for the last byte of one that fills its place: that is read after it. */
    private static void readWhole(Lowering call, Address to, int capacity, Operand address, AddressSpace space) {
        IrBuilder ir = call.ir();
        Operand.Register from = ir.inRegister(address);
        Operand.Register length = ir.inRegister(call.readString(to, Operand.of(capacity), from, space));
        Operation.Label whole = ir.label();
        ir.branch(Condition.NE, length, capacity, whole);
        call.read(to.plus(capacity - 1), 1, ir.alu(AluOperation.ADD, from, capacity - 1L), space);
        ir.place(whole);
    }

    /** The start of a string that is at hand. */
    private static Value shortened(Lowering call, Value source, int capacity) {
        Address to = call.destination();
        Address from = call.inMemory(source);
        call.zero(to, capacity);
        Operand.Register size = Texts.limited(call, call.scalar(1), capacity);
        IrBuilder ir = call.ir();
        Operation.Label nothing = ir.label();
        ir.branch(Condition.EQ, size, 0, nothing);
        ir.callFor(BpfHelper.PROBE_READ_KERNEL_STR, ir.addressOf(to), size, ir.addressOf(from));
        ir.place(nothing);
        return new Value.InMemory(call.type(), to);
    }

    /** How many bytes to read, with the NUL: no more than there is room for. */
    private static Operand size(Lowering call) {
        int most = Math.min(call.settings().maxStringLength(), ((Type.Text) call.type()).capacity());
        OptionalLong length = call.constant(1);
        return length.isPresent() ? Operand.of(Math.min(length.getAsLong(), most)) : Texts.limited(call, call.scalar(1), most);
    }

    private static AddressSpace space(Lowering call, Value source) {
        return switch (source) {
            case Value.Remote(Type type, _, AddressSpace space) when !type.isScalar() -> space;
            case Value.Remote _, Value.InMemory _, Value.Scalar _, Value.Literal _, Value.Nothing _ ->
                    call.type(0) instanceof Type.Pointer(_, AddressSpace of) ? of : call.context().space();
        };
    }

    private static Builtin buf() {
        return Entry.function("buf", "buf(pointer [, length])")
                .doc("The bytes at an address, for %r and for printing: length of them, or an array's whole.")
                .example("begin { printf(\"%r\\n\", buf(\"ab\", 2)); exit() }").check(StringFunctions::checkBuf).lower(StringFunctions::lowerBuf);
    }

    private static Type checkBuf(Checking call) {
        if (!call.arguments(1, 2) || !call.integer(1) || !length(call) || call.type(0) == Type.NONE) {
            return Type.NONE;
        }
        Type type = call.type(0);
        if (!type.isInteger() && !(type instanceof Type.Pointer) && !(type instanceof Type.Text) && !(type instanceof Type.Array)) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "buf() expects an integer, string, or array argument but saw "
                    + call.kind(0));
        }
        if (call.count() == 1 && !(type instanceof Type.Array)) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "buf() expects a length argument for non-array type " + call.kind(0));
        }
        int most = call.settings().maxStringLength();
        if (call.count() == 1) {
            return new Type.Buffer(Math.min(most, type.size()));
        }
        return new Type.Buffer(call.constant(1).isPresent() ? Math.clamp(call.constant(1).getAsLong(), 0, most) : most);
    }

    private static Value lowerBuf(Lowering call) {
        int capacity = ((Type.Buffer) call.type()).capacity();
        IrBuilder ir = call.ir();
        Value source = call.value(0);
        Address to = call.destination();
        if (call.padded()) {
            call.zero(to, 4 + capacity);
        }
        boolean own = (source instanceof Value.InMemory || source instanceof Value.Literal) && !source.type().isScalar();
        int available = own ? Math.min(capacity, source.type().size()) : capacity;
        Operand size = call.count() == 1 || call.constant(1).isPresent() ? Operand.of(available) : Texts.limited(call, call.scalar(1), available);
        ir.store(to, 4, size);
        if (own) {
            call.copy(to.plus(4), call.inMemory(source), available);
            return new Value.InMemory(call.type(), to);
        }
        Operand from = source instanceof Value.Remote(Type type, Operand at, _) && !type.isScalar() ? at : call.scalar(source);
        AddressSpace space = space(call, source);
        if (size instanceof Operand.Constant(long bytes)) {
            call.read(to.plus(4), (int) bytes, from, space);
        } else {
            call.read(to.plus(4), size, from, space);
        }
        return new Value.InMemory(call.type(), to);
    }

    private static Builtin strncmp() {
        return Entry.function("strncmp", "strncmp(a, b, n)").doc("0 when the first n bytes of two strings are equal, else 1.")
                .example("begin { printf(\"%d\\n\", strncmp(\"abc\", \"abd\", 2)); exit() }").check(StringFunctions::checkStrncmp)
                .lower(StringFunctions::lowerStrncmp);
    }

    private static Type checkStrncmp(Checking call) {
        if (!call.arguments(3, 3)) {
            return Type.NONE;
        }
        for (int i = 0; i < 2; i++) {
            if (call.type(i) != Type.NONE && !(call.type(i) instanceof Type.Text)) {
                return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "strncmp() only supports string arguments (" + call.kind(i)
                        + " provided)");
            }
        }
        return call.constant(2).isPresent() && call.constant(2).getAsLong() >= 0 ? Type.UINT64
                : call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "Builtin strncmp requires a non-negative literal");
    }

    private static Value lowerStrncmp(Lowering call) {
        IrBuilder ir = call.ir();
        int limit = (int) Math.min(call.constant(2).orElse(0), Math.min(call.type(0).size(), call.type(1).size()));
        Address a = call.inMemory(call.compared(0, limit + 1));
        Value b = call.compared(1, limit + 1);
        Operand.Register result = ir.constant(1);
        Operation.Label differ = ir.label();
        if (b instanceof Value.Literal(_, byte[] bytes)) {
            call.compareLiteral(a, bytes, limit, differ);
        } else {
            call.compareStrings(a, call.inMemory(b), limit, differ);
        }
        ir.copy(result, Operand.of(0));
        ir.place(differ);
        return new Value.Scalar(Type.UINT64, result);
    }

    private static Builtin strftime() {
        return Entry.function("strftime", "strftime(\"FORMAT\", nsecs)")
                .doc("Nanoseconds of a clock shown as a date and time; %f gives microseconds.")
                .example("begin { printf(\"%s\\n\", strftime(\"%H:%M:%S\", nsecs)); exit() }").check(StringFunctions::checkStrftime)
                .lower(l -> new Value.Scalar(l.type(), l.scalar(1)));
    }

    private static Type checkStrftime(Checking call) {
        if (!call.arguments(2, 2) || !call.literalText(0) || !call.integer(1)) {
            return Type.NONE;
        }
        if (call.type(1).isSigned() && call.constant(1).orElse(0) < 0) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "strftime() does not accept negative timestamps");
        }
        Clock clock = Clocks.of(call.origins(1));
        return clock == Clock.MONOTONIC
                ? call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "strftime() can not take a monotonic timestamp", "Use nsecs or nsecs(tai).")
                : new Type.Timestamp(call.text(0).orElseThrow(), clock);
    }
}
