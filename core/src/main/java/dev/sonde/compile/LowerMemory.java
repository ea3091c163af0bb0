package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.target.Feature;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Moves bytes: stores values as types, copies, zeroes, reads remote memory, compares. */
final class LowerMemory {
    /** From how many bytes on a helper call is cheaper than moves in a row. */
    private static final int LARGE = 256;
    /** Rounds of a loop that the verifier may follow one by one. */
    private static final int FEW_ROUNDS = 64;
    /** More than the stack takes for one temporary, so that it is in a map. */
    private static final int IN_MAP = 72;

    private final Body body;
    private final IrBuilder ir;
    private final AddressSpace unknownSpace;

    LowerMemory(Body body, AddressSpace unknownSpace) {
        this.body = body;
        this.ir = body.ir();
        this.unknownSpace = unknownSpace;
    }

    /** Puts {@code value} at {@code to} as {@code type}; bytes after a shorter string and between elements become zero. */
    void store(Address to, Type type, Value value) {
        switch (value) {
            case Value.Scalar(Type from, Operand operand) -> storeScalar(to, type, from, operand);
            case Value.Literal(_, byte[] bytes) -> storeBytes(to, type, bytes);
            case Value.InMemory(Type from, Address place) -> storeMemory(to, type, from, place);
            case Value.Remote(Type from, Operand address, AddressSpace space) -> storeRemote(to, type, from, address, space);
            case Value.Nothing _ -> zero(to, type.size());
        }
    }

    private void storeScalar(Address to, Type type, Type from, Operand operand) {
        if (type.isScalar()) {
            ir.store(to, type.size(), converted(type, from, operand));
        } else {
            // An integer cast to an array: its bytes.
            ir.store(to, Math.min(8, type.size()), operand);
        }
    }

    /** A scalar of type {@code from} as {@code type}; {@code func} where a kernel symbol is wanted is the address of the probed function. */
    Operand converted(Type type, Type from, Operand operand) {
        return type instanceof Type.KernelSymbol && from instanceof Type.SiteName ? ir.call(BpfHelper.GET_FUNC_IP, body.context()) : operand;
    }

    private void storeBytes(Address to, Type type, byte[] bytes) {
        boolean buffer = type instanceof Type.Buffer;
        int size = type.size() - (buffer ? 4 : 0);
        int length = Math.min(bytes.length, type instanceof Type.Text ? Math.max(0, size - 1) : size);
        Address start = to;
        if (buffer) {
            ir.store(to, 4, Operand.of(length));
            start = to.plus(4);
        }
        int written = 0;
        while (written < size) {
            int chunk = chunk(start, written, size - written);
            if (written >= length) {
                zero(start.plus(written), size - written);
                return;
            }
            long word = 0;
            for (int i = 0; i < chunk && written + i < length; i++) {
                word |= (bytes[written + i] & 0xffL) << (8 * i);
            }
            ir.store(start.plus(written), chunk, Operand.of(word));
            written += chunk;
        }
    }

    private void storeMemory(Address to, Type type, Type from, Address place) {
        if (type.isScalar()) {
            ir.store(to, type.size(), load(place, Math.min(8, from.size()), from.isSigned()));
            return;
        }
        switch (type) {
            case Type.Tuple(List<Type> elements) when from instanceof Type.Tuple(List<Type> sources) && !type.equals(from) ->
                    storeElements(to, elements, parts(sources, place), type.size());
            case Type.Named named when from instanceof Type.Named source && !type.equals(from) ->
                    storeElements(to, named.elements(), Unify.inOrder(named.names(), source.names(), parts(source.elements(), place)), type.size());
            case Type.Text(int capacity) -> storeText(to, capacity, from.size(), place);
            case Type.Buffer(int capacity) when from instanceof Type.Text || from instanceof Type.Array -> {
                ir.store(to, 4, Operand.of(Math.min(capacity, from.size())));
                copy(to.plus(4), place, Math.min(capacity, from.size()));
            }
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Pointer _, Type.Array _, Type.Struct _, Type.Tuple _,
                    Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _,
                    Type.Buffer _ -> copyPadded(to, place, Math.min(type.size(), from.size()), type.size());
        }
    }

