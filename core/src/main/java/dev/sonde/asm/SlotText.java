package dev.sonde.asm;

/** Writes one instruction from its bytes in the words of the kernel's disassembler (kernel/bpf/disasm.c), so that it reads like a verifier's log. */
final class SlotText {
    /** What stands for the places and functions that an instruction names. */
    interface Names {
        /** The text for the place {@code distance} slots behind the instruction after {@code slot}. */
        String target(int slot, int distance);

        /** The text for the kernel function of a BTF id, called at {@code slot}. */
        String kernelFunction(int slot, int btfId);
    }

    private final StringBuilder out;
    private final Names names;

    SlotText(StringBuilder out, Names names) {
        this.out = out;
        this.names = names;
    }

    /** Appends the instruction at {@code slot}; {@code next} is the word after it, or 0. */
    void append(int slot, long word, long next) {
        int opcode = (int) word & 0xff;
        switch (opcode & 7) {
            case Opcode.LD -> wideLoad(slot, word, next);
            case Opcode.LDX -> load(word);
            case Opcode.ST -> storeImmediate(word);
            case Opcode.STX -> store(word);
            case Opcode.ALU, Opcode.ALU64 -> arithmetic(word);
            default -> jump(slot, word);
        }
    }

    static int dst(long word) {
        return (int) (word >>> 8) & 15;
    }

    static int src(long word) {
        return (int) (word >>> 12) & 15;
    }

    static int offset(long word) {
        return (short) (word >>> 16);
    }

    static int immediate(long word) {
        return (int) (word >>> 32);
    }

    /** Whether the instruction takes a second slot. */
    static boolean isWide(long word) {
        return (word & 0xff) == (Opcode.LD | Opcode.IMM | 0x18);
    }

    private void wideLoad(int slot, long word, long next) {
        if (!isWide(word)) {
            unknown(word);
            return;
        }
        out.append('r').append(dst(word)).append(" = ");
        switch (src(word)) {
            case Opcode.PSEUDO_MAP_FD -> out.append("map[").append(immediate(word)).append(']');
            case Opcode.PSEUDO_MAP_VALUE -> out.append("map[").append(immediate(word)).append("][0]+").append(immediate(next));
            case Opcode.PSEUDO_FUNC -> out.append("subprog ").append(names.target(slot, immediate(word)));
            default -> out.append("0x").append(Long.toHexString(immediate(word) & 0xffffffffL | (long) immediate(next) << 32));
        }
    }

    private void load(long word) {
        int mode = (int) word & 0xe0;
        if (mode != Opcode.MEM && mode != Opcode.MEMSX) {
            unknown(word);
            return;
        }
        out.append('r').append(dst(word)).append(" = *(");
        out.append(mode == Opcode.MEMSX ? 's' : 'u').append(bits(word)).append(" *)");
        place(src(word), word);
    }

    private void storeImmediate(long word) {
        if (((int) word & 0xe0) != Opcode.MEM) {
            unknown(word);
            return;
        }
        out.append("*(u").append(bits(word)).append(" *)");
        place(dst(word), word);
        out.append(" = ").append(immediate(word));
    }

    private void store(long word) {
        switch ((int) word & 0xe0) {
            case Opcode.MEM -> {
                out.append("*(u").append(bits(word)).append(" *)");
                place(dst(word), word);
                out.append(" = r").append(src(word));
            }
            case Opcode.ATOMIC -> atomic(word);
            default -> unknown(word);
        }
    }

    private void atomic(long word) {
        AtomicOperation operation = operation(immediate(word) & ~1);
        if (operation == null) {
            unknown(word);
        } else if ((immediate(word) & 1) == 0) {
            out.append("lock *(u").append(bits(word)).append(" *)");
            place(dst(word), word);
            out.append(' ').append(aluText(operation.code())).append(" r").append(src(word));
        } else {
            fetch(operation, word);
        }
    }

    private void fetch(AtomicOperation operation, long word) {
        boolean compares = operation == AtomicOperation.CMPXCHG;
        out.append('r').append(compares ? 0 : src(word)).append(" = atomic").append(bits(word) == 64 ? "64" : "");
        out.append(operation == AtomicOperation.XCHG || compares ? "_" : "_fetch_").append(name(operation));
        out.append("((u").append(bits(word)).append(" *)");
        place(dst(word), word);
        out.append(compares ? ", r0" : "").append(", r").append(src(word)).append(')');
    }

