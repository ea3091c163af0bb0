package dev.sonde.compile;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Does the operations of a program one by one, straight from their definitions. Knows the context, frame slots, subprograms, bpf_loop, a few helpers
 * with fixed results, map 0 and the kernel functions of {@link RandomIr}; a pointer is a tag, an index of a memory and an offset.
 */
final class IrInterpreter {
    static final long PID_TGID = 0x0000_04d2_0000_162eL;
    private static final long TAG = 1L << 62;
    private static final int ORIGIN = 1 << 20;

    private final Map<String, IrProgram.Function> functions = new HashMap<>();
    private final List<byte[]> memories = new ArrayList<>();
    private final IrProgram program;
    private final byte[] context;
    private final long mapValue;
    private final long pidTgid;
    private long budget = 3_000_000;

    IrInterpreter(IrProgram program, byte[] context, byte[] mapValue) {
        this(program, context, mapValue, PID_TGID);
    }

    IrInterpreter(IrProgram program, byte[] context, byte[] mapValue, long pidTgid) {
        this.program = program;
        this.context = context;
        this.pidTgid = pidTgid;
        this.mapValue = newMemory(mapValue);
        for (var function : program.functions()) {
            functions.put(function.name(), function);
        }
    }

    /** The result of the main function. */
    long run() {
        return new Frame(program.functions().getFirst()).run(newMemory(context));
    }

    private long newMemory(byte[] bytes) {
        memories.add(bytes);
        return TAG | (long) (memories.size() - 1) << 32 | ORIGIN;
    }

    private byte[] memory(long pointer) {
        if (pointer >>> 62 != 1) {
            throw new IllegalStateException("no pointer: " + Long.toHexString(pointer));
        }
        return memories.get((int) (pointer >>> 32 & 0x3fff_ffff));
    }

    private static int offset(long pointer) {
        return (int) pointer - ORIGIN;
    }

