package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A DWARF expression (DWARF 5 §2.5, §7.7.1): a row of operations, which is not run but recognised.
 *
 * <pre>
 * Expression --&gt; (opcode:u8 operand*)*
 * </pre>
 *
 * @param operations in order
 */
public record Expression(List<Operation> operations) {
    private static final int DW_OP_addr = 0x03;
    private static final int DW_OP_const1u = 0x08;
    private static final int DW_OP_const8s = 0x0f;
    private static final int DW_OP_constu = 0x10;
    private static final int DW_OP_consts = 0x11;
    private static final int DW_OP_plus_uconst = 0x23;
    private static final int DW_OP_lit0 = 0x30;
    private static final int DW_OP_reg0 = 0x50;
    private static final int DW_OP_breg0 = 0x70;
    private static final int DW_OP_regx = 0x90;
    private static final int DW_OP_fbreg = 0x91;
    private static final int DW_OP_bregx = 0x92;
    private static final int DW_OP_call_frame_cfa = 0x9c;
    private static final int DW_OP_implicit_value = 0x9e;
    private static final int DW_OP_stack_value = 0x9f;
    private static final int DW_OP_addrx = 0xa1;
    private static final int REGISTERS = 32;

    public Expression {
        operations = List.copyOf(operations);
    }

    /**
     * An operation.
     *
     * @param code {@code DW_OP_*}
     * @param first its first operand, 0 when it has none; of a block its bytes as a little-endian number, when it has up to 8
     * @param second its second operand; of a block its size
     */
    public record Operation(int code, long first, long second) {}

    /** Where a value is, of the expressions that can be followed in a probe. */
    public sealed interface Place {
        /** In a register, by its DWARF number. */
        record Register(int number) implements Place {}

        /** In memory, {@code offset} bytes after where a register points. */
        record AtRegister(int number, long offset) implements Place {}

        /** In memory, {@code offset} bytes from the function's {@code DW_AT_frame_base}. */
        record InFrame(long offset) implements Place {}

        /** In memory at a fixed address of the file. */
        record AtAddress(long address) implements Place {}

        /** Nowhere: it is always this. */
        record Constant(long value) implements Place {}
    }

    static Expression read(Cursor in, Unit unit) {
        List<Operation> operations = new ArrayList<>();
        while (in.hasRemaining()) {
            operations.add(operation(in, unit.header()));
        }
        if (operations.size() == 1 && operations.getFirst().code == DW_OP_addrx) {
            return new Expression(List.of(new Operation(DW_OP_addr, unit.addressAt(operations.getFirst().first), 0)));
        }
        return new Expression(operations);
    }

    private static Operation operation(Cursor in, UnitHeader unit) {
        int code = in.u8();
        return switch (code) {
            case 0x03 -> new Operation(code, in.address(), 0);
            case 0x08, 0x15, 0x94, 0x95 -> new Operation(code, in.u8(), 0);
            case 0x09 -> new Operation(code, in.s8(), 0);
            case 0x0a, 0x98 -> new Operation(code, in.u16(), 0);
            case 0x0b, 0x28, 0x2f -> new Operation(code, (short) in.u16(), 0);
            case 0x0c, 0x99, 0xfa -> new Operation(code, in.u32(), 0);
            case 0x0d -> new Operation(code, in.s32(), 0);
            case 0x0e, 0x0f -> new Operation(code, in.s64(), 0);
            case 0x10, 0x23, 0x90, 0x93, 0xa1, 0xa2, 0xa8, 0xa9, 0xf7, 0xf9, 0xfb, 0xfc -> new Operation(code, in.uleb128(), 0);
            case 0x11, 0x91 -> new Operation(code, in.sleb128(), 0);
            case 0x92 -> new Operation(code, in.uleb128(), in.sleb128());
            case 0x9a, 0xfd -> new Operation(code, in.unsigned(unit.offsetSize()), 0);
            case 0xa0, 0xf2 -> new Operation(code, in.unsigned(unit.offsetSize()), in.sleb128());
            case 0x9d, 0xa5, 0xf5 -> new Operation(code, in.uleb128(), in.uleb128());
            case 0xa6, 0xa7, 0xf6 -> new Operation(code, in.u8(), in.uleb128());
            case 0x9e, 0xa3, 0xf3 -> block(code, in, in.uleb128());
            case 0xa4, 0xf4 -> {
                in.uleb128();
                yield block(code, in, in.u8());
            }
            default -> code >= DW_OP_breg0 && code < DW_OP_breg0 + REGISTERS ? new Operation(code, in.sleb128(), 0) : new Operation(code, 0, 0);
        };
    }

    private static Operation block(int code, Cursor in, long size) {
        long value = 0;
        if (size == 1 || size == 2 || size == 4 || size == 8) {
            value = in.unsigned((int) size);
        } else {
            in.skip(size);
        }
        return new Operation(code, value, size);
    }

    /** Where the value is; empty when that takes more than one simple step. */
    public Optional<Place> place() {
        Operation first = operations.isEmpty() ? new Operation(0, 0, 0) : operations.getFirst();
        if (operations.size() == 1) {
            return Optional.ofNullable(place(first));
        }
        boolean last = operations.size() == 2 && operations.getLast().code == DW_OP_stack_value;
        return last && isConstant(first) ? Optional.of(new Place.Constant(constant(first))) : Optional.empty();
    }

    private static Place place(Operation one) {
        return switch (one.code) {
            case DW_OP_addr -> new Place.AtAddress(one.first);
            case DW_OP_regx -> new Place.Register((int) one.first);
            case DW_OP_bregx -> new Place.AtRegister((int) one.first, one.second);
            case DW_OP_fbreg -> new Place.InFrame(one.first);
            case DW_OP_implicit_value -> one.second <= 8 ? new Place.Constant(one.first) : null;
            default -> {
                boolean register = one.code >= DW_OP_reg0 && one.code < DW_OP_reg0 + REGISTERS;
                boolean base = one.code >= DW_OP_breg0 && one.code < DW_OP_breg0 + REGISTERS;
                yield register ? new Place.Register(one.code - DW_OP_reg0) : base ? new Place.AtRegister(one.code - DW_OP_breg0, one.first) : null;
            }
        };
    }

    private static boolean isConstant(Operation one) {
        return one.code >= DW_OP_const1u && one.code <= DW_OP_const8s || one.code == DW_OP_constu || one.code == DW_OP_consts || isLiteral(one);
    }

    private static boolean isLiteral(Operation one) {
        return one.code >= DW_OP_lit0 && one.code < DW_OP_lit0 + REGISTERS;
    }

    private static long constant(Operation one) {
        return isLiteral(one) ? one.code - DW_OP_lit0 : one.first;
    }

    /** Whether it is the frame's address as call frame information gives it, which most frame bases are. */
    public boolean isCallFrame() {
        return operations.size() == 1 && operations.getFirst().code == DW_OP_call_frame_cfa;
    }

    /** The number that it adds to what is on the stack, of a member's location before DWARF 4; empty when it does something else. */
    public Optional<Long> addend() {
        boolean adds = operations.size() == 1 && (operations.getFirst().code == DW_OP_plus_uconst || isConstant(operations.getFirst()));
        return adds ? Optional.of(constant(operations.getFirst())) : Optional.empty();
    }
}