    private static AtomicOperation operation(int codeWithoutFetch) {
        return switch (codeWithoutFetch) {
            case 0x00 -> AtomicOperation.ADD;
            case 0x40 -> AtomicOperation.OR;
            case 0x50 -> AtomicOperation.AND;
            case 0xa0 -> AtomicOperation.XOR;
            case 0xe0 -> AtomicOperation.XCHG;
            case 0xf0 -> AtomicOperation.CMPXCHG;
            default -> null;
        };
    }

    private static String name(AtomicOperation operation) {
        return switch (operation) {
            case ADD, FETCH_ADD -> "add";
            case OR -> "or";
            case AND -> "and";
            case XOR -> "xor";
            case XCHG -> "xchg";
            case CMPXCHG -> "cmpxchg";
        };
    }

    private void arithmetic(long word) {
        int code = (int) word & 0xf0;
        char bank = ((int) word & 7) == Opcode.ALU64 ? 'r' : 'w';
        if (code == Opcode.END) {
            byteSwap(word, bank);
        } else if (code == AluOperation.NEG.code()) {
            out.append(bank).append(dst(word)).append(" = -").append(bank).append(dst(word));
        } else if (aluText(code) == null) {
            unknown(word);
        } else {
            binary(word, code, bank);
        }
    }

    private void binary(long word, int code, char bank) {
        boolean register = (word & Opcode.X) != 0;
        boolean division = code == AluOperation.DIV.code() || code == AluOperation.MOD.code();
        out.append(bank).append(dst(word)).append(' ').append(division && offset(word) == 1 ? "s" : "").append(aluText(code)).append(' ');
        if (register && code == AluOperation.MOV.code() && offset(word) != 0) {
            out.append("(s").append(offset(word)).append(')');
        }
        if (register) {
            out.append(bank).append(src(word));
        } else {
            out.append(immediate(word));
        }
    }

    /** BPF_END of the 64-bit class swaps whatever the machine's order is. */
    private void byteSwap(long word, char bank) {
        String order = bank == 'r' ? "bswap" : (word & Opcode.X) != 0 ? "be" : "le";
        out.append('r').append(dst(word)).append(" = ").append(order).append(immediate(word)).append(" r").append(dst(word));
    }

    private static String aluText(int code) {
        for (AluOperation operation : AluOperation.values()) {
            if (operation.code() == code) {
                return operation.text();
            }
        }
        return null;
    }

    private void jump(int slot, long word) {
        boolean narrow = ((int) word & 7) == Opcode.JMP32;
        switch ((int) word & 0xf0) {
            case Opcode.JA -> jumpAlways(slot, word, narrow);
            case Opcode.CALL -> call(slot, word);
            case Opcode.EXIT -> out.append("exit");
            case Opcode.JCOND -> out.append("may_goto ").append(names.target(slot, offset(word)));
            default -> conditional(slot, word, narrow ? 'w' : 'r');
        }
    }

    private void jumpAlways(int slot, long word, boolean far) {
        out.append(far ? "gotol " : "goto ").append(names.target(slot, far ? immediate(word) : offset(word)));
    }

    private void call(int slot, long word) {
        switch (src(word)) {
            case 0 -> helper(immediate(word));
            case Opcode.PSEUDO_CALL -> out.append("call ").append(names.target(slot, immediate(word)));
            case Opcode.PSEUDO_KFUNC_CALL -> out.append("call ").append(names.kernelFunction(slot, immediate(word)));
            default -> unknown(word);
        }
    }

    private void helper(int number) {
        out.append("call ").append(BpfHelper.of(number).map(BpfHelper::kernelName).orElse("unknown")).append('#').append(number);
    }

    private void conditional(int slot, long word, char bank) {
        Condition condition = condition((int) word & 0xf0);
        if (condition == null) {
            unknown(word);
            return;
        }
        out.append("if ").append(bank).append(dst(word)).append(' ').append(condition.text()).append(' ');
        if ((word & Opcode.X) != 0) {
            out.append(bank).append(src(word));
        } else {
            out.append("0x").append(Integer.toHexString(immediate(word)));
        }
        out.append(" goto ").append(names.target(slot, offset(word)));
    }

    private static Condition condition(int code) {
        for (Condition condition : Condition.values()) {
            if (condition.code() == code) {
                return condition;
            }
        }
        return null;
    }

    private void place(int register, long word) {
        out.append("(r").append(register).append(offset(word) < 0 ? " " : " +").append(offset(word)).append(')');
    }

    private static int bits(long word) {
        return Opcode.width((int) word) * 8;
    }

    private void unknown(long word) {
        String hex = Integer.toHexString((int) word & 0xff);
        out.append("unknown opcode ").append(hex.length() == 1 ? "0" : "").append(hex);
    }
}
