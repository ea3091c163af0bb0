package dev.sonde.asm;

import static dev.sonde.asm.Programs.code;
import static dev.sonde.asm.Programs.hex;
import static dev.sonde.asm.Programs.padded;
import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R10;
import static dev.sonde.asm.Register.R2;
import static dev.sonde.asm.Register.R6;
import static dev.sonde.asm.Register.R9;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.source.Source;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes worked out by hand from the tables of instruction-set.rst: opcode, src:dst nibbles, 16-bit offset, 32-bit immediate. */
class EncoderTest {
    private static final Instruction EXIT = new Instruction.Exit();
    private static final Instruction.Label HERE = new Instruction.Label(1);
    private static final Instruction.Label THERE = new Instruction.Label(2);

    static Stream<Arguments> singleInstructions() {
        return Stream.of(
                Arguments.of("0f21000000000000", new Instruction.Alu(AluOperation.ADD, true, R1, R2)),
                Arguments.of("1c21000000000000", new Instruction.Alu(AluOperation.SUB, false, R1, R2)),
                Arguments.of("2f21000000000000", new Instruction.Alu(AluOperation.MUL, true, R1, R2)),
                Arguments.of("3f21000000000000", new Instruction.Alu(AluOperation.DIV, true, R1, R2)),
                Arguments.of("4c21000000000000", new Instruction.Alu(AluOperation.OR, false, R1, R2)),
                Arguments.of("5f21000000000000", new Instruction.Alu(AluOperation.AND, true, R1, R2)),
                Arguments.of("6f21000000000000", new Instruction.Alu(AluOperation.LSH, true, R1, R2)),
                Arguments.of("7c21000000000000", new Instruction.Alu(AluOperation.RSH, false, R1, R2)),
                Arguments.of("9f21000000000000", new Instruction.Alu(AluOperation.MOD, true, R1, R2)),
                Arguments.of("af21000000000000", new Instruction.Alu(AluOperation.XOR, true, R1, R2)),
                Arguments.of("bfa1000000000000", new Instruction.Alu(AluOperation.MOV, true, R1, R10)),
                Arguments.of("cc21000000000000", new Instruction.Alu(AluOperation.ARSH, false, R1, R2)),
                Arguments.of("8701000000000000", new Instruction.Alu(AluOperation.NEG, true, R1, R1)),
                Arguments.of("8401000000000000", new Instruction.AluImmediate(AluOperation.NEG, false, R1, 7)),
                Arguments.of("07010000f8ffffff", new Instruction.AluImmediate(AluOperation.ADD, true, R1, -8)),
                Arguments.of("b400000078563412", new Instruction.AluImmediate(AluOperation.MOV, false, R0, 0x12345678)),
                Arguments.of("770200003f000000", new Instruction.AluImmediate(AluOperation.RSH, true, R2, 63)),
                Arguments.of("bf21080000000000", new Instruction.MoveSignExtended(R1, R2, 8)),
                Arguments.of("bf21100000000000", new Instruction.MoveSignExtended(R1, R2, 16)),
                Arguments.of("bf21200000000000", new Instruction.MoveSignExtended(R1, R2, 32)),
                Arguments.of("3f21010000000000", new Instruction.SignedAlu(AluOperation.DIV, true, R1, R2)),
                Arguments.of("9c21010000000000", new Instruction.SignedAlu(AluOperation.MOD, false, R1, R2)),
                Arguments.of("dc01000010000000", new Instruction.ByteSwap(R1, 16, true)),
                Arguments.of("dc01000040000000", new Instruction.ByteSwap(R1, 64, true)),
                Arguments.of("d401000020000000", new Instruction.ByteSwap(R1, 32, false)),
                Arguments.of("71a1ffff00000000", new Instruction.Load(1, false, R1, R10, -1)),
                Arguments.of("69a1feff00000000", new Instruction.Load(2, false, R1, R10, -2)),
                Arguments.of("61a1fcff00000000", new Instruction.Load(4, false, R1, R10, -4)),
                Arguments.of("79a1f8ff00000000", new Instruction.Load(8, false, R1, R10, -8)),
                Arguments.of("91a1ffff00000000", new Instruction.Load(1, true, R1, R10, -1)),
                Arguments.of("89a1feff00000000", new Instruction.Load(2, true, R1, R10, -2)),
                Arguments.of("81a1fcff00000000", new Instruction.Load(4, true, R1, R10, -4)),
                Arguments.of("79a1f8ff00000000", new Instruction.Load(8, true, R1, R10, -8)),
                Arguments.of("739affff00000000", new Instruction.Store(1, R10, -1, R9)),
                Arguments.of("6b9afeff00000000", new Instruction.Store(2, R10, -2, R9)),
                Arguments.of("6396041000000000", new Instruction.Store(4, R6, 0x1004, R9)),
                Arguments.of("7b9af8ff00000000", new Instruction.Store(8, R10, -8, R9)),
                Arguments.of("720affff07000000", new Instruction.StoreImmediate(1, R10, -1, 7)),
                Arguments.of("6a0afeffffffffff", new Instruction.StoreImmediate(2, R10, -2, -1)),
                Arguments.of("620afcff00000000", new Instruction.StoreImmediate(4, R10, -4, 0)),
                Arguments.of("7a0af8ff00000000", new Instruction.StoreImmediate(8, R10, -8, 0)),
                Arguments.of("db16080000000000", new Instruction.Atomic(AtomicOperation.ADD, 8, R6, 8, R1)),
                Arguments.of("c316080040000000", new Instruction.Atomic(AtomicOperation.OR, 4, R6, 8, R1)),
                Arguments.of("db16000050000000", new Instruction.Atomic(AtomicOperation.AND, 8, R6, 0, R1)),
                Arguments.of("db160000a0000000", new Instruction.Atomic(AtomicOperation.XOR, 8, R6, 0, R1)),
                Arguments.of("db16000001000000", new Instruction.Atomic(AtomicOperation.FETCH_ADD, 8, R6, 0, R1)),
                Arguments.of("db160000e1000000", new Instruction.Atomic(AtomicOperation.XCHG, 8, R6, 0, R1)),
                Arguments.of("c3160000f1000000", new Instruction.Atomic(AtomicOperation.CMPXCHG, 4, R6, 0, R1)),
                Arguments.of("18010000efcdab89 0000000067452301", new Instruction.LoadConstant(R1, 0x0123456789abcdefL)),
                Arguments.of("1801000000000080 0000000000000000", new Instruction.LoadConstant(R1, 0x80000000L)),
                Arguments.of("1811000003000000 0000000000000000", new Instruction.LoadMap(R1, 3)),
                Arguments.of("1821000003000000 0000000010000000", new Instruction.LoadMapValue(R1, 3, 16)),
                Arguments.of("8500000001000000", new Instruction.CallHelper(1)),
                Arguments.of("85200000d2040000", new Instruction.CallKernelFunction("bpf_iter_num_new", 1234)),
                Arguments.of("9500000000000000", EXIT));
    }

