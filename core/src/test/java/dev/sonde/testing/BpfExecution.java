package dev.sonde.testing;

import dev.sonde.asm.Disassembler;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** One run of one program. */
final class BpfExecution {
    private static final int MAX_FRAMES = 8;
    private static final long FUNCTION_TAG = 0x2f00_0000_0000_0000L;

    final BpfMachine machine;
    final BpfMemory memory = new BpfMemory();
    final long context;
    /** Reserved records by the address the program got. */
    final Map<Long, MapCalls.Reservation> reservations = new HashMap<>();
    private final byte[] instructions;
    private final long[] words;
    private final Map<FakeMap, Long> handles = new IdentityHashMap<>();
    private final Map<Long, FakeMap> handled = new HashMap<>();
    private final Deque<BpfFrame> frames = new ArrayDeque<>();
    private final StackDepths depths = new StackDepths();
    private final HelperCalls helpers;
    private int executed;
    private int loops;
    private int slot;

    BpfExecution(BpfMachine machine, byte[] instructions, byte[] context) {
        this.machine = machine;
        this.instructions = instructions;
        this.words = words(instructions);
        this.context = memory.add(MemoryRegion.of("context", context, false));
        this.helpers = new HelperCalls(this);
    }

    private static long[] words(byte[] instructions) {
        long[] words = new long[instructions.length / 8];
        for (int i = 0; i < instructions.length; i++) {
            words[i / 8] |= (instructions[i] & 0xffL) << 8 * (i % 8);
        }
        return words;
    }

    long run() {
        try {
            var frame = new BpfFrame(0, memory);
            frame.set(1, context);
            long result = execute(frame).get(0);
            if (!reservations.isEmpty()) {
                throw new MachineFailure("Unreleased reference: " + reservations.size() + " records");
            }
            depths.check();
            return result;
        } catch (MachineFailure failure) {
            throw new MachineFailure(failure.getMessage() + ", at " + where());
        }
    }

    private String where() {
        if (slot < 0 || slot >= words.length) {
            return "slot " + slot + " of " + words.length;
        }
        String text = Disassembler.text(Arrays.copyOfRange(instructions, slot * 8, Math.min(instructions.length, slot * 8 + 16)));
        return "slot " + slot + ": " + text.lines().findFirst().orElse("").substring("   0: ".length());
    }

    /** Runs a function and returns its frame with what it left in R0. */
    private BpfFrame execute(BpfFrame frame) {
        frames.addLast(frame);
        if (frames.size() > MAX_FRAMES) {
            throw new MachineFailure("the call stack of " + frames.size() + " frames is too deep");
        }
        depths.enter(frames);
        slot = frame.function;
        while (step(frame)) {
            if (++executed > BpfMachine.INSTRUCTION_BUDGET) {
                throw new MachineFailure("more than " + BpfMachine.INSTRUCTION_BUDGET + " instructions");
            }
        }
        depths.leave(frame);
        frame.stack.release();
        frames.removeLast();
        return frame;
    }

    /** A callback of a helper; the verifier allows it only 0 and 1 as results. */
    long callback(long function, long... arguments) {
        int caller = slot;
        var frame = new BpfFrame(functionSlot(function), memory);
        for (int i = 0; i < arguments.length; i++) {
            frame.set(1 + i, arguments[i]);
        }
        long result = execute(frame).get(0);
        if (result != 0 && result != 1) {
            throw new MachineFailure("At callback return the register R0 has value " + result + " should have been in [0, 1]");
        }
        slot = caller;
        return result;
    }

    private static int functionSlot(long function) {
        if ((function & 0xff00_0000_0000_0000L) != FUNCTION_TAG) {
            throw new MachineFailure("a call of 0x" + Long.toHexString(function) + ", which is no function");
        }
        return (int) function;
    }

    /** The map that a program's map pointer stands for. */
    FakeMap map(long handle) {
        FakeMap map = handled.get(handle);
        if (map == null) {
            throw new MachineFailure("0x" + Long.toHexString(handle) + " where a map is expected");
        }
        return map;
    }

    /** One instruction; false at the end of the function. */
    private boolean step(BpfFrame frame) {
        if (slot < 0 || slot >= words.length) {
            throw new MachineFailure("jump out of range");
        }
        long word = words[slot];
        int opcode = (int) word & 0xff;
        switch (opcode & 7) {
            case 0 -> loadWide(frame, word);
            case 1 -> load(frame, word);
            case 2 -> store(frame, word, immediate(word));
            case 3 -> storeRegister(frame, word);
            case 4, 7 -> arithmetic(frame, word);
            default -> {
                return jump(frame, word);
            }
        }
        slot++;
        return true;
    }

