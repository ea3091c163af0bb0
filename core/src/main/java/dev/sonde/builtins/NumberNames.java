package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.target.Architecture;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** Builtins that give a number's name from a table: the programs look it up in a read-only map, or it is known when the script is compiled. */
final class NumberNames {
    static final List<String> NAMES = List.of("strerror", "signal_name", "syscall_name");
    private static final int WIDTH = 64;

    private NumberNames() {}

    static Builtin of(String name) {
        return switch (name) {
            case "strerror" -> entry(name, "errno", "What an error number means; its sign does not count.", "strerror(2)", true, "Unknown error",
                    _ -> NumberTables.errors());
            case "signal_name" -> entry(name, "number", "What a signal means.", "signal_name(9)", false, "N/A", _ -> NumberTables.signals());
            case "syscall_name" -> entry(name, "number", "The name of a system call.", "syscall_name(0)", false, "Unknown syscall",
                    NumberTables::systemCalls);
            default -> null;
        };
    }

    private static Builtin entry(String name, String argument, String doc, String example, boolean mirrored, String unknown,
            Function<Architecture, List<String>> names) {
        return Entry.function(name, name + "(" + argument + ")").doc(doc).example("begin { printf(\"%s\\n\", " + example + "); exit() }")
                .check(NumberNames::check).lower(l -> lower(l, mirrored, unknown, names.apply(l.target().architecture())));
    }

    private static Type check(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        Type type = Values.read(call.type(0));
        return call.type(0) == Type.NONE || type.isScalar() ? new Type.Text(WIDTH)
                : call.fail(call.span(0), DiagnosticCode.BAD_CAST, "Cannot cast from \"" + TypeText.of(call.type(0)) + "\" to \"int32\"");
    }

    private static Value lower(Lowering call, boolean mirrored, String unknown, List<String> names) {
        OptionalLong constant = call.constant(0);
        if (constant.isPresent()) {
            int number = mirrored ? Math.abs((int) constant.getAsLong()) : (int) constant.getAsLong();
            return new Value.Literal(call.type(), bytes(number >= 0 && number < names.size() ? names.get(number) : unknown));
        }
        IrBuilder ir = call.ir();
        Operand.Register row = ir.register();
        ir.copy(row, ir.extend(call.scalar(0), 32, true));
        if (mirrored) {
            Operation.Label positive = ir.label();
            ir.branch(Condition.SGE, row, 0, positive);
            ir.copy(row, ir.alu(AluOperation.SUB, Operand.of(0), row));
            ir.place(positive);
        }
        Operation.Label known = ir.label();
        ir.branch(Condition.LT, row, names.size(), known);
        ir.copy(row, Operand.of(names.size()));
        ir.place(known);
        Operand.Register table = ir.mapValue(call.constantMap(table(names, unknown)), 0);
        return new Value.InMemory(call.type(), new Address.AtRegister(ir.alu(AluOperation.ADD, table, ir.alu(AluOperation.MUL, row, WIDTH)), 0));
    }

    /** A row for each name and one for unknown numbers. */
    private static byte[] table(List<String> names, String unknown) {
        byte[] table = new byte[WIDTH * (names.size() + 1)];
        for (int i = 0; i <= names.size(); i++) {
            byte[] name = bytes(i < names.size() ? names.get(i) : unknown);
            System.arraycopy(name, 0, table, WIDTH * i, name.length);
        }
        return table;
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
