package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random programs that are right by construction: registers are assigned before they are read on every path, memory is written before it is read,
 * pointers never become numbers, loops end. The result depends on most of what was computed.
 */
final class RandomIr {
    static final int CONTEXT_BYTES = 64;
    /** Bytes of the one value of map 0. */
    static final int MAP_BYTES = 64;
    /** Kernel functions that the two machines of the tests know: fill(pointer, size, seed), sum(pointer, size), mix(0 to 5 numbers). */
    static final int FILL = 900;
    static final int SUM = 901;
    static final int MIX = 902;

    private static final long[] CONSTANTS = {0, 1, -1, 2, 3, 5, 7, 8, 10, 16, 31, 32, 63, 64, 100, 255, 256, 0xffff, 0x7fff_ffffL, 0x8000_0000L,
            0xffff_ffffL, 0x1_0000_0000L, -128, -32768, -0x8000_0000L, -0x8000_0001L, 0x1234_5678_9abc_def0L, Long.MIN_VALUE, Long.MAX_VALUE};
    private static final AluOperation[] OPERATIONS = {AluOperation.ADD, AluOperation.SUB, AluOperation.MUL, AluOperation.DIV, AluOperation.MOD,
            AluOperation.OR, AluOperation.AND, AluOperation.XOR, AluOperation.LSH, AluOperation.RSH, AluOperation.ARSH};
    private static final int[] EXTENSIONS = {8, 16, 32};

    /**
     * What programs may hold.
     *
     * @param operations about how many statements the main function has
     * @param kernelFunctions whether to call FILL, SUM and MIX, which no kernel has
     * @param loops whether to go round
     */
    record Shape(int operations, boolean kernelFunctions, boolean loops) {}

    private final Random random;
    private final Shape shape;
    private final boolean main;
    private final List<String> callable;
    private final List<String> callbacks;
    private final IrBuilder builder;
    private final List<Operand.Register> numbers = new ArrayList<>();
    private final List<Operand.Register> variables = new ArrayList<>();
    private final List<FrameSlot> slots = new ArrayList<>();
    private final List<Place> pointers = new ArrayList<>();
    private Operand.Register context;
    private int depth;
    private int loopDepth;

    /** A pointer and how many bytes may be accessed there. */
    private record Place(Operand.Register pointer, int size) {}

    private RandomIr(Random random, Shape shape, String name, boolean main, List<String> callable, List<String> callbacks) {
        this.random = random;
        this.shape = shape;
        this.main = main;
        this.callable = callable;
        this.callbacks = callbacks;
        builder = new IrBuilder(name);
    }

    /** The program of a seed. */
    static IrProgram program(long seed, Shape shape) {
        var random = new Random(seed);
        var callable = new ArrayList<String>();
        var callbacks = new ArrayList<String>();
        var functions = new ArrayList<IrProgram.Function>();
        for (int i = random.nextInt(3); i > 0; i--) {
            functions.add(new RandomIr(random, new Shape(8, shape.kernelFunctions(), false), "sub" + i, false, List.of(), List.of()).function(3));
            callable.add("sub" + i);
        }
        if (random.nextInt(3) == 0 && shape.loops() && shape.kernelFunctions()) {
            functions.add(new RandomIr(random, new Shape(6, shape.kernelFunctions(), false), "each", false, List.of(), List.of()).callback());
            callbacks.add("each");
        }
        functions.addFirst(new RandomIr(random, shape, "main", true, callable, callbacks).function(1));
        return new IrProgram(functions);
    }

    static int fillByte(long seed, int index) {
        return (int) (seed * 31 + index * 7L) & 0xff;
    }

    static long sum(byte[] bytes) {
        long sum = 17;
        for (byte b : bytes) {
            sum = sum * 31 + b;
        }
        return sum;
    }

    static long mix(long[] arguments) {
        long mixed = 1;
        for (int i = 0; i < arguments.length; i++) {
            mixed = mixed * 1_000_003 + (arguments[i] ^ i + 1);
        }
        return mixed;
    }