    private static int dst(long word) {
        return (int) (word >>> 8) & 15;
    }

    private static int src(long word) {
        return (int) (word >>> 12) & 15;
    }

    private static int offset(long word) {
        return (short) (word >>> 16);
    }

    private static int immediate(long word) {
        return (int) (word >> 32);
    }

    private static int width(long word) {
        return switch ((int) word & 0x18) {
            case 0x00 -> 4;
            case 0x08 -> 2;
            case 0x10 -> 1;
            default -> 8;
        };
    }

    private void loadWide(BpfFrame frame, long word) {
        if (((int) word & 0xff) != 0x18 || slot + 1 >= words.length || (words[slot + 1] & 0xffffffffL) != 0) {
            throw new MachineFailure("invalid BPF_LD_IMM insn");
        }
        int high = immediate(words[slot + 1]);
        long value = switch (src(word)) {
            case 0 -> immediate(word) & 0xffffffffL | (long) high << 32;
            case 1 -> handle(immediate(word));
            case 2 -> directValue(map(immediate(word)), high);
            case 4 -> FUNCTION_TAG | slot + 1 + immediate(word);
            default -> throw new MachineFailure("a 64-bit load of kind " + src(word));
        };
        frame.set(dst(word), value);
        slot++;
    }

    private FakeMap map(int index) {
        FakeMap map = machine.maps.get(index);
        if (map == null) {
            throw new MachineFailure("no map " + index);
        }
        return map;
    }

    /** What a program has as pointer to the map of an index. */
    long handle(int index) {
        FakeMap map = map(index);
        long handle = handles.computeIfAbsent(map, _ -> memory.add(MemoryRegion.of("map", new byte[0], false)));
        handled.put(handle, map);
        return handle;
    }

    private long directValue(FakeMap map, int offset) {
        if (map.type() != FakeMap.ARRAY || map.maxEntries() != 1 || offset < 0 || offset >= map.valueSize()) {
            throw new MachineFailure("invalid direct access to a map value at " + offset);
        }
        return memory.addressOf(map.element(0), "map value", true) + offset;
    }

    private void load(BpfFrame frame, long word) {
        int mode = (int) word & 0xe0;
        int width = width(word);
        if (mode != 0x60 && (mode != 0x80 || width == 8)) {
            throw new MachineFailure("unknown opcode");
        }
        long value = read(frame.get(src(word)) + offset(word), width);
        frame.set(dst(word), mode == 0x80 ? Arithmetic.signExtend(value, width * 8) : value);
    }

    private long read(long address, int width) {
        if (machine.scene.directKernelLoads && address < 0) {
            return machine.scene.kernel.read(address, width).map(bytes -> MemoryRegion.of("", bytes, false).load(0, width)).orElse(0L);
        }
        return memory.load(address, width);
    }

    private void store(BpfFrame frame, long word, long value) {
        if (((int) word & 0xe0) != 0x60) {
            throw new MachineFailure("unknown opcode");
        }
        memory.store(frame.get(dst(word)) + offset(word), width(word), value);
    }

    private void storeRegister(BpfFrame frame, long word) {
        if (((int) word & 0xe0) == 0xc0) {
            atomic(frame, word);
        } else {
            store(frame, word, frame.get(src(word)));
        }
    }

    private void atomic(BpfFrame frame, long word) {
        int width = width(word);
        if (width < 4) {
            throw new MachineFailure("atomic access of " + width + " bytes");
        }
        long address = frame.get(dst(word)) + offset(word);
        if (BpfMemory.offset(address) % width != 0) {
            throw new MachineFailure("misaligned atomic access");
        }
        long old = memory.load(address, width);
        long operand = frame.get(src(word));
        int operation = immediate(word);
        if (operation == 0xf1) {
            compareExchange(frame, address, width, old, operand);
        } else {
            memory.store(address, width, combine(operation & ~1, old, operand));
            if ((operation & 1) != 0) {
                frame.set(src(word), old);
            }
        }
    }

    private void compareExchange(BpfFrame frame, long address, int width, long old, long operand) {
        long expected = Arithmetic.truncate(frame.get(0), width * 8);
        memory.store(address, width, old == expected ? operand : old);
        frame.set(0, old);
    }

