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
    static final int BYTES = IP + 64;

    private static final int SIGNAL_BP = 120;
    private static final int SIGNAL_SP = 160;

    private final IrBuilder ir;
    private final Maps maps;
    private final Operand.Register buffer;
    private final Operand.Register process;
    private final Address read;
    private final Address key;
    private final Operation.Label next;
    private final Operation.Label end;
    private final Operation.Label byFramePointer;

    private UnwindWalk(IrBuilder ir, Maps maps) {
        this.ir = ir;
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
    static void make(IrBuilder ir, Maps maps) {
        new UnwindWalk(ir, maps).function();
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
        follow(rule, ip);
        ir.place(byFramePointer);
        framePointer();
        ir.place(end);
        Operand.Register count = ir.load(in(0), 8, false);
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
        Operand.Register count = ir.load(in(0), 8, false);
        ir.branch(Condition.GE, count, ir.load(in(LIMIT), 8, false), end);
        Operand.Register ip = ir.load(in(IP), 8, false);
        ir.branch(Condition.EQ, ip, 0, end);
        Operand.Register back = ir.alu(AluOperation.XOR, ir.load(in(EXACT), 8, false), 1);
        Operand.Register shown = ir.alu(AluOperation.SUB, ip, ir.alu(AluOperation.AND, back, ir.load(in(CALLS), 8, false)));
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
        ir.store(in(MISSED), 8, Operand.of(1));
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

    /** Finds the caller by {@code rule} and goes to {@link #next}, or to {@link #end} where there is none. */
    private void follow(Operand.Register rule, Operand.Register ip) {
        Operand.Register kind = ir.alu(AluOperation.AND, rule, (1 << UnwindLayout.KIND_BITS) - 1);
        Operand.Register offset = ir.alu(AluOperation.LSH,
                ir.alu(AluOperation.ARSH, ir.inRegister(ir.extend(rule, 32, true)), UnwindLayout.OFFSET_SHIFT), 3);
        Operand.Register slots = ir.register();
        ir.copy(slots, ir.alu(AluOperation.AND, ir.alu(AluOperation.RSH, rule, UnwindLayout.KIND_BITS), (1 << UnwindLayout.SLOT_BITS) - 1));
        Operand.Register cfa = ir.register();
        Operation.Label known = ir.label();
        Operation.Label framePointer = ir.label();
        Operation.Label aligned = ir.label();
        Operation.Label signal = ir.label();
        ir.branch(Condition.EQ, kind, UnwindLayout.UNKNOWN, byFramePointer);
        ir.branch(Condition.EQ, kind, UnwindLayout.FRAME_POINTER, framePointer);
        ir.branch(Condition.EQ, kind, UnwindLayout.ALIGNED, aligned);
        ir.branch(Condition.EQ, kind, UnwindLayout.SIGNAL, signal);
        ir.branch(Condition.EQ, kind, UnwindLayout.OUTERMOST, end);
        ir.copy(cfa, ir.alu(AluOperation.ADD, ir.load(in(SP), 8, false), offset));
        ir.branch(Condition.EQ, kind, UnwindLayout.STACK_POINTER, known);
        linkage(ip, slots, cfa, known);
        ir.place(framePointer);
        ir.copy(cfa, ir.alu(AluOperation.ADD, ir.load(in(BP), 8, false), offset));
        ir.jump(known);
        ir.place(aligned);
        aligned(offset, cfa, known);
        ir.place(signal);
        signal();
        ir.place(known);
        caller(slots, cfa);
    }

    /** An entry of a procedure linkage table pushes a word some bytes after its start; the rule's slots say how many. */
    private void linkage(Operand.Register ip, Operand.Register slots, Operand.Register cfa, Operation.Label known) {
        Operation.Label before = ir.label();
        ir.branch(Condition.LT, ir.alu(AluOperation.AND, ip, 15), slots, before);
        ir.copy(cfa, ir.alu(AluOperation.ADD, cfa, 8));
        ir.place(before);
        ir.copy(slots, Operand.of(0));
        ir.jump(known);
    }

    private void aligned(Operand.Register offset, Operand.Register cfa, Operation.Label known) {
        Operand.Register bp = ir.inRegister(ir.load(in(BP), 8, false));
        load(ir.alu(AluOperation.ADD, bp, offset), 8);
        ir.copy(cfa, ir.load(read, 8, false));
        load(bp, 8);
        ir.store(in(BP), 8, ir.load(read, 8, false));
        ir.jump(known);
    }

    /** All registers were saved where the signal came; execution goes on exactly there. */
    private void signal() {
        load(ir.alu(AluOperation.ADD, ir.load(in(SP), 8, false), SIGNAL_BP), 8);
        ir.store(in(BP), 8, ir.load(read, 8, false));
        load(ir.alu(AluOperation.ADD, ir.load(in(SP), 8, false), SIGNAL_SP), 16);
        ir.store(in(SP), 8, ir.load(read, 8, false));
        ir.store(in(IP), 8, ir.load(read.plus(8), 8, false));
        ir.store(in(EXACT), 8, Operand.of(1));
        ir.jump(next);
    }

    /** Reads the return address, and the caller's frame pointer where it was saved: most often side by side. */
    private void caller(Operand.Register slots, Operand.Register cfa) {
        Operation.Label done = ir.label();
        Operation.Label apart = ir.label();
        ir.branch(Condition.LE, cfa, ir.load(in(SP), 8, false), end);
        ir.branch(Condition.NE, slots, 2, apart);
        load(ir.alu(AluOperation.SUB, cfa, 16), 16);
        ir.store(in(BP), 8, ir.load(read, 8, false));
        ir.store(in(IP), 8, ir.load(read.plus(8), 8, false));
        ir.jump(done);
        ir.place(apart);
        load(ir.alu(AluOperation.SUB, cfa, 8), 8);
        ir.store(in(IP), 8, ir.load(read, 8, false));
        ir.branch(Condition.EQ, slots, 0, done);
        load(ir.alu(AluOperation.SUB, cfa, ir.alu(AluOperation.LSH, slots, 3)), 8);
        ir.store(in(BP), 8, ir.load(read, 8, false));
        ir.place(done);
        ir.store(in(SP), 8, cfa);
        ir.store(in(EXACT), 8, Operand.of(0));
        ir.jump(next);
    }

    /** Code without a table: compiled while the process runs, or by a compiler that keeps frame pointers. */
    private void framePointer() {
        Operation.Label later = ir.label();
        ir.branch(Condition.NE, ir.load(in(0), 8, false), 1, later);
        ir.store(in(UNKNOWN), 8, Operand.of(1));
        ir.place(later);
        Operand.Register bp = ir.load(in(BP), 8, false);
        ir.branch(Condition.LT, bp, ir.load(in(SP), 8, false), end);
        load(bp, 16);
        ir.store(in(BP), 8, ir.load(read, 8, false));
        ir.store(in(IP), 8, ir.load(read.plus(8), 8, false));
        ir.store(in(SP), 8, ir.alu(AluOperation.ADD, bp, 16));
        ir.store(in(EXACT), 8, Operand.of(0));
        ir.jump(next);
    }

    /** Reads user memory; the stack ends where it cannot be read. */
    private void load(Operand.Register address, int size) {
        Operand.Register failed = ir.call(BpfHelper.PROBE_READ_USER, ir.addressOf(read), Operand.of(size), address);
        ir.branch(Condition.NE, failed, 0, end);
    }
}
