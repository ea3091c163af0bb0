package dev.sonde.testing;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.AtomicOperation;
import dev.sonde.asm.Code;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;
import java.util.Random;

/**
 * Programs of random arithmetic, forward jumps and stack accesses that the verifier accepts. They take R0 to R9 and 64 bytes of stack from map 0,
 * 160 to 303 bytes from its start, and leave both at its start.
 */
final class RandomProgram {
    static final int VALUE_SIZE = 304;
    private static final int REGISTERS = 10;
    private static final int INPUT = 160;
    private static final int STACK = 64;
    private static final int SPILL = -STACK - 8 * REGISTERS;
    private static final int[] EDGES = {0, 1, -1, 2, 7, 31, 32, 63, 64, 255, 256, 0x7fff, 0x8000, 0xffff, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private final Random random;
    private final Code.Builder code = new Code.Builder();
    private int labels;

    RandomProgram(Random random) {
        this.random = random;
    }

    Code build(int length) {
        load();
        int open = -1;
        int left = 0;
        for (int i = 0; i < length; i++) {
            if (left == 0 && open >= 0) {
                code.add(new Instruction.Label(open));
                open = -1;
            }
            left--;
            if (open < 0 && random.nextInt(8) == 0) {
                open = labels++;
                left = 1 + random.nextInt(4);
                jump(new Instruction.Label(open));
            } else {
                step();
            }
        }
        if (open >= 0) {
            code.add(new Instruction.Label(open));
        }
        store();
        return code.build();
    }

    static byte[] input(Random random) {
        byte[] input = new byte[VALUE_SIZE];
        random.nextBytes(input);
        for (int i = INPUT; i < VALUE_SIZE; i += 8) {
            if (random.nextBoolean()) {
                long edge = (long) EDGES[random.nextInt(EDGES.length)] << (random.nextInt(4) == 0 ? 32 : 0);
                for (int j = 0; j < 8; j++) {
                    input[i + j] = (byte) (edge >> 8 * j);
                }
            }
        }
        return input;
    }

    private void load() {
        code.add(new Instruction.LoadMapValue(Register.R1, 0, INPUT));
        for (int i = 0; i < STACK; i += 8) {
            code.add(new Instruction.Load(8, false, Register.R2, Register.R1, 8 * REGISTERS + i));
            code.add(new Instruction.Store(8, Register.R10, -STACK + i, Register.R2));
        }
        for (int i = 0; i < REGISTERS; i++) {
            if (i != 1) {
                code.add(new Instruction.Load(8, false, Register.of(i), Register.R1, 8 * i));
            }
        }
        code.add(new Instruction.Load(8, false, Register.R1, Register.R1, 8));
    }

    private void store() {
        for (int i = 0; i < REGISTERS; i++) {
            code.add(new Instruction.Store(8, Register.R10, SPILL + 8 * i, Register.of(i)));
        }
        code.add(new Instruction.LoadMapValue(Register.R1, 0, 0));
        for (int i = 0; i < STACK + 8 * REGISTERS; i += 8) {
            code.add(new Instruction.Load(8, false, Register.R2, Register.R10, SPILL + i));
            code.add(new Instruction.Store(8, Register.R1, i, Register.R2));
        }
        code.add(new Instruction.Exit());
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0 -> code.add(new Instruction.MoveSignExtended(any(), any(), 8 << random.nextInt(3)));
            case 1 -> signedDivision();
            case 2 -> code.add(new Instruction.ByteSwap(any(), 16 << random.nextInt(3), random.nextBoolean()));
            case 3 -> loadStack();
            case 4 -> storeStack();
            case 5 -> atomic();
            case 6, 7, 8 -> immediate();
            default -> register();
        }
    }

    private void signedDivision() {
        AluOperation operation = random.nextBoolean() ? AluOperation.DIV : AluOperation.MOD;
        code.add(new Instruction.SignedAlu(operation, random.nextBoolean(), any(), any()));
    }

    private void register() {
        AluOperation operation = operation();
        Register dst = any();
        code.add(new Instruction.Alu(operation, random.nextBoolean(), dst, operation == AluOperation.NEG ? dst : any()));
    }

    private void immediate() {
        AluOperation operation = operation();
        boolean wide = random.nextBoolean();
        int value = random.nextBoolean() ? random.nextInt() : EDGES[random.nextInt(EDGES.length)];
        int fit = switch (operation) {
            case LSH, RSH, ARSH -> value & (wide ? 63 : 31);
            case DIV, MOD -> value == 0 ? 3 : value;
            default -> value;
        };
        code.add(new Instruction.AluImmediate(operation, wide, any(), fit));
    }

    private void loadStack() {
        int width = 1 << random.nextInt(4);
        code.add(new Instruction.Load(width, random.nextBoolean(), any(), Register.R10, -width * (1 + random.nextInt(STACK / width))));
    }

    private void storeStack() {
        int width = 1 << random.nextInt(4);
        int offset = -width * (1 + random.nextInt(STACK / width));
        code.add(random.nextInt(3) == 0 ? new Instruction.StoreImmediate(width, Register.R10, offset, random.nextInt())
                : new Instruction.Store(width, Register.R10, offset, any()));
    }

    private void atomic() {
        AtomicOperation[] all = AtomicOperation.values();
        int width = 4 << random.nextInt(2);
        int offset = -width * (1 + random.nextInt(STACK / width));
        code.add(new Instruction.Atomic(all[random.nextInt(all.length)], width, Register.R10, offset, any()));
    }

    private void jump(Instruction.Label target) {
        Condition[] all = Condition.values();
        Condition condition = all[random.nextInt(all.length)];
        boolean wide = random.nextBoolean();
        code.add(random.nextBoolean() ? new Instruction.JumpIf(condition, wide, any(), any(), target)
                : new Instruction.JumpIfImmediate(condition, wide, any(), EDGES[random.nextInt(EDGES.length)], target));
    }

    private AluOperation operation() {
        AluOperation[] all = AluOperation.values();
        return all[random.nextInt(all.length)];
    }

    private Register any() {
        return Register.of(random.nextInt(REGISTERS));
    }
}
