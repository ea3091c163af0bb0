package dev.sonde.asm;

import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the kernel's bytes of a {@link Code}: resolves labels to offsets and leaves maps by index (see {@link EncodedProgram#patched}).
 *
 * <p>Encoding is little-endian, as both supported machines are. A jump further than 16 bits reach becomes {@code gotol}, a conditional one the
 * negated condition over a {@code gotol}; both need kernel 6.6. {@code ByteSwap} is BPF_END with its to-big-endian or, which on these machines only
 * truncates, its to-little-endian form. Source: instruction-set.rst.
 */
public final class Encoder {
    private final Code code;
    private final Layout layout;
    private final long[] words;
    private final List<EncodedProgram.MapReference> maps = new ArrayList<>();
    private int at;

    private Encoder(Code code, Layout layout) {
        this.code = code;
        this.layout = layout;
        this.words = new long[layout.slots()];
    }

    /**
     * Encodes a program.
     *
     * @throws IllegalArgumentException for code that has no encoding: a label that is missing, doubled or at the very end, an offset beyond 16 bits
     *     or a width, an operation or a register that the instruction set does not have there
     */
    public static EncodedProgram encode(Code code) {
        var encoder = new Encoder(code, Layout.of(code));
        encoder.emitAll();
        return new EncodedProgram(encoder.bytes(), encoder.maps, encoder.spans(), encoder.functions());
    }

    private void emitAll() {
        for (int i = 0; i < code.lines().size(); i++) {
            emit(code.lines().get(i).instruction(), layout.far(i));
        }
    }

    private void emit(Instruction instruction, boolean far) {
        switch (instruction) {
            case Instruction.Alu i -> alu(i);
            case Instruction.AluImmediate i -> aluImmediate(i);
            case Instruction.MoveSignExtended i -> moveSignExtended(i);
            case Instruction.SignedAlu i -> signedAlu(i);
            case Instruction.ByteSwap i -> byteSwap(i);
            case Instruction.Load i -> load(i);
            case Instruction.Store i -> add(Opcode.STX | Opcode.MEM | Opcode.size(i.width()), i.base(), i.src(), offset(i.offset()), 0);
            case Instruction.StoreImmediate i ->
                    add(Opcode.ST | Opcode.MEM | Opcode.size(i.width()), i.base(), Register.R0, offset(i.offset()), i.immediate());
            case Instruction.Atomic i -> atomic(i);
            case Instruction.LoadConstant i -> loadWide(i.dst(), 0, (int) i.value(), (int) (i.value() >>> 32));
            case Instruction.LoadMap i -> loadMap(i.dst(), i.map(), false, 0);
            case Instruction.LoadMapValue i -> loadMap(i.dst(), i.map(), true, i.offset());
            case Instruction.LoadFunction i -> loadWide(i.dst(), Opcode.PSEUDO_FUNC, distance(i.target()), 0);
            case Instruction.CallHelper i -> call(0, i.helper());
            case Instruction.CallKernelFunction i -> call(Opcode.PSEUDO_KFUNC_CALL, i.btfId());
            case Instruction.CallLocal i -> call(Opcode.PSEUDO_CALL, distance(i.target()));
            case Instruction.Jump i -> jump(i.target(), far);
            case Instruction.JumpIf i -> jumpIf(i, far);
            case Instruction.JumpIfImmediate i -> jumpIfImmediate(i, far);
            case Instruction.MayGoto i -> mayGoto(i, far);
            case Instruction.Exit _ -> add(Opcode.JMP | Opcode.EXIT, 0, 0, 0, 0);
            case Instruction.Label _ -> { }
        }
    }

    private void alu(Instruction.Alu i) {
        if (i.operation() == AluOperation.NEG) {
            require(i.dst() == i.src(), "a negation into another register");
            negate(i.dst(), i.wide());
        } else {
            add(arithmetic(i.wide()) | Opcode.X | i.operation().code(), i.dst(), i.src(), 0, 0);
        }
    }

    private void aluImmediate(Instruction.AluImmediate i) {
        if (i.operation() == AluOperation.NEG) {
            negate(i.dst(), i.wide());
        } else {
            add(arithmetic(i.wide()) | i.operation().code(), i.dst(), Register.R0, 0, i.immediate());
        }
    }

    /** The verifier wants every field but dst to be 0. */
    private void negate(Register dst, boolean wide) {
        add(arithmetic(wide) | AluOperation.NEG.code(), dst, Register.R0, 0, 0);
    }

    private void moveSignExtended(Instruction.MoveSignExtended i) {
        require(i.bits() == 8 || i.bits() == 16 || i.bits() == 32, "a sign extension of " + i.bits() + " bits");
        add(Opcode.ALU64 | Opcode.X | AluOperation.MOV.code(), i.dst(), i.src(), i.bits(), 0);
    }

    private void signedAlu(Instruction.SignedAlu i) {
        require(i.operation() == AluOperation.DIV || i.operation() == AluOperation.MOD, "a signed " + i.operation());
        add(arithmetic(i.wide()) | Opcode.X | i.operation().code(), i.dst(), i.src(), 1, 0);
    }