    private void copyPadded(Address to, Address from, int size, int whole) {
        copy(to, from, size);
        zero(to.plus(size), whole - size);
    }

    private void storeText(Address to, int capacity, int available, Address place) {
        copyPadded(to, place, Math.min(capacity, available), capacity);
        if (available > capacity) {
            ir.store(to.plus(capacity - 1), 1, Operand.of(0));
        }
    }

    private void storeElements(Address to, List<Type> types, List<Value> values, int size) {
        zeroPadding(to, types, size);
        for (int i = 0; i < types.size(); i++) {
            store(to.plus(Layout.tupleOffset(types, i)), types.get(i), values.get(i));
        }
    }

    /** The elements of the tuple at {@code place}. */
    static List<Value> parts(List<Type> types, Address place) {
        List<Value> parts = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            parts.add(new Value.InMemory(types.get(i), place.plus(Layout.tupleOffset(types, i))));
        }
        return parts;
    }

    /** Zeroes the bytes between the elements of a tuple. */
    void zeroPadding(Address to, List<Type> types, int size) {
        int end = 0;
        for (int i = 0; i < types.size(); i++) {
            int offset = Layout.tupleOffset(types, i);
            zero(to.plus(end), offset - end);
            end = offset + types.get(i).size();
        }
        zero(to.plus(end), size - end);
    }

    private void storeRemote(Address to, Type type, Type from, Operand address, AddressSpace space) {
        if (type.isScalar()) {
            ir.store(to, type.size(), loadRemote(from, address, space));
            return;
        }
        if (type instanceof Type.Buffer(int capacity) && !(from instanceof Type.Buffer)) {
            ir.store(to, 4, Operand.of(Math.min(capacity, from.size())));
            read(to.plus(4), Math.min(capacity, from.size()), address, space);
        } else if (from.getClass() == type.getClass() && !from.equals(type) && (type instanceof Type.Tuple || type instanceof Type.Named)) {
            Address whole = body.temporary(from.size());
            read(whole, from.size(), address, space);
            storeMemory(to, type, from, whole);
        } else {
            int size = Math.min(type.size(), from.size());
            read(to, size, address, space);
            zero(to.plus(size), type.size() - size);
        }
    }

    /** The scalar of type {@code type} at a remote address; 0 when it cannot be read. */
    Operand loadRemote(Type type, Operand address, AddressSpace space) {
        if (space == AddressSpace.PROGRAM) {
            return ir.load(new Address.AtRegister(ir.inRegister(address), 0), type.size(), type.isSigned());
        }
        Address slot = new Address.InFrame(ir.slot(8, 8), 0);
        read(slot, type.size(), address, space);
        return ir.load(slot, type.size(), type.isSigned());
    }

    /**
     * Loads an integer of {@code size} bytes: in parts where it lies askew, as a packed struct's fields do, which the kernel refuses on the stack.
     */
    Operand.Register load(Address place, int size, boolean signed) {
        int part = chunk(place, 0, size);
        if (part == size) {
            return ir.load(place, size, signed);
        }
        Operand.Register whole = ir.load(place, part, false);
        for (int done = part; done < size; done += part) {
            part = chunk(place, done, size - done);
            whole = ir.alu(AluOperation.OR, whole, ir.alu(AluOperation.LSH, ir.load(place.plus(done), part, false), 8 * done));
        }
        return ir.inRegister(ir.extend(whole, 8 * size, signed));
    }

    /** Whether an array at {@code place} has all its elements where an access that is as wide as {@code element} allows may be made. */
    static boolean isAligned(Address place, Type element) {
        int width = element.isScalar() ? element.size() : 8;
        return chunk(place, 0, width) == width && element.size() % width == 0;
    }

    /** {@code value} as 64 bits. */
    Operand scalar(Value value) {
        return switch (value) {
            case Value.Scalar(_, Operand operand) -> operand;
            case Value.InMemory(Type type, Address place) -> type.isScalar()
                    ? load(place, type.size(), type.isSigned())
                    : ir.addressOf(place);
            case Value.Remote(Type type, Operand address, AddressSpace space) -> type.isScalar() ? loadRemote(type, address, space) : address;
            case Value.Literal(Type type, _) -> ir.addressOf(inMemory(value));
            case Value.Nothing _ -> Operand.of(0);
        };
    }

    /** {@code value} as bytes that the program may access. */
    Address inMemory(Value value) {
        if (value instanceof Value.InMemory(_, Address place)) {
            return place;
        }
        Address place = body.temporary(value.type().size());
        store(place, value.type(), value);
        return place;
    }

    /** {@code place} when its address may be given away, else a copy: of the context the kernel allows only loads at fixed offsets. */
    Address addressable(Address place, int size) {
        if (!(place instanceof Address.AtRegister(Operand.Register base, _) && base.equals(body.context()))) {
            return place;
        }
        Address copy = body.temporary(size);
        copy(copy, place, size);
        return copy;
    }

    /** Reads {@code size} bytes with a helper; zeros on a fault. Gives the helper's result. */
    Operand read(Address to, int size, Operand from, AddressSpace space) {
        if (space == AddressSpace.PROGRAM) {
            copy(to, new Address.AtRegister(ir.inRegister(from), 0), size);
            return Operand.of(0);
        }
        return read(to, Operand.of(size), from, space);
    }

    /** Reads as many bytes of user or kernel memory as {@code size} says. */
    Operand read(Address to, Operand size, Operand from, AddressSpace space) {
        BpfHelper helper = switch (resolved(space)) {
            case USER -> BpfHelper.PROBE_READ_USER;
            case UNKNOWN -> BpfHelper.PROBE_READ;
            case KERNEL, PROGRAM -> BpfHelper.PROBE_READ_KERNEL;
        };
        Operand.Register returned = ir.call(helper, ir.addressOf(to), size, from);
        new LowerFailures(body).read(helper, returned);
        return returned;
    }

    /** Reads a NUL-terminated string of at most {@code size} bytes; gives its length with the NUL or a negative error. */
    Operand readString(Address to, Operand size, Operand from, AddressSpace space) {
        BpfHelper helper = switch (resolved(space)) {
            case USER -> BpfHelper.PROBE_READ_USER_STR;
            case UNKNOWN -> BpfHelper.PROBE_READ_STR;
            case KERNEL, PROGRAM -> BpfHelper.PROBE_READ_KERNEL_STR;
        };
        Operand.Register returned = ir.call(helper, ir.addressOf(to), size, from);
        new LowerFailures(body).read(helper, returned);
        return returned;
    }

    private AddressSpace resolved(AddressSpace space) {
        return space == AddressSpace.UNKNOWN ? unknownSpace : space;
    }

    /** Fills with zeros. */
    void zero(Address at, int size) {
        if (size >= LARGE) {
            // A read from address 0 fails and leaves zeros.
            ir.callFor(BpfHelper.PROBE_READ_KERNEL, ir.addressOf(at), Operand.of(size), Operand.of(0));
            return;
        }
        for (int done = 0; done < size; ) {
            int chunk = chunk(at, done, size - done);
            ir.store(at.plus(done), chunk, Operand.of(0));
            done += chunk;
        }
    }

    /** Copies between places that the program may access. */
    void copy(Address to, Address from, int size) {
        if (to.equals(from) || size <= 0) {
            return;
        }
        if (size >= LARGE) {
            ir.callFor(BpfHelper.PROBE_READ_KERNEL, ir.addressOf(to), Operand.of(size), ir.addressOf(from));
            return;
        }
        for (int done = 0; done < size; ) {
            int chunk = Math.min(chunk(to, done, size - done), chunk(from, done, size - done));
            ir.store(to.plus(done), chunk, ir.load(from.plus(done), chunk, false));
            done += chunk;
        }
    }

    /** The widest aligned access at {@code at + done} of at most {@code left} bytes: bases are aligned to 8. */
    private static int chunk(Address at, int done, int left) {
        int offset = done + switch (at) {
            case Address.AtRegister(_, int o) -> o;
            case Address.InFrame(_, int o) -> o;
        };
        int width = 8;
        while (width > left || (offset & (width - 1)) != 0) {
            width >>= 1;
        }
        return width;
    }

    /** Jumps to {@code differ} when {@code size} bytes of two places are not the same. */
    void compare(Address a, Address b, int size, Operation.Label differ) {
        for (int done = 0; done < size; ) {
            int chunk = Math.min(chunk(a, done, size - done), chunk(b, done, size - done));
            ir.branch(Condition.NE, ir.load(a.plus(done), chunk, false), ir.load(b.plus(done), chunk, false), differ);
            done += chunk;
        }
    }

    /** Jumps to {@code differ} when the bytes at {@code a} are not {@code bytes} followed by a NUL, as far as {@code limit} goes. */
    void compareLiteral(Address a, byte[] bytes, int limit, Operation.Label differ) {
        int size = Math.min(bytes.length + 1, limit);
        for (int done = 0; done < size; ) {
            int chunk = chunk(a, done, size - done);
            long word = 0;
            for (int i = 0; i < chunk && done + i < bytes.length; i++) {
                word |= (bytes[done + i] & 0xffL) << (8 * i);
            }
            ir.branch(Condition.NE, ir.load(a.plus(done), chunk, false), Operand.of(word), differ);
            done += chunk;
        }
    }

    /** Jumps to {@code differ} when two strings are not the same up to their NUL or to {@code limit} bytes. */
    void compareStrings(Address a, Address b, int limit, Operation.Label differ) {
        if (limit == 0) {
            return;
        }
        // Only on the stack have words to be aligned, and what is longer than it is not there.
        boolean words = limit > LayOutFrame.MOST_STACK || chunk(a, 0, 8) == 8 && chunk(b, 0, 8) == 8;
        int width = words && limit % 8 == 0 ? 8 : 1;
        // The verifier follows a number in a register value by value, one in a map's memory not: many rounds are counted there.
        Optional<Address> counter = limit / width > FEW_ROUNDS && body.module().has(Feature.MAY_GOTO)
                ? Optional.of(body.temporary(IN_MAP)) : Optional.empty();
        Operand.Register index = ir.register();
        Operation.Label again = ir.label();
        Operation.Label done = ir.label();
        Operand.Register left = ir.addressOf(addressable(a, limit));
        Operand.Register right = ir.addressOf(addressable(b, limit));
        count(counter, index, Operand.of(0));
        ir.place(again);
        counter.ifPresent(memory -> {
            ir.add(new Operation.LoopBudget(done));
            ir.copy(index, ir.load(memory, 8, false));
        });
        ir.branch(Condition.GT, index, limit - width, done);
        Operand.Register x = ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, left, index), 0), width, false);
        Operand.Register y = ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, right, index), 0), width, false);
        ir.branch(Condition.NE, width == 1 ? x : upToNul(x, y), width == 1 ? y : Operand.of(0), differ);
        ir.branch(width == 1 ? Condition.EQ : Condition.NE, width == 1 ? x : nuls(x), 0, done);
        count(counter, index, ir.alu(AluOperation.ADD, index, width));
        ir.jump(again);
        ir.place(done);
    }

    /** In what two words of strings differ, as far as the first NUL of {@code x} and with it. */
    private Operand.Register upToNul(Operand.Register x, Operand.Register y) {
        Operand.Register nuls = nuls(x);
        Operand.Register first = ir.alu(AluOperation.AND, nuls, ir.alu(AluOperation.SUB, ir.constant(0), nuls));
        Operand.Register mask = ir.alu(AluOperation.SUB, ir.alu(AluOperation.LSH, first, 1), 1);
        return ir.alu(AluOperation.AND, ir.alu(AluOperation.XOR, x, y), mask);
    }

    /** 0 when no byte of a word is 0; else the lowest bit that is set is the highest of the first such byte. */
    private Operand.Register nuls(Operand.Register x) {
        Operand.Register borrowed = ir.alu(AluOperation.SUB, x, ir.constant(0x0101_0101_0101_0101L));
        Operand.Register clear = ir.alu(AluOperation.AND, borrowed, ir.alu(AluOperation.XOR, x, -1));
        return ir.alu(AluOperation.AND, clear, ir.constant(0x8080_8080_8080_8080L));
    }

    private void count(Optional<Address> memory, Operand.Register index, Operand value) {
        if (memory.isPresent()) {
            ir.store(memory.get(), 8, value);
        } else {
            ir.copy(index, value);
        }
    }
}
