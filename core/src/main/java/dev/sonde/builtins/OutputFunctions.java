package dev.sonde.builtins;

import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.EventSpec.Channel;
import dev.sonde.spec.Format;
import dev.sonde.spec.FormatParser;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Builtins that print, and that run commands: all act in user space on an event. */
final class OutputFunctions {
    static final List<String> NAMES = List.of("printf", "errorf", "warnf", "debugf", "print", "system", "cat", "time", "join", "exit");

    private OutputFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "printf" -> formatted("printf", Channel.PRINTF, "Prints its arguments as the format says.");
            case "errorf" -> formatted("errorf", Channel.ERRORF, "Prints an error message with the place of the call.");
            case "warnf" -> formatted("warnf", Channel.WARNF, "Prints a warning with the place of the call.");
            case "debugf" -> DebugPrint.entry();
            case "print" -> print();
            case "system" -> system();
            case "cat" -> cat();
            case "time" -> time();
            case "join" -> join();
            case "exit" -> exit();
            default -> null;
        };
    }

    private static Builtin formatted(String name, Channel channel, String doc) {
        return Entry.function(name, name + "(\"FORMAT\", ARGUMENT…)").doc(doc).example("begin { " + name + "(\"%d %s\\n\", 5, \"x\"); exit() }")
                .traits(Builtin.Trait.ASYNC).check(OutputFunctions::checkFormat)
                .lower(l -> channel == Channel.WARNF && !l.settings().reportFailures() ? unseen(l)
                        : send(l, (format, fields) -> new Action.Print(channel, format, fields)));
    }

    /** Nothing is printed; what the arguments do is done. */
    private static Value unseen(Lowering call) {
        for (int i = 1; i < call.count(); i++) {
            call.value(i);
        }
        return new Value.Nothing(Type.NONE);
    }

    private static Builtin system() {
        return Entry.function("system", "system(\"FORMAT\", ARGUMENT…)").doc("Runs a shell command and prints what it prints.")
                .example("begin { system(\"echo %d\", 5); exit() }").traits(Builtin.Trait.ASYNC, Builtin.Trait.UNSAFE)
                .check(OutputFunctions::checkFormat).lower(l -> send(l, Action.Run::new));
    }

    private static Builtin cat() {
        return Entry.function("cat", "cat(\"FORMAT\", ARGUMENT…)").doc("Prints the file whose path the format gives.")
                .example("begin { cat(\"/proc/%d/comm\", pid); exit() }").traits(Builtin.Trait.ASYNC)
                .check(OutputFunctions::checkFormat).lower(l -> send(l, Action.Cat::new));
    }

    /** The format of a printing call, when it is one. */
    static Type checkFormat(Checking call) {
        if (!call.arguments(1, 128)) {
            return Type.NONE;
        }
        if (!call.literalText(0)) {
            return Type.NONE;
        }
        switch (FormatParser.parse(call.text(0).orElseThrow())) {
            case FormatParser.Result.Failed(String message, _) -> {
                return call.fail(call.span(0), DiagnosticCode.BAD_FORMAT, message);
            }
            case FormatParser.Result.Parsed(Format format) -> checkArguments(call, format);
        }
        return Type.NONE;
    }

    private static void checkArguments(Checking call, Format format) {
        int given = call.count() - 1;
        if (format.arguments() != given) {
            String which = format.arguments() > given ? "not enough" : "too many";
            call.report(call.span(), DiagnosticCode.BAD_FORMAT,
                    which + " arguments for format string (" + given + " supplied, " + format.arguments() + " expected)");
            return;
        }
        int index = 1;
        for (Format.Piece piece : format.pieces()) {
            if (piece instanceof Format.Piece.Conversion conversion) {
                checkConversion(call, conversion, index++);
            }
        }
    }

    private static void checkConversion(Checking call, Format.Piece.Conversion conversion, int index) {
        Type type = Values.read(call.type(index));
        if (call.type(index) == Type.NONE) {
            return;
        }
        if (type == Type.NONE || !fits(conversion.conversion(), type)) {
            String letters = conversion.text();
            call.report(call.span(), DiagnosticCode.BAD_FORMAT, "unsupported format specifier for type '" + TypeText.of(call.type(index)) + "': "
                    + letters.substring(letters.length() - (letters.endsWith("rx") || letters.endsWith("rh") || letters.endsWith("gr") ? 2 : 1)));
        }
    }

    private static boolean fits(char conversion, Type type) {
        return switch (conversion) {
            case 'd', 'i', 'u', 'o', 'x', 'X', 'c' -> type.isScalar() && !(type instanceof Type.Timestamp);
            case 'p', 'g' -> type.isScalar();
            case 'r', 'R', 'H' -> type instanceof Type.Buffer;
            default -> true;
        };
    }

    private static Value send(Lowering call, BiFunction<Format, List<EventSpec.Field>, Action> action) {
        Format format = FormatParser.of(call.text(0).orElseThrow());
        List<Type> types = new ArrayList<>();
        for (int i = 1; i < call.count(); i++) {
            types.add(Values.read(call.type(i)));
        }
        call.send(types, i -> call.value(i + 1), fields -> action.apply(format, fields));
        return new Value.Nothing(Type.NONE);
    }

    private static Builtin print() {
        return Entry.function("print", "print(@map [, top [, div]])", "print(value)")
                .doc("Prints a map, one entry of it, or any value. Of a map only the top entries when a number is given; div divides what is shown.")
                .example("begin { @a[1] = 5; print(@a); print((1, \"x\")); exit() }").traits(Builtin.Trait.ASYNC)
                .check(OutputFunctions::checkPrint).lower(OutputFunctions::lowerPrint);
    }

    private static Type checkPrint(Checking call) {
        if (!call.arguments(1, 3)) {
            return Type.NONE;
        }
        Optional<Checking.MapUse> map = call.map(0);
        boolean whole = map.isPresent() && !map.get().keyed();
        if (!whole && call.count() > 1) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "Non-map print() only takes 1 argument, " + call.count() + " found");
        }
        for (int i = 1; i < call.count(); i++) {
            if (call.constant(i).isEmpty()) {
                return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "print() expects a int literal (" + call.kind(i) + " provided)");
            }
            if (call.constant(i).getAsLong() < 0) {
                return call.fail(call.span(i), DiagnosticCode.OUT_OF_RANGE, "print() takes no negative number here (" + call.constant(i).getAsLong()
                        + " provided)");
            }
        }
        if (map.isPresent() && !whole && call.type(0) instanceof Type.Aggregate && Values.read(call.type(0)) == Type.NONE) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "Map type " + TypeText.of(call.type(0))
                    + " cannot print the value of individual keys. You must print the whole map.");
        }
        if (whole && call.inLoop()) {
            call.report(call.span(), DiagnosticCode.SUSPICIOUS,
                    "print() shows a map as it is when the event is read, and the loop may have changed it by then.",
                    "Print it after the loop, or print single entries: their values go with the event.");
        }
        boolean nothing = call.argument(0) instanceof Expression.Argument.Value(Expression.Call inner)
                && Builtins.find(inner.name()).filter(b -> b.is(Builtin.Trait.ASYNC)).isPresent();
        return nothing ? call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "none type passed to print() is not printable") : Type.NONE;
    }

    private static Value lowerPrint(Lowering call) {
        Optional<Checking.MapUse> map = call.map(0);
        if (map.isPresent() && !map.get().keyed()) {
            int top = call.count() > 1 ? (int) call.constant(1).orElse(0) : 0;
            int div = call.count() > 2 ? (int) call.constant(2).orElse(0) : 0;
            int index = call.mapIndex(0);
            call.send(List.of(), i -> null, fields -> new Action.PrintMap(index, top, div));
            return new Value.Nothing(Type.NONE);
        }
        call.send(List.of(Values.read(call.type(0))), _ -> call.value(0), fields -> new Action.PrintValue(fields.getFirst()));
        return new Value.Nothing(Type.NONE);
    }

    private static Builtin time() {
        return Entry.function("time", "time([\"FORMAT\"])")
                .doc("Prints the wall-clock time with strftime's conversions; %H:%M:%S and a newline without a format.")
                .example("begin { time(\"%H:%M\\n\"); exit() }").traits(Builtin.Trait.ASYNC)
                .check(c -> nothing(c.arguments(0, 1) && c.literalText(0)))
                .lower(l -> {
                    String format = l.count() == 0 ? "%H:%M:%S\n" : l.text(0).orElseThrow();
                    l.send(List.of(), _ -> null, _ -> new Action.Time(format));
                    return new Value.Nothing(Type.NONE);
                });
    }

    /** The type of a call without a value, after its mistakes were added. */
    static Type nothing(boolean fine) {
        return Type.NONE;
    }

    private static Builtin join() {
        return Entry.function("join", "join(array [, \"DELIMITER\"])")
                .doc("Prints the strings of a char *[] with a delimiter between them, a space by default: at most 16 strings.")
                .example("tracepoint:syscalls:sys_enter_execve { join(args.argv); exit() } interval:s:1 { exit() }").traits(Builtin.Trait.ASYNC)
                .check(Join::check).lower(Join::lower);
    }

    private static Builtin exit() {
        return Entry.function("exit", "exit([code])")
                .doc("Ends the trace: end probes run and maps are printed. The code becomes Sonde's exit status.")
                .example("begin { exit() }").traits(Builtin.Trait.ASYNC, Builtin.Trait.LEAVES).check(c -> nothing(c.arguments(0, 1) && c.integer(0)))
                .lower(l -> {
                    l.send(List.of(Type.INT32), _ -> l.count() == 0 ? Value.constant(Type.INT32, 0) : l.value(0), f -> new Action.Exit(f.getFirst()));
                    l.leave();
                    return new Value.Nothing(Type.NONE);
                });
    }
}
