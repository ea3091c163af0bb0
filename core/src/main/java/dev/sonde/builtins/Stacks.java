package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.types.StackMode;
import dev.sonde.types.Type;
import java.util.Optional;

/**
 * kstack and ustack: the addresses are read into a temporary, hashed, and kept once by their hash in the stack map. An entry of the stack map is a
 * word
 * with the number of frames, then the addresses.
 */
final class Stacks {
    /** Most frames of a stack, as the kernel's perf_event_max_stack has it. */
    static final int MOST = 127;
    /** Of so few frames all words are hashed, those behind the last one too. */
    static final int FEW = 16;
    /** BPF_F_USER_STACK */
    private static final int USER_STACK = 256;
    /** FNV-1a's prime, a word at a time. */
    private static final long PRIME = 0x100000001b3L;

    private Stacks() {}

    static Type check(Checking call) {
        int words = words(call);
        if (!call.arguments(0, words == 2 ? 3 : 2)) {
            return Type.NONE;
        }
        StackMode mode = call.settings().options().stackMode();
        for (int i = 0; i < words; i++) {
            Optional<StackMode> named = mode(call, i);
            if (named.isEmpty() && (kernel(call) || unwinding(call, i).isEmpty())) {
                return call.fail(call.span(i), DiagnosticCode.UNKNOWN_NAME, "Error parsing stack mode: " + call.name()
                        + ": Invalid value for stack_mode: valid values are bpftrace, raw, perf, and build_id.");
            }
            mode = named.orElse(mode);
        }
        if (call.count() > words + 1) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "Expected stack mode as first argument");
        }
        if (mode == StackMode.BUILD_ID && kernel(call)) {
            if (words > 0) {
                return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "'build_id' stack mode can only be used for ustack");
            }
            call.report(call.span(), DiagnosticCode.SUSPICIOUS, "'build_id' stack mode can only be used for ustack. Falling back to 'raw' mode.");
            mode = StackMode.RAW;
        }
        return unwound(call) && !DwarfStacks.check(call) ? Type.NONE : new Type.Stack(kernel(call), mode, limit(call, words));
    }

    /** How many arguments are words: they come first, and there are two when one says how the stack is walked. */
    private static int words(Checking call) {
        boolean first = isWord(call, 0);
        boolean second = first && isWord(call, 1) && !kernel(call) && (unwinding(call, 0).isPresent() || unwinding(call, 1).isPresent());
        return second ? 2 : first ? 1 : 0;
    }

    private static boolean isWord(Checking call, int index) {
        return index < call.count() && call.type(index) == Type.NONE && call.word(index).isPresent();
    }

    /** Whether the stack is walked by unwind tables. */
    private static boolean unwound(Checking call) {
        if (kernel(call)) {
            return false;
        }
        for (int i = words(call) - 1; i >= 0; i--) {
            if (unwinding(call, i).isPresent()) {
                return unwinding(call, i).get() == Settings.Unwinding.DWARF;
            }
        }
        return showsCalls(call) || call.settings().unwinding() == Settings.Unwinding.DWARF;
    }

    /** Whether frames are told by their calls, as dw_ustack does, and not by the addresses behind them. */
    static boolean showsCalls(Checking call) {
        return call.name().startsWith("dw_");
    }

    private static Optional<Settings.Unwinding> unwinding(Checking call, int index) {
        for (Settings.Unwinding unwinding : Settings.Unwinding.values()) {
            if (unwinding != Settings.Unwinding.AUTO && unwinding.word().equals(call.word(index).orElse(""))) {
                return Optional.of(unwinding);
            }
        }
        return Optional.empty();
    }

    /** The number of frames that argument {@code index}, when there is one, asks for. */
    private static int limit(Checking call, int index) {
        if (index >= call.count()) {
            return MOST;
        }
        if (call.constant(index).isEmpty() || call.constant(index).getAsLong() < 0) {
            call.report(call.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + ": invalid limit value", "A stack has up to " + MOST + " frames.");
            return MOST;
        }
        if (call.constant(index).getAsLong() > MOST) {
            call.report(call.span(), DiagnosticCode.SUSPICIOUS, call.name() + ": no more than " + MOST + " frames are kept of a stack");
        }
        return (int) Math.min(MOST, call.constant(index).getAsLong());
    }

    private static boolean kernel(Checking call) {
        return call.name().startsWith("k");
    }

    private static Optional<StackMode> mode(Checking call, int index) {
        for (StackMode mode : StackMode.values()) {
            if (mode.word().equals(call.word(index).orElse(""))) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    static Value lower(Lowering call) {
        var stack = (Type.Stack) call.type();
        IrBuilder ir = call.ir();
        // The result is built last: reading the frames may need the place where it goes.
        boolean unwound = unwound(call) && stack.limit() > 0;
        Address words = call.temporary(unwound ? UnwindWalk.BYTES : 8 * (MOST + 3));
        Operand.Register start = unwound ? DwarfStacks.read(call, stack, words) : read(call, stack, words);
        Operand.Register id = hash(call, start, Math.max(1, stack.limit()));
        keep(call, start, id);
        Address to = call.destination();
        ir.store(to, 8, id);
        ir.store(to.plus(8), 8, stack.kernel() ? Operand.of(0) : ir.alu(AluOperation.RSH, call.pidTgid(), 32));
        return new Value.InMemory(stack, to);
    }

    /** Reads the frames; gives the address of the word with their number, which the addresses follow. */
    static Operand.Register read(Lowering call, Type.Stack stack, Address words) {
        Optional<ProbeContext.Source> caller = stack.kernel() ? Optional.empty() : call.context().returnAddress();
        Address start = caller.isPresent() ? words.plus(8) : words;
        IrBuilder ir = call.ir();
        if (stack.limit() == 0) {
            ir.store(start, 8, Operand.of(0));
            ir.store(start.plus(8), 8, Operand.of(0));
            return ir.addressOf(start);
        }
        Operand.Register size = ir.call(BpfHelper.GET_STACK, call.contextPointer(), ir.addressOf(start.plus(8)), Operand.of(8L * Math.max(1,
                stack.limit())),
                Operand.of(stack.kernel() ? 0 : USER_STACK));
        Operand.Register count = ir.register();
        Operation.Label some = ir.label();
        Operation.Label counted = ir.label();
        ir.branch(Condition.SGT, size, 0, some);
        ir.copy(count, Operand.of(0));
        ir.store(start.plus(8), 8, Operand.of(0));
        ir.jump(counted);
        ir.place(some);
        ir.copy(count, ir.alu(AluOperation.RSH, size, 3));
        ir.place(counted);
        ir.store(start, 8, count);
        Operand.Register first = ir.register();
        ir.copy(first, ir.addressOf(start));
        caller.ifPresent(source -> insertCaller(call, stack, words, count, first, source));
        return first;
    }

    /** A walk by frame pointers at a function's first instruction misses its caller, whose address is still at the top of the stack. */
    private static void insertCaller(Lowering call, Type.Stack stack, Address words, Operand.Register count, Operand.Register first,
            ProbeContext.Source source) {
        IrBuilder ir = call.ir();
        Operation.Label known = ir.label();
        Operand.Register caller = ir.inRegister(call.scalar(call.read(source)));
        ir.branch(Condition.EQ, count, 0, known);
        ir.branch(Condition.EQ, caller, 0, known);
        ir.branch(Condition.EQ, caller, ir.load(words.plus(24), 8, false), known);
        Operand.Register more = ir.register();
        Operation.Label room = ir.label();
        ir.copy(more, ir.alu(AluOperation.ADD, count, 1));
        ir.branch(Condition.LE, more, Math.max(1, stack.limit()), room);
        ir.copy(more, Operand.of(Math.max(1, stack.limit())));
        ir.place(room);
        ir.store(words, 8, more);
        ir.store(words.plus(8), 8, ir.load(words.plus(16), 8, false));
        ir.store(words.plus(16), 8, caller);
        ir.copy(first, ir.addressOf(words));
        ir.place(known);
    }

    /** A hash of the frames, never 0: the kernel leaves zeros after the last, so a fixed number of words is hashed when they are few. */
    private static Operand.Register hash(Lowering call, Operand.Register start, int limit) {
        IrBuilder ir = call.ir();
        Operand.Register hash = ir.constant(0xcbf29ce484222325L);
        Operand.Register prime = ir.constant(PRIME);
        if (limit <= FEW) {
            for (int i = 0; i <= limit; i++) {
                mix(ir, hash, prime, ir.load(new Address.AtRegister(start, 8 * i), 8, false));
            }
        } else {
            Operation.Label next = ir.label();
            Operation.Label end = ir.label();
            Counters counters = Counters.zero(call, 1, 8L * limit);
            counters.round(next, end);
            Operand.Register offset = counters.get(0);
            ir.branch(Condition.GE, offset, 8L * limit, end);
            Operand.Register word = ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, start, offset), 8), 8, false);
            ir.branch(Condition.EQ, word, 0, end);
            mix(ir, hash, prime, word);
            counters.set(0, ir.alu(AluOperation.ADD, offset, 8));
            ir.jump(next);
            ir.place(end);
        }
        return ir.alu(AluOperation.OR, hash, 1);
    }

    private static void mix(IrBuilder ir, Operand.Register hash, Operand.Register prime, Operand.Register word) {
        Operand.Register mixed = ir.alu(AluOperation.MUL, ir.alu(AluOperation.XOR, hash, word), prime);
        ir.copy(hash, ir.alu(AluOperation.XOR, mixed, ir.alu(AluOperation.RSH, mixed, 32)));
    }

    private static void keep(Lowering call, Operand.Register start, Operand.Register id) {
        IrBuilder ir = call.ir();
        Address key = call.temporary(8);
        ir.store(key, 8, id);
        int map = call.internalMap(Lowering.Internal.STACKS);
        Operation.Label known = ir.label();
        ir.branch(Condition.NE, ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(map), ir.addressOf(key)), 0, known);
        ir.callFor(BpfHelper.MAP_UPDATE_ELEM, ir.map(map), ir.addressOf(key), start, Operand.of(0));
        ir.place(known);
    }
}