    private long load(long pointer, int width, boolean signed) {
        byte[] bytes = memory(pointer);
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | bytes[offset(pointer) + i] & 0xff;
        }
        return width == 8 ? value : SimplifyArithmetic.extend(value, 8 * width, signed);
    }

    private void store(long pointer, int width, long value) {
        byte[] bytes = memory(pointer);
        for (int i = 0; i < width; i++) {
            bytes[offset(pointer) + i] = (byte) (value >>> 8 * i);
        }
    }

    /** One function being run. */
    private final class Frame {
        private final IrProgram.Function function;
        private final long[] registers;
        private final Map<Integer, Long> slots = new HashMap<>();
        private final Map<Integer, String> functionAddresses = new HashMap<>();
        private final Map<Integer, Integer> labels = new HashMap<>();

        Frame(IrProgram.Function function) {
            this.function = function;
            registers = new long[function.registers()];
            for (var slot : function.slots()) {
                slots.put(slot.number(), newMemory(new byte[slot.size()]));
            }
            for (int i = 0; i < function.lines().size(); i++) {
                if (function.lines().get(i).operation() instanceof Operation.Label(int number)) {
                    labels.put(number, i);
                }
            }
        }

        long run(long... parameters) {
            int at = 0;
            while (true) {
                if (budget-- == 0) {
                    throw new IllegalStateException("runs too long");
                }
                var operation = function.lines().get(at++).operation();
                switch (operation) {
                    case Operation.Parameter(var dst, int index) -> set(dst, parameters[index]);
                    case Operation.Jump(var target) -> at = labels.get(target.number());
                    case Operation.Branch(var condition, var left, var right, var target) ->
                            at = condition.holds(value(left), value(right)) ? labels.get(target.number()) : at;
                    case Operation.NarrowBranch(var condition, var left, var right, var target) ->
                            at = narrow(condition, value(left), value(right)) ? labels.get(target.number()) : at;
                    case Operation.Return(var value) -> {
                        return value(value);
                    }
                    default -> step(operation);
                }
            }
        }

        private void step(Operation operation) {
            switch (operation) {
                case Operation.Constant(var dst, long value) -> set(dst, value);
                case Operation.Copy(var dst, var src) -> set(dst, value(src));
                case Operation.Alu(var op, var dst, var left, var right) -> set(dst, SimplifyArithmetic.compute(op, value(left), value(right)));
                case Operation.Negate(var dst, var src) -> set(dst, -value(src));
                case Operation.Extend(var dst, var src, int bits, boolean signed) -> set(dst, extended(value(src), bits, signed));
                case Operation.ByteSwap(var dst, var src, int bits) -> set(dst, swapped(value(src), bits));
                case Operation.Load(var dst, var from, int width, boolean signed) -> set(dst, load(address(from), width, signed));
                case Operation.Store(var to, int width, var value) -> store(address(to), width, value(value));
                case Operation.AtomicAdd(var to, int width, var value) ->
                        store(address(to), width, load(address(to), width, false) + value(value));
                case Operation.AddressOf(var dst, var place) -> set(dst, address(place));
                case Operation.FunctionAddress(var dst, var name) -> functionAddresses.put(dst.number(), name);
                case Operation.CallHelper(var dst, int helper, var arguments) -> {
                    long result = helper(helper, arguments);
                    dst.ifPresent(register -> set(register, result));
                }
                case Operation.CallKernelFunction(var dst, _, int id, var arguments) -> {
                    long result = kernelFunction(id, values(arguments));
                    dst.ifPresent(register -> set(register, result));
                }
                case Operation.CallFunction(var dst, var name, var arguments) -> {
                    long result = new Frame(functions.get(name)).run(values(arguments));
                    dst.ifPresent(register -> set(register, result));
                }
                case Operation.MapValue(var dst, _, int offset) -> set(dst, mapValue + offset);
                case Operation.Label _, Operation.LoopBudget _, Operation.MapHandle _ -> { }
                case Operation.Parameter _, Operation.Jump _, Operation.Branch _,
                        Operation.NarrowBranch _, Operation.Return _ -> throw new IllegalStateException("unexpected " + operation);
            }
        }

        /** Signed comparisons see the sign of bit 31, the others bits 0 to 31 as they are. */
        private static boolean narrow(Condition condition, long left, long right) {
            return condition.name().startsWith("S") && condition != Condition.SET ? condition.holds((int) left, (int) right)
                    : condition.holds(left & 0xffff_ffffL, right & 0xffff_ffffL);
        }

        private static long extended(long value, int bits, boolean signed) {
            long low = value & (bits == 8 ? 0xffL : bits == 16 ? 0xffffL : 0xffff_ffffL);
            long sign = 1L << (bits - 1);
            return signed ? (low ^ sign) - sign : low;
        }

        private static long swapped(long value, int bits) {
            long result = 0;
            for (int i = 0; i < bits; i += 8) {
                result = result << 8 | value >>> i & 0xff;
            }
            return result;
        }

        private void set(Operand.Register register, long value) {
            registers[register.number()] = value;
        }

        private long value(Operand operand) {
            return switch (operand) {
                case Operand.Register(int number) -> registers[number];
                case Operand.Constant(long value) -> value;
            };
        }

        private long[] values(List<Operand> operands) {
            long[] values = new long[operands.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(operands.get(i));
            }
            return values;
        }

        private long address(Address address) {
            return switch (address) {
                case Address.AtRegister(var base, int offset) -> value(base) + offset;
                case Address.InFrame(var slot, int offset) -> slots.get(slot.number()) + offset;
            };
        }

        private long helper(int helper, List<Operand> arguments) {
            if (helper == BpfHelper.GET_CURRENT_PID_TGID.number()) {
                return pidTgid;
            }
            if (helper == BpfHelper.MAP_LOOKUP_ELEM.number()) {
                return load(value(arguments.get(1)), 4, false) == 0 ? mapValue : 0;
            }
            if (helper == BpfHelper.LOOP.number()) {
                return loop(value(arguments.get(0)), functionAddresses.get(((Operand.Register) arguments.get(1)).number()),
                        value(arguments.get(2)));
            }
            throw new IllegalStateException("helper " + helper);
        }

        private long loop(long count, String callback, long argument) {
            for (long i = 0; i < count; i++) {
                if (new Frame(functions.get(callback)).run(i, argument) != 0) {
                    return i + 1;
                }
            }
            return count;
        }

        private long kernelFunction(int id, long[] arguments) {
            if (id == RandomIr.FILL) {
                for (int i = 0; i < arguments[1]; i++) {
                    store(arguments[0] + i, 1, RandomIr.fillByte(arguments[2], i));
                }
                return arguments[2] + 1;
            }
            if (id == RandomIr.SUM) {
                byte[] bytes = new byte[(int) arguments[1]];
                System.arraycopy(memory(arguments[0]), offset(arguments[0]), bytes, 0, bytes.length);
                return RandomIr.sum(bytes);
            }
            return RandomIr.mix(arguments);
        }
    }
}