    @ParameterizedTest
    @MethodSource("singleInstructions")
    void everyKindHasTheBytesOfTheInstructionSet(String expected, Instruction instruction) {
        assertThat(hex(instruction)).isEqualTo(expected);
    }

    @Test
    void everyConditionHasItsOpcode() {
        String opcodes = "15 25 35 45 55 65 75 a5 b5 c5 d5";
        var seen = new StringBuilder();
        for (Condition condition : Condition.values()) {
            String wide = hex(HERE, new Instruction.JumpIfImmediate(condition, true, R1, -1, HERE));
            String narrow = hex(HERE, new Instruction.JumpIf(condition, false, R1, R2, HERE));
            assertThat(wide).endsWith("01ffffffffffff");
            assertThat(narrow).endsWith("21ffff00000000");
            int opcode = Integer.parseInt(wide.substring(0, 2), 16);
            assertThat(Integer.parseInt(narrow.substring(0, 2), 16)).isEqualTo((opcode | 8) + 1);
            seen.append(seen.isEmpty() ? "" : " ").append(wide, 0, 2);
        }
        assertThat(seen).hasToString(opcodes);
    }

    @Test
    void jumpsCountFromTheNextInstruction() {
        assertThat(hex(new Instruction.Jump(HERE), EXIT, HERE, EXIT)).startsWith("0500010000000000");
        assertThat(hex(HERE, EXIT, new Instruction.Jump(HERE))).endsWith("0500feff00000000");
        assertThat(hex(new Instruction.MayGoto(HERE), EXIT, HERE, EXIT)).startsWith("e500010000000000");
    }

    @Test
    void wideLoadsCountAsTwoSlots() {
        assertThat(hex(new Instruction.Jump(HERE), new Instruction.LoadConstant(R0, 1), HERE, EXIT)).startsWith("0500020000000000");
    }

    @Test
    void localCallsAndFunctionAddressesAreRelative() {
        Code code = code(new Instruction.CallLocal(HERE), new Instruction.LoadFunction(R2, HERE), EXIT, HERE, EXIT);
        assertThat(hex(Encoder.encode(code).instructions())).isEqualTo(
                "8510000003000000 1842000002000000 0000000000000000 9500000000000000 9500000000000000");
    }

    @Test
    void functionsStartAtTheirLabels() {
        Code code = new Code.Builder().add(new Instruction.LoadConstant(R0, 0)).add(EXIT).function(HERE, "callback").add(EXIT).build();
        assertThat(Encoder.encode(code).functions()).containsExactly(new EncodedProgram.Function(3, "callback"));
    }

    @Test
    void everySlotKnowsItsSpan() {
        var source = new Source("a.bt", "one\ntwo\n");
        Code code = new Code.Builder().at(Optional.of(source.span(0, 3))).add(new Instruction.LoadConstant(R0, 0)).add(HERE)
                .at(Optional.of(source.span(4, 7))).add(EXIT).at(Optional.empty()).add(EXIT).build();
        EncodedProgram program = Encoder.encode(code);
        assertThat(program.slots()).isEqualTo(4);
        assertThat(program.spans()).hasSize(4);
        assertThat(program.span(1).orElseThrow().line()).isEqualTo(1);
        assertThat(program.span(2).orElseThrow().line()).isEqualTo(2);
        assertThat(program.span(3)).isEmpty();
        assertThat(program.span(4)).isEmpty();
    }