    private IrProgram.Function function(int parameters) {
        int first = random.nextInt(parameters);
        for (int i = 0; i < parameters; i++) {
            var parameter = builder.parameter((first + i) % parameters);
            if (main) {
                context = parameter;
            } else {
                numbers.add(parameter);
            }
        }
        return body();
    }

    private IrProgram.Function callback() {
        numbers.add(builder.parameter(0));
        pointers.add(new Place(builder.parameter(1), 8));
        return body();
    }

    private IrProgram.Function body() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            var variable = builder.register();
            builder.copy(variable, Operand.of(constant()));
            variables.add(variable);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            newSlot();
        }
        statements(shape.operations());
        finish();
        return builder.build();
    }

    private void newSlot() {
        var slot = builder.slot(new int[] {1, 2, 4, 8, 8, 16, 24}[random.nextInt(7)], 8);
        for (int at = 0; at < slot.size(); at += Math.min(8, slot.size())) {
            builder.store(new Address.InFrame(slot, at), Math.min(8, slot.size()), number());
        }
        slots.add(slot);
    }

    private void finish() {
        var result = builder.register();
        builder.copy(result, Operand.of(1));
        int left = numbers.size();
        for (var number : numbers) {
            if (left-- < 12) {
                fold(result, number);
            }
        }
        variables.forEach(variable -> fold(result, variable));
        for (var slot : slots.subList(random.nextInt(slots.size() + 1), slots.size())) {
            fold(result, builder.load(new Address.InFrame(slot, 0), Math.min(8, slot.size()), false));
        }
        if (main) {
            builder.add(new Operation.Return(result));
        } else {
            builder.add(new Operation.Return(builder.alu(AluOperation.AND, result, Operand.of(1))));
        }
    }

    private void fold(Operand.Register result, Operand value) {
        var scaled = builder.alu(AluOperation.MUL, result, Operand.of(31));
        builder.add(new Operation.Alu(AluOperation.ADD, result, scaled, value));
    }

    private void statements(int count) {
        for (int i = 0; i < count; i++) {
            statement();
        }
    }

    private void statement() {
        switch (random.nextInt(26)) {
            case 0, 1, 2, 3, 4 -> arithmetic();
            case 5 -> numbers.add((Operand.Register) extend());
            case 6 -> numbers.add(swapOrNegate());
            case 7, 8 -> loadContext();
            case 9, 10 -> builder.copy(pick(variables), number());
            case 11 -> builder.add(new Operation.Alu(operation(), pick(variables), number(), number()));
            case 12, 13 -> frame();
            case 14 -> pointer();
            case 15, 16 -> throughPointer();
            case 17, 18 -> call();
            case 19 -> branchAround();
            case 20 -> choose();
            case 21 -> truth();
            case 22 -> loop();
            case 23 -> mapValue();
            case 24 -> lookUp();
            default -> numbers.add(builder.inRegister(Operand.of(constant())));
        }
    }

    private long constant() {
        return random.nextInt(4) == 0 ? random.nextLong() : CONSTANTS[random.nextInt(CONSTANTS.length)];
    }

    private Operand number() {
        int choice = random.nextInt(10);
        if (choice < 2 || numbers.isEmpty() && variables.isEmpty()) {
            return Operand.of(constant());
        }
        return register();
    }

    private Operand.Register register() {
        if (!variables.isEmpty() && (numbers.isEmpty() || random.nextInt(4) == 0)) {
            return pick(variables);
        }
        return numbers.isEmpty() ? builder.constant(constant()) : pick(numbers);
    }

    private <T> T pick(List<T> list) {
        int recent = Math.min(list.size(), random.nextBoolean() ? 3 : list.size());
        return list.get(list.size() - 1 - random.nextInt(recent));
    }

    private AluOperation operation() {
        return OPERATIONS[random.nextInt(OPERATIONS.length)];
    }

    private void arithmetic() {
        numbers.add(builder.alu(operation(), number(), number()));
    }

    private Operand extend() {
        return builder.extend(register(), EXTENSIONS[random.nextInt(3)], random.nextBoolean());
    }

    private Operand.Register swapOrNegate() {
        var dst = builder.register();
        builder.add(random.nextBoolean() ? new Operation.Negate(dst, register()) : new Operation.ByteSwap(dst, register(), 16 << random.nextInt(3)));
        return dst;
    }

    private void loadContext() {
        if (context != null) {
            int offset = 8 * random.nextInt(CONTEXT_BYTES / 8);
            numbers.add(builder.load(new Address.AtRegister(context, offset), 8, false));
        }
    }

    private void frame() {
        if (slots.isEmpty() || random.nextInt(8) == 0) {
            newSlot();
            return;
        }
        var slot = pick(slots);
        int width = 1 << random.nextInt(4);
        if (width <= slot.size()) {
            var place = new Address.InFrame(slot, width * random.nextInt(slot.size() / width));
            if (random.nextBoolean()) {
                builder.store(place, width, number());
            } else {
                numbers.add(builder.load(place, width, random.nextBoolean()));
            }
        }
    }

    private void pointer() {
        if (!pointers.isEmpty() && random.nextInt(3) == 0) {
            var from = pick(pointers);
            int skip = from.size() > 8 ? 8 : 0;
            pointers.add(new Place(builder.addressOf(new Address.AtRegister(from.pointer(), skip)), from.size() - skip));
        } else if (!slots.isEmpty()) {
            var slot = pick(slots);
            int skip = slot.size() > 8 && random.nextBoolean() ? 8 : 0;
            pointers.add(new Place(builder.addressOf(new Address.InFrame(slot, skip)), slot.size() - skip));
        }
    }

    private void mapValue() {
        int offset = 8 * random.nextInt(MAP_BYTES / 8);
        pointers.add(new Place(builder.mapValue(0, offset), MAP_BYTES - offset));
    }

    /** A lookup whose result is used where it is not null. */
    private void lookUp() {
        if (depth >= 3) {
            return;
        }
        var key = builder.slot(4, 4);
        var end = builder.label();
        var map = builder.map(0);
        builder.store(new Address.InFrame(key, 0), 4, Operand.of(random.nextInt(2)));
        var value = builder.call(BpfHelper.MAP_LOOKUP_ELEM, map, builder.addressOf(new Address.InFrame(key, 0)));
        builder.branch(Condition.EQ, value, 0, end);
        pointers.add(new Place(value, MAP_BYTES));
        scope(6);
        pointers.removeLast();
        builder.place(end);
    }

    private void throughPointer() {
        if (pointers.isEmpty()) {
            pointer();
            return;
        }
        var place = pick(pointers);
        int width = 1 << random.nextInt(4);
        if (width > place.size()) {
            return;
        }
        var address = new Address.AtRegister(place.pointer(), width * random.nextInt(place.size() / width));
        switch (random.nextInt(3)) {
            case 0 -> builder.store(address, width, number());
            case 1 -> numbers.add(builder.load(address, width, random.nextBoolean()));
            default -> {
                if (width >= 4) {
                    builder.add(new Operation.AtomicAdd(address, width, register()));
                }
            }
        }
    }

    private void call() {
        int choice = random.nextInt(6);
        if (choice == 0 && !callable.isEmpty()) {
            var dst = builder.register();
            builder.add(new Operation.CallFunction(Optional.of(dst), pick(callable), List.of(number(), number(), number())));
            numbers.add(dst);
        } else if (choice == 1 && !callbacks.isEmpty() && loopDepth == 0) {
            callEach();
        } else if (choice == 2) {
            numbers.add(builder.call(BpfHelper.GET_CURRENT_PID_TGID));
        } else if (shape.kernelFunctions()) {
            kernelFunction(choice);
        }
    }

    private void callEach() {
        var slot = builder.slot(8, 8);
        builder.store(new Address.InFrame(slot, 0), 8, number());
        var each = builder.register();
        builder.add(new Operation.FunctionAddress(each, pick(callbacks)));
        builder.callFor(BpfHelper.LOOP, Operand.of(random.nextInt(4)), each, builder.addressOf(new Address.InFrame(slot, 0)), Operand.of(0));
        slots.add(slot);
    }

    private void kernelFunction(int choice) {
        var dst = random.nextInt(5) == 0 ? Optional.<Operand.Register>empty() : Optional.of(builder.register());
        if (choice == 3 && !slots.isEmpty()) {
            var slot = pick(slots);
            var pointer = builder.addressOf(new Address.InFrame(slot, 0));
            builder.add(new Operation.CallKernelFunction(dst, "fill", FILL, List.of(pointer, Operand.of(slot.size()), number())));
        } else if (choice == 4 && !pointers.isEmpty()) {
            var place = pick(pointers);
            builder.add(new Operation.CallKernelFunction(dst, "sum", SUM, List.of(place.pointer(), Operand.of(place.size()))));
        } else {
            var arguments = new ArrayList<Operand>();
            for (int i = random.nextInt(6); i > 0; i--) {
                arguments.add(number());
            }
            builder.add(new Operation.CallKernelFunction(dst, "mix", MIX + arguments.size(), arguments));
        }
        dst.ifPresent(numbers::add);
    }

    private void branch(Operation.Label target) {
        var condition = Condition.values()[random.nextInt(Condition.values().length)];
        boolean narrow = random.nextInt(4) == 0;
        var left = narrow ? (Operand.Register) builder.extend(register(), 32, random.nextBoolean()) : register();
        builder.branch(condition, left, narrow && random.nextBoolean() ? Operand.of(constant()) : number(), target);
    }

    /** Statements in a scope of their own, after which what they made is forgotten. */
    private void scope(int most) {
        int numbersBefore = numbers.size();
        int pointersBefore = pointers.size();
        int slotsBefore = slots.size();
        depth++;
        statements(1 + random.nextInt(most));
        depth--;
        numbers.subList(numbersBefore, numbers.size()).clear();
        pointers.subList(pointersBefore, pointers.size()).clear();
        slots.subList(slotsBefore, slots.size()).clear();
    }

    private void branchAround() {
        if (depth < 3) {
            var end = builder.label();
            branch(end);
            scope(4);
            builder.place(end);
        }
    }

    private void choose() {
        if (depth >= 3) {
            return;
        }
        var otherwise = builder.label();
        var end = builder.label();
        branch(otherwise);
        scope(3);
        if (main && random.nextInt(12) == 0) {
            builder.add(new Operation.Return(random.nextBoolean() ? Operand.of(random.nextInt(3)) : number()));
        } else {
            builder.jump(end);
        }
        builder.place(otherwise);
        scope(3);
        builder.place(end);
    }

    /** A comparison as a number, tested or kept. */
    private void truth() {
        var holds = builder.label();
        var end = builder.label();
        var truth = builder.register();
        branch(holds);
        builder.copy(truth, Operand.of(0));
        builder.jump(end);
        builder.place(holds);
        builder.copy(truth, Operand.of(1));
        builder.place(end);
        if (random.nextBoolean()) {
            numbers.add(truth);
        } else {
            var skip = builder.label();
            builder.branch(Condition.EQ, truth, Operand.of(0), skip);
            scope(3);
            builder.place(skip);
        }
    }

    private void loop() {
        if (loopDepth >= 2 || depth >= 3 || !shape.loops()) {
            return;
        }
        var head = builder.label();
        var end = builder.label();
        var counter = builder.register();
        boolean budget = random.nextInt(4) == 0;
        builder.copy(counter, Operand.of(0));
        builder.place(head);
        if (budget) {
            builder.add(new Operation.LoopBudget(end));
        }
        builder.branch(Condition.GE, counter, Operand.of(1 + random.nextInt(4)), end);
        loopDepth++;
        scope(5);
        loopDepth--;
        if (random.nextInt(3) == 0) {
            branch(end);
        }
        builder.add(new Operation.Alu(AluOperation.ADD, counter, counter, Operand.of(1)));
        builder.jump(head);
        builder.place(end);
    }
}
