package dev.sonde.asm;

import static dev.sonde.asm.Programs.text;
import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R10;
import static dev.sonde.asm.Register.R2;
import static dev.sonde.asm.Register.R6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Source;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DisassemblerTest {
    static Stream<Arguments> singleInstructions() {
        return Stream.of(
                Arguments.of("r1 += r2", new Instruction.Alu(AluOperation.ADD, true, R1, R2)),
                Arguments.of("w1 s>>= w2", new Instruction.Alu(AluOperation.ARSH, false, R1, R2)),
                Arguments.of("r1 = r10", new Instruction.Alu(AluOperation.MOV, true, R1, R10)),
                Arguments.of("r1 = -r1", new Instruction.Alu(AluOperation.NEG, true, R1, R1)),
                Arguments.of("r1 += -8", new Instruction.AluImmediate(AluOperation.ADD, true, R1, -8)),
                Arguments.of("w0 = 5", new Instruction.AluImmediate(AluOperation.MOV, false, R0, 5)),
                Arguments.of("r1 = (s8)r2", new Instruction.MoveSignExtended(R1, R2, 8)),
                Arguments.of("r1 s/= r2", new Instruction.SignedAlu(AluOperation.DIV, true, R1, R2)),
                Arguments.of("w1 s%= w2", new Instruction.SignedAlu(AluOperation.MOD, false, R1, R2)),
                Arguments.of("r1 = be16 r1", new Instruction.ByteSwap(R1, 16, true)),
                Arguments.of("r1 = le32 r1", new Instruction.ByteSwap(R1, 32, false)),
                Arguments.of("r1 = *(u64 *)(r10 -8)", new Instruction.Load(8, false, R1, R10, -8)),
                Arguments.of("r1 = *(s16 *)(r2 +4)", new Instruction.Load(2, true, R1, R2, 4)),
                Arguments.of("*(u32 *)(r10 -4) = r1", new Instruction.Store(4, R10, -4, R1)),
                Arguments.of("*(u8 *)(r1 +0) = -1", new Instruction.StoreImmediate(1, R1, 0, -1)),
                Arguments.of("lock *(u64 *)(r1 +0) += r2", new Instruction.Atomic(AtomicOperation.ADD, 8, R1, 0, R2)),
                Arguments.of("lock *(u32 *)(r1 +4) ^= r2", new Instruction.Atomic(AtomicOperation.XOR, 4, R1, 4, R2)),
                Arguments.of("r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)", new Instruction.Atomic(AtomicOperation.FETCH_ADD, 8, R1, 0, R2)),
                Arguments.of("r2 = atomic64_xchg((u64 *)(r1 +0), r2)", new Instruction.Atomic(AtomicOperation.XCHG, 8, R1, 0, R2)),
                Arguments.of("r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)", new Instruction.Atomic(AtomicOperation.CMPXCHG, 4, R1, 0, R2)),
                Arguments.of("r1 = 0x123456789abcdef", new Instruction.LoadConstant(R1, 0x0123456789abcdefL)),
                Arguments.of("r1 = 0xffffffffffffffff", new Instruction.LoadConstant(R1, -1)),
                Arguments.of("r1 = map[3]", new Instruction.LoadMap(R1, 3)),
                Arguments.of("r1 = map[3][0]+16", new Instruction.LoadMapValue(R1, 3, 16)),
                Arguments.of("call bpf_map_lookup_elem#1", new Instruction.CallHelper(1)),
                Arguments.of("call unknown#9999", new Instruction.CallHelper(9999)),
                Arguments.of("call kernel-function#12", new Instruction.CallKernelFunction("f", 12)),
                Arguments.of("exit", new Instruction.Exit()));
    }

    @ParameterizedTest
    @MethodSource("singleInstructions")
    void readsLikeTheKernels(String expected, Instruction instruction) {
        assertThat(text(instruction)).isEqualTo(expected);
    }

    @Test
    void rawJumpsAreByDistance() {
        assertThat(raw("1500050000000000")).isEqualTo("   0: if r0 == 0x0 goto pc+5\n");
        assertThat(raw("ae21fdff00000000")).isEqualTo("   0: if w1 < w2 goto pc-3\n");
        assertThat(raw("b500010001000080")).isEqualTo("   0: if r0 <= 0x80000001 goto pc+1\n");
        assertThat(raw("4500010001000000")).isEqualTo("   0: if r0 & 0x1 goto pc+1\n");
        assertThat(raw("0500ffff00000000")).isEqualTo("   0: goto pc-1\n");
        assertThat(raw("06000000a0860100")).isEqualTo("   0: gotol pc+100000\n");
        assertThat(raw("e500020000000000")).isEqualTo("   0: may_goto pc+2\n");
        assertThat(raw("8510000003000000")).isEqualTo("   0: call pc+3\n");
        assertThat(raw("d701000040000000")).isEqualTo("   0: r1 = bswap64 r1\n");
    }

    @Test
    void codeIsShownWithLabelsFunctionsAndScriptLines() {
        var source = new Source("a.bt", "BEGIN {\n  @x = 1;\n}\n");
        var end = new Instruction.Label(7);
        var callback = new Instruction.Label(8);
        Code code = new Code.Builder().at(Optional.of(source.span(0, 5)))
                .add(new Instruction.Alu(AluOperation.MOV, true, R6, R1))
                .add(new Instruction.JumpIfImmediate(Condition.EQ, true, R6, 0, end))
                .at(Optional.of(source.span(10, 12)))
                .add(new Instruction.LoadFunction(R2, callback))
                .add(new Instruction.CallKernelFunction("bpf_iter_num_new", 77))
                .add(new Instruction.CallLocal(callback))
                .add(end).add(new Instruction.Exit())
                .at(Optional.empty()).function(callback, "callback").add(new Instruction.Exit()).build();
        assertThat(Disassembler.text(code)).isEqualTo("""
                ; a.bt:1: BEGIN {
                   0: r6 = r1
                   1: if r6 == 0x0 goto L7
                ; a.bt:2: @x = 1;
                   2: r2 = subprog callback
                   4: call bpf_iter_num_new#77
                   5: call callback
                L7:
                   6: exit
                callback:
                   7: exit
                """);
    }

    @Test
    void anyBytesHaveAText() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            String text = Disassembler.text(bytes);
            assertThat(text.isEmpty()).isEqualTo(bytes.length < 8);
        }
    }

    @Test
    void unknownOpcodesAreNamed() {
        assertThat(raw("0000000000000000")).isEqualTo("   0: unknown opcode 00\n");
        assertThat(raw("ff00000000000000")).isEqualTo("   0: unknown opcode ff\n");
    }

    private static String raw(String hex) {
        return Disassembler.text(HexFormat.of().parseHex(hex));
    }
}