    @Test
    void patchingPutsDescriptorsForIndices() {
        EncodedProgram program = Encoder.encode(code(new Instruction.LoadMap(R1, 0), new Instruction.LoadMapValue(R2, 1, 8), EXIT));
        assertThat(program.maps()).containsExactly(new EncodedProgram.MapReference(0, 0, false), new EncodedProgram.MapReference(2, 1, true));
        assertThat(hex(program.patched(map -> 0x1000 + map))).isEqualTo(
                "1811000000100000 0000000000000000 1822000001100000 0000000008000000 9500000000000000");
        assertThat(hex(program.instructions())).startsWith("1811000000000000");
    }

    @Test
    void jumpOf32767SlotsIsShort() {
        byte[] bytes = Encoder.encode(padded(new Instruction[] {new Instruction.Jump(HERE)}, 32767, HERE, EXIT)).instructions();
        assertThat(bytes).hasSize((1 + 32767 + 1) * 8);
        assertThat(hex(bytes)).startsWith("0500ff7f00000000");
    }

    @Test
    void jumpOf32768SlotsIsLong() {
        byte[] bytes = Encoder.encode(padded(new Instruction[] {new Instruction.Jump(HERE)}, 32768, HERE, EXIT)).instructions();
        assertThat(hex(bytes)).startsWith("0600000000800000");
    }

    @Test
    void backwardJumpsReachOneSlotFurther() {
        Instruction[] start = {HERE};
        assertThat(hex(Encoder.encode(padded(start, 32767, new Instruction.Jump(HERE))).instructions())).endsWith("0500008000000000");
        assertThat(hex(Encoder.encode(padded(start, 32768, new Instruction.Jump(HERE))).instructions())).endsWith("06000000ff7fffff");
    }

    @Test
    void farConditionIsNegatedOverLongJump() {
        Instruction[] start = {new Instruction.JumpIfImmediate(Condition.EQ, true, R1, 5, HERE)};
        assertThat(hex(Encoder.encode(padded(start, 40000, HERE, EXIT)).instructions())).startsWith("5501010005000000 06000000409c0000 07");
        Instruction[] registers = {new Instruction.JumpIf(Condition.SLT, false, R1, R2, HERE)};
        assertThat(hex(Encoder.encode(padded(registers, 40000, HERE, EXIT)).instructions())).startsWith("7e21010000000000 06000000409c0000 07");
    }

    @Test
    void farTestOfBitsAndMayGotoJumpOverJump() {
        Instruction[] set = {new Instruction.JumpIfImmediate(Condition.SET, true, R1, 5, HERE)};
        assertThat(hex(Encoder.encode(padded(set, 40000, HERE, EXIT)).instructions()))
                .startsWith("4501010005000000 0500010000000000 06000000409c0000 07");
        Instruction[] budget = {new Instruction.MayGoto(HERE)};
        assertThat(hex(Encoder.encode(padded(budget, 40000, HERE, EXIT)).instructions()))
                .startsWith("e500010000000000 0500010000000000 06000000409c0000 07");
    }

    @Test
    void jumpThatGrowsPushesAnotherOutOfReach() {
        var start = new Instruction[] {new Instruction.Jump(THERE), new Instruction.JumpIfImmediate(Condition.EQ, true, R1, 5, HERE)};
        Code code = padded(start, 32766, THERE, new Instruction.AluImmediate(AluOperation.ADD, true, R0, 1),
                new Instruction.AluImmediate(AluOperation.ADD, true, R0, 1), HERE, EXIT);
        assertThat(hex(Encoder.encode(code).instructions())).startsWith("0600000000800000 5501010005000000 0600000000800000");
    }

    @Test
    void whatHasNoEncodingIsRefused() {
        for (Instruction bad : List.of(
                new Instruction.Load(3, false, R1, R2, 0),
                new Instruction.Load(8, false, R1, R2, 40000),
                new Instruction.Atomic(AtomicOperation.ADD, 2, R1, 0, R2),
                new Instruction.ByteSwap(R1, 8, true),
                new Instruction.MoveSignExtended(R1, R2, 64),
                new Instruction.SignedAlu(AluOperation.MUL, true, R1, R2),
                new Instruction.Alu(AluOperation.NEG, true, R1, R2),
                new Instruction.Jump(HERE))) {
            assertThatThrownBy(() -> hex(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> hex(HERE, EXIT, HERE)).hasMessageContaining("two places");
        assertThatThrownBy(() -> hex(new Instruction.Jump(HERE), HERE)).hasMessageContaining("behind the last instruction");
        assertThatThrownBy(() -> Encoder.encode(new Code.Builder().add(EXIT).function(HERE, "f").build()))
                .hasMessageContaining("without instructions");
    }
}
