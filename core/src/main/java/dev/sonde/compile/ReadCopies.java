package dev.sonde.compile;

import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;

/**
 * Reads the copy instead of the original where the original is read nowhere else afterwards: {@code x = t; if t != 0} becomes
 * {@code x = t; if x != 0}. The original then ends at the copy, so that both can have one physical register. Undone by {@link FoldConstants}, which
 * reads originals; so it comes after that. Looks only a few lines ahead in one block.
 */
final class ReadCopies {
    private static final int FARTHEST = 32;

    private final IrProgram.Function function;
    private final Definitions definitions;
    private final IrProgram.Line[] lines;
    private final int[] read = new int[Effects.MOST_READS];

    private ReadCopies(IrProgram.Function function) {
        this.function = function;
        definitions = Definitions.of(function);
        lines = function.lines().toArray(new IrProgram.Line[0]);
    }

    /** {@code function} reading copies. */
    static IrProgram.Function apply(IrProgram.Function function) {
        var pass = new ReadCopies(function);
        for (int i = 0; i < pass.lines.length; i++) {
            if (pass.lines[i].operation() instanceof Operation.Copy(var dst, var src) && pass.definitions.single(src.number())) {
                pass.readInstead(i, dst, src);
            }
        }
        return new IrProgram.Function(function.name(), List.of(pass.lines), function.slots(), function.registers());
    }

    private void readInstead(int copy, Operand.Register dst, Operand.Register src) {
        int left = definitions.uses(src.number()) - 1;
        int end = copy + 1;
        while (left > 0 && end < lines.length && end <= copy + FARTHEST && !(lines[end].operation() instanceof Operation.Label)) {
            var operation = lines[end++].operation();
            left -= reads(operation, src.number());
            if (Effects.written(operation) == dst.number()) {
                break;
            }
        }
        for (int i = copy + 1; left == 0 && i < end; i++) {
            var changed = Rewrite.reads(lines[i].operation(), register -> register.number() == src.number() ? dst : register);
            lines[i] = new IrProgram.Line(changed, lines[i].span());
        }
    }

    private int reads(Operation operation, int register) {
        int count = 0;
        for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
            count += read[k] == register ? 1 : 0;
        }
        return count;
    }
}
