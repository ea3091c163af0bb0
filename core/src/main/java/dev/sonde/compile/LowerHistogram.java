package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.types.Aggregation;

/**
 * Finds the bucket of a value. Powers of two are told apart by a table of the bytes' highest bits, which takes a fraction of what halving down to the
 * single bit does; the same constant holds the zeros that new entries start as.
 */
final class LowerHistogram {
    private static final int TABLE = 256;

    private final Body body;
    private final IrBuilder ir;

    LowerHistogram(Body body) {
        this.body = body;
        this.ir = body.ir();
    }

    /** {@code words} words of zeros. */
    Address zeros(int words) {
        return new Address.AtRegister(ir.mapValue(constants(words), TABLE), 0);
    }

    /** A table of each byte's highest bit, plus 2 and for byte 0 it is 1, then {@code words} words of zeros. */
    private int constants(int words) {
        byte[] bytes = new byte[TABLE + 8 * words];
        bytes[0] = 1;
        for (int i = 1; i < TABLE; i++) {
            bytes[i] = (byte) (33 - Integer.numberOfLeadingZeros(i));
        }
        return body.module().constant(bytes);
    }

    /** {@link Aggregation.Hist#bucketOf} in code. */
    Operand.Register bucket(Aggregation.Hist hist, Operand.Register value) {
        Operand.Register bucket = ir.constant(0);
        Operation.Label done = ir.label();
        Operation.Label large = ir.label();
        int bits = hist.bits();
        ir.branch(Condition.SLT, value, 0, done);
        if (bits == 0) {
            ir.copy(bucket, highest(value, hist.words()));
            ir.place(done);
            return bucket;
        }
        ir.branch(Condition.GE, value, 1L << bits, large);
        ir.copy(bucket, ir.alu(AluOperation.ADD, value, 1));
        ir.jump(done);
        ir.place(large);
        Operand.Register down = ir.alu(AluOperation.SUB, highest(value, hist.words()), 2 + bits);
        Operand.Register part = ir.alu(AluOperation.AND, ir.alu(AluOperation.RSH, value, down), (1 << bits) - 1);
        Operand.Register row = ir.alu(AluOperation.LSH, ir.alu(AluOperation.ADD, down, 1), bits);
        ir.copy(bucket, ir.alu(AluOperation.ADD, ir.alu(AluOperation.ADD, row, part), 1));
        ir.place(done);
        return bucket;
    }

    /** The position of the highest set bit of a number that is not negative, plus 2; 1 for 0. Few numbers have more than 32 bits. */
    private Operand.Register highest(Operand.Register value, int words) {
        Operand.Register rest = ir.register();
        Operand.Register result = ir.register();
        Operation.Label low = ir.label();
        ir.copy(rest, value);
        ir.copy(result, Operand.of(0));
        ir.branch(Condition.LE, rest, 0xffffffffL, low);
        ir.copy(rest, ir.alu(AluOperation.RSH, rest, 32));
        ir.copy(result, Operand.of(32));
        ir.place(low);
        Operand.Register half = down(rest, 4);
        Operand.Register word = ir.alu(AluOperation.RSH, rest, half);
        Operand.Register quarter = down(word, 3);
        Operand.Register index = ir.alu(AluOperation.AND, ir.alu(AluOperation.RSH, word, quarter), TABLE - 1);
        Operand.Register entry = ir.alu(AluOperation.ADD, ir.mapValue(constants(words), 0), index);
        Operand.Register shifts = ir.alu(AluOperation.ADD, ir.alu(AluOperation.ADD, half, quarter), result);
        return ir.alu(AluOperation.ADD, ir.load(new Address.AtRegister(entry, 0), 1, false), shifts);
    }

    /** 2^step when {@code value} has more than 2^step bits, else 0: the sign of (2^(2^step) - 1 - value) says so. */
    private Operand.Register down(Operand.Register value, int step) {
        Operand.Register limit = ir.constant((1L << (1 << step)) - 1);
        return ir.alu(AluOperation.LSH, ir.alu(AluOperation.RSH, ir.alu(AluOperation.SUB, limit, value), 63), step);
    }

    /** The bucket of {@code value} in a linear histogram. */
    Operand.Register bucket(Aggregation.Lhist lhist, Operand.Register value) {
        Operand.Register bucket = ir.constant(0);
        Operation.Label done = ir.label();
        ir.branch(Condition.SLT, value, lhist.min(), done);
        ir.copy(bucket, Operand.of(lhist.words() - 1));
        ir.branch(Condition.SGE, value, lhist.max(), done);
        Operand.Register steps = ir.alu(AluOperation.DIV, ir.alu(AluOperation.SUB, value, lhist.min()), lhist.step());
        ir.copy(bucket, ir.alu(AluOperation.ADD, steps, 1));
        ir.place(done);
        return bucket;
    }
}
