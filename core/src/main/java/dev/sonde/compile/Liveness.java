package dev.sonde.compile;

import dev.sonde.ir.IrProgram;
import java.util.Arrays;
import java.util.List;

/**
 * Which virtual registers hold a value that is still read, at the borders of each block. Only registers that some block reads before assigning them
 * can be live there, so the bit sets number just those.
 */
final class Liveness {
    private final ControlFlow flow;
    private final int[] numbers;
    private int[] registers = new int[16];
    private int count;
    private final int words;
    private final long[] in;
    private final long[] out;

    private Liveness(ControlFlow flow, IrProgram.Function function) {
        this.flow = flow;
        numbers = new int[function.registers()];
        Arrays.fill(numbers, -1);
        numberExposed(function.lines());
        words = (count + 63) / 64;
        in = new long[words * flow.blocks()];
        out = new long[words * flow.blocks()];
        if (count > 0) {
            solve(assigned(function.lines()));
        }
    }

    /** Solves the data-flow equations of {@code function}. */
    static Liveness of(ControlFlow flow, IrProgram.Function function) {
        return new Liveness(flow, function);
    }

    private void numberExposed(List<IrProgram.Line> lines) {
        int[] assignedIn = new int[numbers.length];
        int[] read = new int[Effects.MOST_READS];
        for (int block = 0; block < flow.blocks(); block++) {
            for (int i = flow.start(block); i < flow.end(block); i++) {
                var operation = lines.get(i).operation();
                for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                    if (assignedIn[read[k]] != block + 1) {
                        number(read[k]);
                    }
                }
                int written = Effects.written(operation);
                if (written >= 0) {
                    assignedIn[written] = block + 1;
                }
            }
        }
    }

    private void number(int register) {
        if (numbers[register] < 0) {
            if (count == registers.length) {
                registers = Arrays.copyOf(registers, 2 * count);
            }
            numbers[register] = count;
            registers[count++] = register;
        }
    }

    /** Fills {@code in} with what each block reads before assigning it; returns what each block assigns. */
    private long[] assigned(List<IrProgram.Line> lines) {
        long[] assigned = new long[in.length];
        int[] read = new int[Effects.MOST_READS];
        for (int block = 0; block < flow.blocks(); block++) {
            int base = block * words;
            for (int i = flow.start(block); i < flow.end(block); i++) {
                var operation = lines.get(i).operation();
                for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                    int bit = numbers[read[k]];
                    if (bit >= 0 && !get(assigned, base, bit)) {
                        set(in, base, bit);
                    }
                }
                int written = Effects.written(operation);
                if (written >= 0 && numbers[written] >= 0) {
                    set(assigned, base, numbers[written]);
                }
            }
        }
        return assigned;
    }

    private void solve(long[] assigned) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int block = flow.blocks() - 1; block >= 0; block--) {
                changed |= solve(block, assigned);
            }
        }
    }

    private boolean solve(int block, long[] assigned) {
        boolean changed = false;
        for (int side = 0; side < 2; side++) {
            int successor = flow.successor(block, side);
            for (int word = 0; successor >= 0 && word < words; word++) {
                int at = block * words + word;
                long more = in[successor * words + word] & ~out[at];
                if (more != 0) {
                    out[at] |= more;
                    in[at] |= more & ~assigned[at];
                    changed = true;
                }
            }
        }
        return changed;
    }

    private static boolean get(long[] bits, int base, int bit) {
        return (bits[base + (bit >> 6)] >>> bit & 1) != 0;
    }

    private static void set(long[] bits, int base, int bit) {
        bits[base + (bit >> 6)] |= 1L << bit;
    }

    /** Puts the registers live at the beginning of {@code block} into {@code into} and says how many there are. */
    int liveIn(int block, int[] into) {
        return collect(in, block, into);
    }

    /** Puts the registers live at the end of {@code block} into {@code into} and says how many there are. */
    int liveOut(int block, int[] into) {
        return collect(out, block, into);
    }

    private int collect(long[] bits, int block, int[] into) {
        int found = 0;
        for (int word = 0; word < words; word++) {
            for (long rest = bits[block * words + word]; rest != 0; rest &= rest - 1) {
                into[found++] = registers[word * 64 + Long.numberOfTrailingZeros(rest)];
            }
        }
        return found;
    }

    /** The most registers that can be live at a border: the size of the arrays handed in. */
    int most() {
        return count;
    }
}
