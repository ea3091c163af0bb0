package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.spec.UnwindLayout;
import java.util.Optional;

/**
 * Makes the function that walks a user stack by unwind tables. It gets a buffer in a map's memory, which starts with the number of frames and their
 * addresses and ends with the registers, and the process's entry or null, both as {@link UnwindLayout} and the offsets here say. An address that is
 * in no range of the process is looked for in the file that the kernel has mapped there. For the verifier every frame looks alike, since what changes
 * is in the buffer.
 */
final class UnwindWalk {
    static final String NAME = "unwind";
    /** Frames in the buffer: a power of two, so that a mask keeps an index in it. */
    static final int ROOM = Stacks.MOST + 1;
    /** In the buffer: the instruction pointer, stack pointer and frame pointer. */
    static final int IP = 8 * (ROOM + 2);
    static final int SP = IP + 8;
    static final int BP = IP + 16;
    /** In the buffer: 1 when the instruction pointer is where the code was, 0 when it is a return address. */
    static final int EXACT = IP + 24;
    /** In the buffer: how many frames are wanted. */
    static final int LIMIT = IP + 32;
    /** In the buffer: not 0 when an address was met in no range of the process for the first time. */
    static final int MISSED = IP + 40;
    /** In the buffer: 1 when calls are wanted as frames, 0 when the addresses to which they return are. */
    static final int CALLS = IP + 48;
    /** In the buffer: not 0 when there was no rule for the first frame. */
    static final int UNKNOWN = IP + 56;
    /** In the buffer, where the instruction pointer is where the code was: the link register, of processors that have one. */
    static final int LINK = IP + 64;
    static final int BYTES = IP + 72;

    final IrBuilder ir;
    /** Where a walk goes on when it has found a caller. */
    final Operation.Label next;
    /** Where it goes when there is no caller. */
    final Operation.Label end;
    /** Where it goes when only the frame pointer can help. */
    final Operation.Label byFramePointer;
    private final UnwindStep processor;
    private final Maps maps;
    private final Operand.Register buffer;
    private final Operand.Register process;
    private final Address read;
    private final Address key;

    private UnwindWalk(IrBuilder ir, UnwindStep processor, Maps maps) {
        this.ir = ir;
        this.processor = processor;
        this.maps = maps;
        this.buffer = ir.parameter(0);
        this.process = ir.parameter(1);
        this.read = new Address.InFrame(ir.slot(16, 8), 0);
        this.key = new Address.InFrame(ir.slot(8, 8), 0);
        this.next = ir.label();
        this.end = ir.label();
        this.byFramePointer = ir.label();
    }

    /**
     * What the function is made for.
     *
     * @param rows the index of the map of rows
     * @param files the index of the map of files
     * @param file the place of the mapped file in the kernel's structures; empty where that cannot be asked for
     * @param budget whether the kernel has may_goto
     */
    record Maps(int rows, int files, Optional<MappedFile> file, boolean budget) {}

    /** Makes the function. */
    static void make(IrBuilder ir, UnwindStep processor, Maps maps) {
        new UnwindWalk(ir, processor, maps).function();
    }

    private void function() {
        Operand.Register round = ir.constant(0);
        ir.place(next);
        if (maps.budget()) {
            ir.add(new Operation.LoopBudget(end));
        } else {
            ir.branch(Condition.GE, round, ROOM, end);
            ir.copy(round, ir.alu(AluOperation.ADD, round, 1));
        }
        Operand.Register ip = frame();
        Operand.Register rule = rule(range(ip));
        processor.follow(this, rule, ip);
        ir.place(byFramePointer);
        framePointer();
        ir.place(end);
        Operand.Register count = get(0);
        ir.store(new Address.AtRegister(slot(count), 8), 8, Operand.of(0));
        ir.ret(0);
    }

    private Address in(int offset) {
        return new Address.AtRegister(buffer, offset);
    }

    /** Where frame {@code index} lies, but for 8 bytes. */
    private Operand.Register slot(Operand.Register index) {
        return ir.alu(AluOperation.ADD, buffer, ir.alu(AluOperation.LSH, ir.alu(AluOperation.AND, index, ROOM - 1), 3));
    }

