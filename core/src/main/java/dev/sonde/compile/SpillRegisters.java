package dev.sonde.compile;

import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Splits registers into pieces that live shortly. A piece is assigned by the operation that assigned the register, or made again before it is read:
 * constants, map references, function and frame addresses by repeating their operation, anything else by a load from a frame slot of 8 bytes
 * into which every assignment stores. All 64 bits are stored, so that the verifier keeps what it knows of a pointer.
 *
 * <p>A register split for the first time has pieces that last until the next call or label, so that a value is loaded once for several readings. A
 * piece split again has pieces of one reading, and those can always be given a register.
 */
final class SpillRegisters {
    /**
     * A function on its way through register allocation.
     *
     * @param levels how many times each register has been split: 2 for pieces that must not be split again
     * @param homes the slot that already holds a piece's value, or null
     */
    record Pieces(IrProgram.Function function, byte[] levels, FrameSlot[] homes) {
        static final int SMALLEST = 2;

        static Pieces of(IrProgram.Function function) {
            return new Pieces(function, new byte[function.registers()], new FrameSlot[function.registers()]);
        }
    }

    private final IrProgram.Function function;
    private final boolean[] chosen;
    private final Definitions definitions;
    private final List<IrProgram.Line> result;
    private final List<FrameSlot> slots;
    private final FrameSlot[] slotOf;
    private final int[] pieceOf;
    private final int[] pieceSegment;
    private final int[] pieceLastLine;
    private byte[] levels;
    private FrameSlot[] homes;
    private int registers;
    private int nextSlot;
    private int segment = 1;

    private SpillRegisters(Pieces pieces, boolean[] chosen) {
        function = pieces.function();
        this.chosen = chosen;
        definitions = Definitions.of(function);
        registers = function.registers();
        result = new ArrayList<>(function.lines().size() + 64);
        slots = new ArrayList<>(function.slots());
        slotOf = Arrays.copyOf(pieces.homes(), registers);
        pieceOf = new int[registers];
        pieceSegment = new int[registers];
        pieceLastLine = new int[registers];
        levels = pieces.levels().clone();
        homes = pieces.homes().clone();
        for (var slot : slots) {
            nextSlot = Math.max(nextSlot, slot.number() + 1);
        }
    }

    /** {@code pieces} with the {@code chosen} registers split. */
    static Pieces apply(Pieces pieces, boolean[] chosen) {
        var pass = new SpillRegisters(pieces, chosen);
        for (int i = 0; i < pass.function.lines().size(); i++) {
            pass.line(pass.function.lines().get(i), i);
        }
        var function = new IrProgram.Function(pass.function.name(), pass.result, pass.slots, pass.registers);
        return new Pieces(function, Arrays.copyOf(pass.levels, pass.registers), Arrays.copyOf(pass.homes, pass.registers));
    }

    /** Whether the value of {@code operation} is made again more cheaply than stored. */
    static boolean repeatable(Operation operation) {
        return operation instanceof Operation.Constant || operation instanceof Operation.MapHandle || operation instanceof Operation.MapValue
                || operation instanceof Operation.FunctionAddress || operation instanceof Operation.AddressOf(_, Address.InFrame _);
    }

    private void line(IrProgram.Line line, int index) {
        var operation = line.operation();
        if (operation instanceof Operation.Label) {
            segment++;
        }
        var changed = Rewrite.reads(operation, register -> chosen[register.number()] ? piece(register.number(), index, line.span()) : register);
        segment += Effects.isCall(operation) ? 1 : 0;
        int written = Effects.written(operation);
        if (written < 0 || !chosen[written]) {
            add(changed == operation ? line : new IrProgram.Line(changed, line.span()));
        } else if (!madeAgain(written)) {
            define(written, changed, index, line.span());
        }
    }

    /** Whether each reading of {@code register} makes its value anew, so that its own operation goes. */
    private boolean madeAgain(int register) {
        var definition = definitions.of(register);
        return repeatable(definition) || homes[register] != null && isLoadFrom(definition, homes[register]);
    }

    private static boolean isLoadFrom(Operation operation, FrameSlot slot) {
        return operation instanceof Operation.Load(_, Address.InFrame(var from, _), _, _) && from.number() == slot.number();
    }

    private Operand.Register piece(int register, int index, Optional<Span> span) {
        if (pieceSegment[register] == segment && pieceLastLine[register] >= index) {
            return new Operand.Register(pieceOf[register]);
        }
        var piece = newPiece(register, index, 0);
        var definition = definitions.of(register);
        var made = repeatable(definition) ? Rewrite.written(definition, piece)
                : new Operation.Load(piece, new Address.InFrame(slot(register), 0), 8, false);
        add(new IrProgram.Line(made, span));
        return piece;
    }

    private void define(int register, Operation operation, int index, Optional<Span> span) {
        var piece = newPiece(register, index, 1);
        add(new IrProgram.Line(Rewrite.written(operation, piece), span));
        if (homes[register] == null) {
            add(new IrProgram.Line(new Operation.Store(new Address.InFrame(slot(register), 0), 8, piece), span));
        }
    }

    private Operand.Register newPiece(int register, int index, int linesLong) {
        int level = levels[register] + 1;
        if (registers == levels.length) {
            levels = Arrays.copyOf(levels, registers + registers / 2 + 16);
            homes = Arrays.copyOf(homes, levels.length);
        }
        levels[registers] = (byte) level;
        homes[registers] = repeatable(definitions.of(register)) ? null : slot(register);
        pieceOf[register] = registers;
        pieceSegment[register] = segment;
        pieceLastLine[register] = level == Pieces.SMALLEST ? index + linesLong : Integer.MAX_VALUE;
        return new Operand.Register(registers++);
    }

    private FrameSlot slot(int register) {
        if (slotOf[register] == null) {
            slotOf[register] = new FrameSlot(nextSlot++, 8, 8);
            slots.add(slotOf[register]);
        }
        return slotOf[register];
    }

    private void add(IrProgram.Line line) {
        result.add(line);
    }
}