    private void byteSwap(Instruction.ByteSwap i) {
        require(i.bits() == 16 || i.bits() == 32 || i.bits() == 64, "a byte swap of " + i.bits() + " bits");
        add(Opcode.ALU | Opcode.END | (i.toBigEndian() ? Opcode.X : 0), i.dst(), Register.R0, 0, i.bits());
    }

    /** A full-width value has nothing to extend, so it is always the plain load. */
    private void load(Instruction.Load i) {
        int mode = i.signed() && i.width() < 8 ? Opcode.MEMSX : Opcode.MEM;
        add(Opcode.LDX | mode | Opcode.size(i.width()), i.dst(), i.base(), offset(i.offset()), 0);
    }

    private void atomic(Instruction.Atomic i) {
        require(i.width() == 4 || i.width() == 8, "an atomic access of " + i.width() + " bytes");
        add(Opcode.STX | Opcode.ATOMIC | Opcode.size(i.width()), i.base(), i.src(), offset(i.offset()), i.operation().code());
    }

    private void loadMap(Register dst, int map, boolean direct, int offset) {
        maps.add(new EncodedProgram.MapReference(at, map, direct));
        loadWide(dst, direct ? Opcode.PSEUDO_MAP_VALUE : Opcode.PSEUDO_MAP_FD, map, offset);
    }

    private void loadWide(Register dst, int pseudo, int low, int high) {
        add(Opcode.LD | Opcode.IMM | Opcode.size(8), dst.ordinal(), pseudo, 0, low);
        add(0, 0, 0, 0, high);
    }

    private void call(int pseudo, int immediate) {
        add(Opcode.JMP | Opcode.CALL, 0, pseudo, 0, immediate);
    }

    private void jump(Instruction.Label target, boolean far) {
        int distance = distance(target);
        if (far) {
            add(Opcode.JMP32 | Opcode.JA, 0, 0, 0, distance);
        } else {
            add(Opcode.JMP | Opcode.JA, 0, 0, distance, 0);
        }
    }

    private void jumpIf(Instruction.JumpIf i, boolean far) {
        conditional(Opcode.X | comparison(i.wide()), i.condition(), i.left().ordinal(), i.right().ordinal(), 0, far, i.target());
    }

    private void jumpIfImmediate(Instruction.JumpIfImmediate i, boolean far) {
        conditional(comparison(i.wide()), i.condition(), i.left().ordinal(), 0, i.immediate(), far, i.target());
    }

    private void conditional(int opcode, Condition condition, int left, int right, int immediate, boolean far, Instruction.Label target) {
        if (!far) {
            add(opcode | condition.code(), left, right, distance(target), immediate);
        } else if (condition == Condition.SET) {
            add(opcode | condition.code(), left, right, 1, immediate);
            aroundLongJump(target);
        } else {
            add(opcode | condition.negated().code(), left, right, 1, immediate);
            jump(target, true);
        }
    }

    private void mayGoto(Instruction.MayGoto i, boolean far) {
        int opcode = Opcode.JMP | Opcode.JCOND;
        if (far) {
            add(opcode, 0, 0, 1, 0);
            aroundLongJump(i.target());
        } else {
            add(opcode, 0, 0, distance(i.target()), 0);
        }
    }

    private void aroundLongJump(Instruction.Label target) {
        add(Opcode.JMP | Opcode.JA, 0, 0, 1, 0);
        jump(target, true);
    }

    private int distance(Instruction.Label label) {
        int target = layout.target(label);
        require(target < words.length, "label " + label.number() + " behind the last instruction");
        return target - at - 1;
    }

    private void add(int opcode, Register dst, Register src, int offset, int immediate) {
        add(opcode, dst.ordinal(), src.ordinal(), offset, immediate);
    }

    private void add(int opcode, int dst, int src, int offset, int immediate) {
        words[at++] = Opcode.slot(opcode, dst, src, offset, immediate);
    }

    private static int arithmetic(boolean wide) {
        return wide ? Opcode.ALU64 : Opcode.ALU;
    }

    private static int comparison(boolean wide) {
        return wide ? Opcode.JMP : Opcode.JMP32;
    }

    private static int offset(int offset) {
        require(offset == (short) offset, "an offset of " + offset);
        return offset;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what);
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[words.length * 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (words[i >>> 3] >>> 8 * (i & 7));
        }
        return bytes;
    }

    private List<Optional<Span>> spans() {
        var spans = new ArrayList<Optional<Span>>(words.length);
        for (int i = 0; i < code.lines().size(); i++) {
            for (int slot = layout.start(i); slot < layout.start(i + 1); slot++) {
                spans.add(code.lines().get(i).span());
            }
        }
        return spans;
    }

    private List<EncodedProgram.Function> functions() {
        var functions = new ArrayList<EncodedProgram.Function>(code.functions().size());
        for (Code.Function function : code.functions()) {
            int start = layout.target(function.start());
            require(start < words.length, "function " + function.name() + " without instructions");
            functions.add(new EncodedProgram.Function(start, function.name()));
        }
        return functions;
    }
}
