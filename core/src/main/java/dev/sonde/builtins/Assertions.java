package dev.sonde.builtins;

import dev.sonde.asm.Condition;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.EventSpec.Channel;
import dev.sonde.spec.Format;
import dev.sonde.spec.FormatParser;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Builtins that make a script fail: when it is compiled or when it runs. */
final class Assertions {
    static final List<String> NAMES = List.of("fail", "static_assert", "assert");

    private Assertions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "fail" -> Entry.function(name, "fail(\"FORMAT\", LITERAL…)")
                    .doc("A mistake with that message, found when the script is compiled: for macros, in a branch of if comptime.")
                    .example("begin { if comptime (sizeof(pid) > 8) { fail(\"pid has %d bytes\", 16) } exit() }").traits(Builtin.Trait.COMPILE_TIME)
                    .check(Assertions::checkFail).lower(_ -> new Value.Nothing(Type.NONE));
            case "static_assert" -> Entry.function(name, "static_assert(condition, \"MESSAGE\")")
                    .doc("A mistake with that message when the condition, which must be known when the script is compiled, is false.")
                    .example("begin { static_assert(sizeof(pid) == 4, \"pid changed\"); exit() }").traits(Builtin.Trait.COMPILE_TIME)
                    .check(Assertions::checkStatic).lower(_ -> new Value.Nothing(Type.NONE));
            case "assert" -> Entry.function(name, "assert(condition, MESSAGE)")
                    .doc("Ends the trace with exit status 1 and prints the message as an error, when the condition is false.")
                    .example("begin { assert(ncpus > 0, \"no CPU\"); exit() }").traits(Builtin.Trait.ASYNC)
                    .check(Assertions::checkAssert).lower(Assertions::lowerAssert);
            default -> null;
        };
    }

    private static Type checkFail(Checking call) {
        if (!call.arguments(1, Integer.MAX_VALUE) || !call.literalText(0)) {
            return Type.NONE;
        }
        for (int i = 1; i < call.count(); i++) {
            if (call.text(i).isEmpty() && call.constant(i).isEmpty()) {
                return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "fail() arguments need to be literals");
            }
        }
        return switch (FormatParser.parse(call.text(0).orElseThrow())) {
            case FormatParser.Result.Failed(String message, _) -> call.fail(call.span(), DiagnosticCode.BAD_FORMAT, message);
            case FormatParser.Result.Parsed(Format format) -> call.fail(call.span(), DiagnosticCode.ASSERTION, message(call, format));
        };
    }

    /** Conversions without an argument give nothing. */
    private static String message(Checking call, Format format) {
        var message = new StringBuilder();
        int index = 1;
        for (Format.Piece piece : format.pieces()) {
            switch (piece) {
                case Format.Piece.Literal(String text) -> message.append(text);
                case Format.Piece.Conversion conversion -> {
                    if (index < call.count()) {
                        message.append(argument(call, index++, conversion.conversion()));
                    }
                }
            }
        }
        return message.toString();
    }

    private static String argument(Checking call, int index, char conversion) {
        long number = call.constant(index).orElse(0);
        return switch (conversion) {
            case 'x' -> Long.toHexString(number);
            case 'X' -> Long.toHexString(number).toUpperCase(Locale.ROOT);
            case 'o' -> Long.toOctalString(number);
            case 'u' -> Long.toUnsignedString(number);
            case 'c' -> String.valueOf((char) (number & 0xff));
            case 'p' -> "0x" + Long.toHexString(number);
            default -> call.text(index).orElseGet(() -> Long.toString(number));
        };
    }

    private static Type checkStatic(Checking call) {
        if (!call.matches(2, 2)) {
            return Type.NONE;
        }
        OptionalLong condition = call.constant(0);
        if (condition.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "Unable to resolve comptime expression",
                    "assert() tests a condition while running.");
        }
        if (call.literalText(1) && condition.getAsLong() == 0) {
            call.report(call.span(), DiagnosticCode.ASSERTION, call.text(1).orElseThrow());
        }
        return Type.NONE;
    }

    private static Type checkAssert(Checking call) {
        if (!call.matches(2, 2)) {
            return Type.NONE;
        }
        Type condition = Values.read(call.type(0));
        return call.type(0) == Type.NONE || condition.isScalar() ? Type.NONE
                : call.fail(call.span(0), DiagnosticCode.BAD_OPERAND, "The ! operator can not be used on expressions of type '"
                        + TypeText.of(call.type(0)) + "'");
    }

    private static Value lowerAssert(Lowering call) {
        IrBuilder ir = call.ir();
        Operation.Label holds = ir.label();
        ir.branch(Condition.NE, ir.inRegister(call.scalar(0)), 0, holds);
        Format format = FormatParser.of("assert failed: %s");
        call.send(List.of(Values.read(call.type(1))), _ -> call.value(1), fields -> new Action.Print(Channel.ERRORF, format, fields));
        call.send(List.of(Type.INT32), _ -> Value.constant(Type.INT32, 1), fields -> new Action.Exit(fields.getFirst()));
        call.leave();
        ir.place(holds);
        return new Value.Nothing(Type.NONE);
    }
}