    private static long combine(int operation, long old, long operand) {
        return switch (operation) {
            case 0x00 -> old + operand;
            case 0x40 -> old | operand;
            case 0x50 -> old & operand;
            case 0xa0 -> old ^ operand;
            case 0xe0 -> operand;
            default -> throw new MachineFailure("atomic operation 0x" + Integer.toHexString(operation));
        };
    }

    private void arithmetic(BpfFrame frame, long word) {
        int code = (int) word & 0xf0;
        boolean wide = ((int) word & 7) == 7;
        if (code == 0xd0) {
            frame.set(dst(word), swapped(word, wide, frame.get(dst(word))));
            return;
        }
        long left = code == 0xb0 ? 0 : frame.get(dst(word));
        long right = ((int) word & 8) != 0 ? frame.get(src(word)) : immediate(word);
        requireForm(code, word, wide);
        int form = offset(word);
        frame.set(dst(word), wide ? Arithmetic.wide(code, form, left, right) : Arithmetic.narrow(code, form, (int) left, (int) right));
    }

    /** Only divisions, moves and negations have forms. */
    private static void requireForm(int code, long word, boolean wide) {
        int offset = offset(word);
        boolean register = ((int) word & 8) != 0;
        boolean known = switch (code) {
            case 0x30, 0x90 -> offset == 0 || offset == 1;
            case 0xb0 -> offset == 0 || register && (offset == 8 || offset == 16 || offset == 32 && wide);
            case 0x80 -> !register && src(word) == 0 && offset == 0 && immediate(word) == 0;
            default -> offset == 0;
        };
        if (!known) {
            throw new MachineFailure("arithmetic uses reserved fields");
        }
        requireImmediate(code, register, wide, immediate(word));
    }

    private static void requireImmediate(int code, boolean register, boolean wide, int immediate) {
        boolean shift = code == 0x60 || code == 0x70 || code == 0xc0;
        if (!register && shift && (immediate < 0 || immediate >= (wide ? 64 : 32))) {
            throw new MachineFailure("invalid shift " + immediate);
        }
        if (!register && (code == 0x30 || code == 0x90) && immediate == 0) {
            throw new MachineFailure("div by zero");
        }
    }

    private static long swapped(long word, boolean wide, long value) {
        int bits = immediate(word);
        boolean swaps = wide || ((int) word & 8) != 0;
        return swaps ? Arithmetic.swap(value, bits) : Arithmetic.truncate(value, bits);
    }

    private boolean jump(BpfFrame frame, long word) {
        int code = (int) word & 0xf0;
        boolean narrow = ((int) word & 7) == 6;
        switch (code) {
            case 0x00 -> slot += narrow ? immediate(word) : offset(word);
            case 0x80 -> call(frame, word);
            case 0x90 -> {
                return false;
            }
            case 0xe0 -> slot += loops++ < machine.loopBudget ? 0 : offset(word);
            default -> slot += taken(frame, word, code, narrow) ? offset(word) : 0;
        }
        slot++;
        return true;
    }

    private static boolean taken(BpfFrame frame, long word, int code, boolean narrow) {
        long left = frame.get(dst(word));
        long right = ((int) word & 8) != 0 ? frame.get(src(word)) : immediate(word);
        return narrow ? Arithmetic.holds(code, (int) left, (int) right) : Arithmetic.holds(code, left, right);
    }

    private void call(BpfFrame frame, long word) {
        switch (src(word)) {
            case 0 -> {
                long result = helpers.call(immediate(word), frame);
                frame.clobber();
                frame.set(0, result);
            }
            case 1 -> callLocal(frame, slot + 1 + immediate(word));
            case 2 -> callKernel(frame, immediate(word));
            default -> throw new MachineFailure("a call of kind " + src(word));
        }
    }

    private void callLocal(BpfFrame frame, int target) {
        int caller = slot;
        var callee = new BpfFrame(target, memory);
        frame.passTo(callee);
        execute(callee);
        frame.clobber();
        if (callee.isSet(0)) {
            frame.set(0, callee.get(0));
        }
        slot = caller;
    }

    private void callKernel(BpfFrame frame, int btfId) {
        BpfMachine.KernelFunction function = machine.kernelFunctions.get(btfId);
        if (function == null) {
            throw new MachineFailure("no kernel function " + btfId);
        }
        long result = function.call(frame.arguments(), memory);
        frame.clobber();
        frame.set(0, result);
    }
}