    /** Notes the frame whose registers are in the buffer; gives the address whose rule counts: of a return address, that of the call. */
    private Operand.Register frame() {
        Operand.Register count = get(0);
        ir.branch(Condition.GE, count, get(LIMIT), end);
        Operand.Register ip = get(IP);
        ir.branch(Condition.EQ, ip, 0, end);
        Operand.Register back = ir.alu(AluOperation.XOR, get(EXACT), 1);
        Operand.Register shown = ir.alu(AluOperation.SUB, ip, ir.alu(AluOperation.AND, back, get(CALLS)));
        ir.store(new Address.AtRegister(slot(count), 8), 8, shown);
        ir.store(in(0), 8, ir.alu(AluOperation.ADD, count, 1));
        return ir.alu(AluOperation.SUB, ip, back);
    }

    /** The part of a table that is good for an address: a range in a process's entry or a file's, and how far in it the address is. */
    private record Place(Operand.Register range, Operand.Register distance) {}

    /** The range that covers {@code ip}: of the process or, when it has none, of the file that is mapped there. */
    private Place range(Operand.Register ip) {
        Operand.Register entry = ir.register();
        Operand.Register wanted = ir.register();
        Operand.Register inFile = ir.register();
        Operation.Label byFile = ir.label();
        Operation.Label search = ir.label();
        Operation.Label covered = ir.label();
        ir.copy(inFile, Operand.of(0));
        ir.copy(wanted, ip);
        ir.branch(Condition.EQ, process, 0, byFile);
        ir.copy(entry, process);
        ir.place(search);
        Operand.Register range = find(entry, wanted);
        Operand.Register distance = ir.alu(AluOperation.SUB, wanted, ir.load(field(range, UnwindLayout.START), 8, false));
        ir.branch(Condition.LT, distance, ir.load(field(range, UnwindLayout.SIZE), 4, false), covered);
        ir.branch(Condition.NE, inFile, 0, byFramePointer);
        miss();
        ir.place(byFile);
        maps.file().ifPresentOrElse(file -> {
            ir.copy(wanted, ip);
            ir.copy(entry, file.look(ir, wanted, maps.files(), byFramePointer));
            ir.copy(inFile, Operand.of(1));
            ir.jump(search);
        }, () -> ir.jump(byFramePointer));
        ir.place(covered);
        return new Place(range, distance);
    }

    /** The last range of {@code entry} that starts up to {@code wanted}. */
    private Operand.Register find(Operand.Register entry, Operand.Register wanted) {
        Operand.Register index = ir.constant(0);
        Operand.Register last = ir.alu(AluOperation.SUB, ir.load(new Address.AtRegister(entry, UnwindLayout.COUNT), 4, false), 1);
        for (int step = UnwindLayout.MOST_RANGES / 2; step > 0; step /= 2) {
            Operand.Register next = ir.alu(AluOperation.ADD, index, step);
            step(index, step, next, last, ir.load(field(range(entry, next), UnwindLayout.START), 8, false), wanted);
        }
        return range(entry, index);
    }

    /**
     * Goes {@code step} further to {@code next}, when that is not behind {@code last} and starts up to {@code wanted}: both differences are not
     * negative then. Without a branch, so that the verifier follows a search once, and the processor has nothing to guess.
     */
    private void step(Operand.Register index, int step, Operand.Register next, Operand.Register last, Operand.Register start,
            Operand.Register wanted) {
        Operand.Register negative = ir.alu(AluOperation.OR, ir.alu(AluOperation.SUB, last, next), ir.alu(AluOperation.SUB, wanted, start));
        Operand.Register taken = ir.alu(AluOperation.XOR, ir.alu(AluOperation.ARSH, negative, 63), -1);
        ir.copy(index, ir.alu(AluOperation.ADD, index, ir.alu(AluOperation.AND, taken, step)));
    }

