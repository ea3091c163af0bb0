package dev.sonde.compile;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;
import java.util.Optional;

/** The text of a program's three-address code, one operation a line, for {@code -d ir} and for tests. Decides nothing. */
final class IrPrinter {
    private final StringBuilder text = new StringBuilder();

    private IrPrinter() {}

    /** The text of {@code program}, with a line break at its end. */
    static String print(IrProgram program) {
        var printer = new IrPrinter();
        for (var function : program.functions()) {
            printer.function(function);
        }
        return printer.text.toString();
    }

    /** The text of one operation without a line break. */
    static String print(Operation operation) {
        var printer = new IrPrinter();
        printer.operation(operation);
        return printer.text.toString();
    }

    private void function(IrProgram.Function function) {
        text.append(function.name()).append(":\n");
        for (var slot : function.slots()) {
            text.append("    ").append(slot).append(": ").append(slot.size()).append(" bytes, aligned to ").append(slot.alignment()).append('\n');
        }
        for (var line : function.lines()) {
            text.append(line.operation() instanceof Operation.Label ? "  " : "    ");
            operation(line.operation());
            text.append('\n');
        }
    }

    private void operation(Operation operation) {
        switch (operation) {
            case Operation.Constant(var dst, long value) -> add(dst, " = ", value);
            case Operation.Copy(var dst, var src) -> add(dst, " = ", src);
            case Operation.Alu(var op, var dst, var left, var right) -> add(dst, " = ", left, " ", operator(op.text()), " ", right);
            case Operation.Negate(var dst, var src) -> add(dst, " = -", src);
            case Operation.Extend(var dst, var src, int bits, boolean signed) -> add(dst, " = ", signed ? "s" : "u", bits, "(", src, ")");
            case Operation.ByteSwap(var dst, var src, int bits) -> add(dst, " = swap", bits, "(", src, ")");
            case Operation.Load(var dst, var from, int width, boolean signed) -> add(dst, " = ", signed ? "s" : "u", 8 * width, place(from));
            case Operation.Store(var to, int width, var value) -> add("u", 8 * width, place(to), " = ", value);
            case Operation.AtomicAdd(var to, int width, var value) -> add("lock u", 8 * width, place(to), " += ", value);
            case Operation.AddressOf(var dst, var place) -> add(dst, " = &", place(place));
            case Operation.MapHandle(var dst, int map) -> add(dst, " = map ", map);
            case Operation.MapValue(var dst, int map, int offset) -> add(dst, " = value of map ", map, " + ", offset);
            case Operation.FunctionAddress(var dst, var function) -> add(dst, " = &", function);
            case Operation.Parameter(var dst, int index) -> add(dst, " = parameter ", index);
            case Operation.CallHelper(var dst, int helper, var arguments) -> call(dst, helper(helper), arguments);
            case Operation.CallKernelFunction(var dst, var name, int id, var arguments) -> call(dst, "kernel " + name + "#" + id, arguments);
            case Operation.CallFunction(var dst, var function, var arguments) -> call(dst, function, arguments);
            case Operation.Label label -> add(label, ":");
            case Operation.Jump(var target) -> add("goto ", target);
            case Operation.Branch(var condition, var left, var right, var target) ->
                    add("if ", left, " ", condition.text(), " ", right, " goto ", target);
            case Operation.NarrowBranch(var condition, var left, var right, var target) ->
                    add("if u32 ", left, " ", condition.text(), " ", right, " goto ", target);
            case Operation.LoopBudget(var target) -> add("may goto ", target);
            case Operation.Return(var value) -> add("return ", value);
        }
    }

    private void add(Object... parts) {
        for (var part : parts) {
            text.append(part);
        }
    }

    private static String operator(String assignment) {
        return assignment.endsWith("=") ? assignment.substring(0, assignment.length() - 1) : assignment;
    }

    private static String place(Address place) {
        return place.toString();
    }

    private void call(Optional<Operand.Register> dst, String name, List<Operand> arguments) {
        if (dst.isPresent()) {
            add(dst.get(), " = ");
        }
        add(name, "(");
        for (int i = 0; i < arguments.size(); i++) {
            add(i == 0 ? "" : ", ", arguments.get(i));
        }
        text.append(')');
    }

    private static String helper(int number) {
        for (var helper : BpfHelper.values()) {
            if (helper.number() == number) {
                return helper.kernelName();
            }
        }
        return "helper#" + number;
    }
}
