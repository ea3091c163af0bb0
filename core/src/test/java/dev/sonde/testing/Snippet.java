package dev.sonde.testing;

import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R10;
import static dev.sonde.asm.Register.R2;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Code;
import dev.sonde.asm.Condition;
import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Encoder;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;

/** Writes small programs for the tests. */
final class Snippet {
    private final Code.Builder code = new Code.Builder();
    private int labels = 1000;

    Snippet add(Instruction instruction) {
        code.add(instruction);
        return this;
    }

    Snippet set(Register dst, long value) {
        return add(new Instruction.LoadConstant(dst, value));
    }

    Snippet copy(Register dst, Register src) {
        return add(new Instruction.Alu(AluOperation.MOV, true, dst, src));
    }

    /** {@code dst = r10 + offset} */
    Snippet frame(Register dst, int offset) {
        return copy(dst, R10).add(new Instruction.AluImmediate(AluOperation.ADD, true, dst, offset));
    }

    Snippet map(Register dst, int map) {
        return add(new Instruction.LoadMap(dst, map));
    }

    Snippet value(Register dst, int map, int offset) {
        return add(new Instruction.LoadMapValue(dst, map, offset));
    }

    Snippet load(Register dst, Register base, int offset) {
        return add(new Instruction.Load(8, false, dst, base, offset));
    }

    Snippet store(Register base, int offset, Register src) {
        return add(new Instruction.Store(8, base, offset, src));
    }

    /** Puts 8 bytes on the stack. */
    Snippet put(int offset, long value) {
        return set(R0, value).store(R10, offset, R0);
    }

    Snippet call(BpfHelper helper) {
        return add(new Instruction.CallHelper(helper.number()));
    }

    Snippet function(Register dst, int label) {
        return add(new Instruction.LoadFunction(dst, label(label)));
    }

    Snippet start(int label, String name) {
        code.function(label(label), name);
        return this;
    }

    Snippet at(int label) {
        return add(label(label));
    }

    Snippet jumpIf(Register left, Condition condition, int right, int label) {
        return add(new Instruction.JumpIfImmediate(condition, true, left, right, label(label)));
    }

    Snippet go(int label) {
        return add(new Instruction.Jump(label(label)));
    }

    /** R0 becomes what it points to, or -1 if it is NULL. */
    Snippet orMinusOne() {
        int missing = labels++;
        int done = labels++;
        return jumpIf(R0, Condition.EQ, 0, missing).load(R0, R0, 0).go(done).at(missing).set(R0, -1).at(done);
    }

    /** Stores R0 at an offset of the value of map 0. */
    Snippet keep(int offset) {
        return value(R1, 0, offset).store(R1, 0, R0);
    }

    Snippet exit() {
        return add(new Instruction.Exit());
    }

    Snippet exit(long result) {
        return set(R0, result).exit();
    }

    /** Map operation on the key at r10-8; the value of an update is at r10-16. */
    Snippet on(int map, BpfHelper helper) {
        return map(R1, map).frame(R2, -8).call(helper);
    }

    Code code() {
        return code.build();
    }

    EncodedProgram program() {
        return Encoder.encode(code());
    }

    static Instruction.Label label(int number) {
        return new Instruction.Label(number);
    }
}