    /** Notes that the process's entry lacks an address, once. */
    private void miss() {
        Operation.Label noted = ir.label();
        Address missed = new Address.AtRegister(process, UnwindLayout.MISSED);
        ir.branch(Condition.NE, ir.load(missed, 4, false), 0, noted);
        ir.store(missed, 4, Operand.of(1));
        set(MISSED, Operand.of(1));
        ir.place(noted);
    }

    private static Address field(Operand.Register range, int offset) {
        return new Address.AtRegister(range, UnwindLayout.RANGES + offset);
    }

    /** Where range {@code index} of {@code entry} lies, but for {@link UnwindLayout#RANGES}. */
    private Operand.Register range(Operand.Register entry, Operand.Register index) {
        Operand.Register masked = ir.alu(AluOperation.AND, index, UnwindLayout.MOST_RANGES - 1);
        return ir.alu(AluOperation.ADD, entry, ir.alu(AluOperation.MUL, masked, UnwindLayout.RANGE_BYTES));
    }

    /** The rule that holds at {@code place}. */
    private Operand.Register rule(Place place) {
        Operand.Register offset = ir.alu(AluOperation.ADD, place.distance(), ir.load(field(place.range(), UnwindLayout.OFFSET), 4, false));
        Operand.Register shard = ir.load(field(place.range(), UnwindLayout.SHARD), 2, false);
        Operand.Register index = ir.register();
        ir.copy(index, ir.load(field(place.range(), UnwindLayout.FIRST), 2, false));
        Operand.Register last = ir.load(field(place.range(), UnwindLayout.LAST), 2, false);
        ir.branch(Condition.EQ, shard, UnwindLayout.NO_SHARD, byFramePointer);
        Operand.Register rows = rows(shard);
        for (int step = UnwindLayout.SHARD_ROWS / 2; step > 0; step /= 2) {
            Operand.Register next = ir.alu(AluOperation.ADD, index, step);
            step(index, step, next, last, ir.load(new Address.AtRegister(row(rows, next), 0), 4, false), offset);
        }
        return ir.load(new Address.AtRegister(row(rows, index), 4), 4, false);
    }

    private Operand.Register rows(Operand.Register shard) {
        ir.store(key, 4, shard);
        Operand.Register inner = ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(maps.rows()), ir.addressOf(key));
        ir.branch(Condition.EQ, inner, 0, byFramePointer);
        ir.store(key, 4, Operand.of(0));
        Operand.Register rows = ir.call(BpfHelper.MAP_LOOKUP_ELEM, inner, ir.addressOf(key));
        ir.branch(Condition.EQ, rows, 0, byFramePointer);
        return rows;
    }

    private Operand.Register row(Operand.Register rows, Operand.Register index) {
        return ir.alu(AluOperation.ADD, rows, ir.alu(AluOperation.LSH, ir.alu(AluOperation.AND, index, UnwindLayout.SHARD_ROWS - 1), 3));
    }

    /** Code without a table: compiled while the process runs, or by a compiler that keeps frame pointers. */
    private void framePointer() {
        Operation.Label later = ir.label();
        ir.branch(Condition.NE, get(0), 1, later);
        set(UNKNOWN, Operand.of(1));
        ir.place(later);
        Operand.Register bp = get(BP);
        ir.branch(Condition.LT, bp, get(SP), end);
        load(bp, 16);
        set(BP, word(0));
        set(IP, processor.returnAddress(ir, word(1)));
        set(SP, ir.alu(AluOperation.ADD, bp, processor.behindFrameRecord()));
        set(EXACT, Operand.of(0));
        ir.jump(next);
    }

    /** Reads user memory, up to two words; the stack ends where it cannot be read. */
    void load(Operand.Register address, int size) {
        Operand.Register failed = ir.call(BpfHelper.PROBE_READ_USER, ir.addressOf(read), Operand.of(size), address);
        ir.branch(Condition.NE, failed, 0, end);
    }

    /** Word {@code index} of what was read. */
    Operand.Register word(int index) {
        return ir.load(read.plus(8 * index), 8, false);
    }

    /** What the buffer has at {@code place}. */
    Operand.Register get(int place) {
        return ir.load(in(place), 8, false);
    }

    void set(int place, Operand value) {
        ir.store(in(place), 8, value);
    }
}
