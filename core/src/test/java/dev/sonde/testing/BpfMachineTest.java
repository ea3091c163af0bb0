package dev.sonde.testing;

import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R10;
import static dev.sonde.asm.Register.R2;
import static dev.sonde.asm.Register.R3;
import static dev.sonde.asm.Register.R6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.AtomicOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Instruction;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Instruction kinds with their edges, and what the machine refuses. Results are from instruction-set.rst. */
class BpfMachineTest {
    private static final long MIN = Long.MIN_VALUE;

    static Stream<Arguments> arithmetic() {
        return Stream.of(
                wide(AluOperation.ADD, Long.MAX_VALUE, 1, MIN), narrow(AluOperation.ADD, 0xffff_ffff_ffff_ffffL, 1, 0),
                wide(AluOperation.SUB, 0, 1, -1), narrow(AluOperation.SUB, 0, 1, 0xffff_ffffL),
                wide(AluOperation.MUL, 1L << 32, 1L << 32, 0), narrow(AluOperation.MUL, 0x1_0000_0003L, 5, 15),
                wide(AluOperation.DIV, -1, 2, Long.MAX_VALUE), narrow(AluOperation.DIV, -1, 2, 0x7fff_ffffL),
                wide(AluOperation.DIV, 7, 0, 0), narrow(AluOperation.DIV, 7, 1L << 32, 0),
                wide(AluOperation.MOD, -1, 10, 5), narrow(AluOperation.MOD, -1, 10, 5),
                wide(AluOperation.MOD, -7, 0, -7), narrow(AluOperation.MOD, -7, 0, 0xffff_fff9L),
                wide(AluOperation.OR, 5, 10, 15), wide(AluOperation.AND, 12, 10, 8), wide(AluOperation.XOR, -1, -1, 0),
                narrow(AluOperation.XOR, -1, 0, 0xffff_ffffL),
                wide(AluOperation.LSH, 1, 65, 2), narrow(AluOperation.LSH, 1, 33, 2), narrow(AluOperation.LSH, 1, 31, 0x8000_0000L),
                wide(AluOperation.RSH, -1, 63, 1), narrow(AluOperation.RSH, -1, 31, 1), wide(AluOperation.RSH, -1, 64, -1),
                wide(AluOperation.ARSH, MIN, 63, -1), narrow(AluOperation.ARSH, 0x8000_0000L, 31, 0xffff_ffffL),
                wide(AluOperation.MOV, 1, -5, -5), narrow(AluOperation.MOV, -1, -5, 0xffff_fffbL));
    }

    private static Arguments wide(AluOperation operation, long left, long right, long result) {
        return Arguments.of(operation, true, left, right, result);
    }

    private static Arguments narrow(AluOperation operation, long left, long right, long result) {
        return Arguments.of(operation, false, left, right, result);
    }

    @ParameterizedTest
    @MethodSource("arithmetic")
    void arithmeticWrapsMasksAndTruncates(AluOperation operation, boolean wide, long left, long right, long result) {
        assertThat(run(binary(new Instruction.Alu(operation, wide, R0, R1), left, right))).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({"DIV,true,-7,2,-3", "MOD,true,-7,2,-1", "MOD,true,7,-2,1", "DIV,true,-9223372036854775808,-1,-9223372036854775808",
        "MOD,true,-9223372036854775808,-1,0", "DIV,true,5,0,0", "MOD,true,-5,0,-5", "DIV,false,-7,2,4294967293", "MOD,false,-7,2,4294967295",
        "DIV,false,2147483648,4294967295,2147483648"})
    void signedDivisionTruncatesToZero(AluOperation operation, boolean wide, long left, long right, long result) {
        assertThat(run(binary(new Instruction.SignedAlu(operation, wide, R0, R1), left, right))).isEqualTo(result);
    }

    private static Snippet binary(Instruction instruction, long left, long right) {
        return new Snippet().set(R0, left).set(R1, right).add(instruction).exit();
    }

    @Test
    void immediatesAreSignExtended() {
        assertThat(run(new Snippet().set(R0, 1).add(new Instruction.AluImmediate(AluOperation.ADD, true, R0, -2)).exit())).isEqualTo(-1);
        assertThat(run(new Snippet().add(new Instruction.AluImmediate(AluOperation.MOV, false, R0, -1)).exit())).isEqualTo(0xffff_ffffL);
        assertThat(run(new Snippet().set(R0, 5).add(new Instruction.AluImmediate(AluOperation.NEG, false, R0, 0)).exit())).isEqualTo(0xffff_fffbL);
        assertThat(run(new Snippet().set(R0, 5).add(new Instruction.Alu(AluOperation.NEG, true, R0, R0)).exit())).isEqualTo(-5);
    }

    @Test
    void movesExtendTheSign() {
        assertThat(run(new Snippet().set(R1, 0x180).add(new Instruction.MoveSignExtended(R0, R1, 8)).exit())).isEqualTo(-128);
        assertThat(run(new Snippet().set(R1, 0x18000).add(new Instruction.MoveSignExtended(R0, R1, 16)).exit())).isEqualTo(-32768);
        assertThat(run(new Snippet().set(R1, 0x7fff_ffffL).add(new Instruction.MoveSignExtended(R0, R1, 32)).exit())).isEqualTo(0x7fff_ffffL);
    }

    @Test
    void byteOrderIsChangedAndTruncated() {
        long value = 0x1122_3344_5566_7788L;
        assertThat(run(new Snippet().set(R0, value).add(new Instruction.ByteSwap(R0, 16, true)).exit())).isEqualTo(0x8877);
        assertThat(run(new Snippet().set(R0, value).add(new Instruction.ByteSwap(R0, 32, true)).exit())).isEqualTo(0x8877_6655L);
        assertThat(run(new Snippet().set(R0, value).add(new Instruction.ByteSwap(R0, 64, true)).exit())).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(run(new Snippet().set(R0, value).add(new Instruction.ByteSwap(R0, 32, false)).exit())).isEqualTo(0x5566_7788L);
        assertThat(raw("b700000034120000 d700000010000000 9500000000000000")).isEqualTo(0x3412);
    }

    @ParameterizedTest
    @CsvSource({"EQ,1,1,true", "NE,1,1,false", "GT,-1,1,true", "SGT,-1,1,false", "GE,1,1,true", "SGE,-2,-1,false", "LT,1,-1,true", "SLT,-1,0,true",
        "LE,2,1,false", "SLE,-1,-1,true", "SET,6,1,false", "SET,6,4,true"})
    void conditionsAreSignedOrNot(Condition condition, int left, int right, boolean taken) {
        long expected = taken ? 1 : 0;
        assertThat(run(branch(new Instruction.JumpIfImmediate(condition, true, R1, right, Snippet.label(1)), left, right))).isEqualTo(expected);
        assertThat(run(branch(new Instruction.JumpIf(condition, true, R1, R2, Snippet.label(1)), left, right))).isEqualTo(expected);
        long high = 0x55L << 32;
        var narrow = new Instruction.JumpIf(condition, false, R1, R2, Snippet.label(1));
        assertThat(run(branch(narrow, high | left & 0xffff_ffffL, right))).isEqualTo(expected);
    }

    private static Snippet branch(Instruction jump, long left, long right) {
        return new Snippet().set(R1, left).set(R2, right).add(jump).exit(0).at(1).exit(1);
    }

    @Test
    void loadsExtendAsTheySay() {
        for (int width : new int[] {1, 2, 4}) {
            var store = new Snippet().put(-8, -2);
            assertThat(run(store.add(new Instruction.Load(width, false, R0, R10, -8)).exit())).isEqualTo(-2L & (1L << 8 * width) - 1);
            var signed = new Snippet().put(-8, -2);
            assertThat(run(signed.add(new Instruction.Load(width, true, R0, R10, -8)).exit())).isEqualTo(-2);
        }
    }

    @Test
    void storesAreLittleEndianAndCut() {
        assertThat(run(new Snippet().put(-8, 0).add(new Instruction.StoreImmediate(2, R10, -8, -1)).set(R1, 0x1234)
                .add(new Instruction.Store(1, R10, -5, R1)).load(R0, R10, -8).exit())).isEqualTo(0x3400_ffffL);
        assertThat(run(new Snippet().add(new Instruction.StoreImmediate(8, R10, -8, -3)).load(R0, R10, -8).exit())).isEqualTo(-3);
    }

    @ParameterizedTest
    @CsvSource({"ADD,8,13,3", "OR,8,11,3", "AND,8,2,3", "XOR,8,9,3", "FETCH_ADD,8,13,10", "XCHG,8,3,10", "ADD,4,13,3", "XCHG,4,3,10"})
    void atomicsChangeMemoryAndFetch(AtomicOperation operation, int width, long memory, long register) {
        var snippet = new Snippet().put(-8, 10).set(R1, 3).add(new Instruction.Atomic(operation, width, R10, -8, R1));
        assertThat(run(snippet.load(R0, R10, -8).add(new Instruction.AluImmediate(AluOperation.LSH, true, R0, 8))
                .add(new Instruction.Alu(AluOperation.OR, true, R0, R1)).exit())).isEqualTo(memory << 8 | register);
    }

    @Test
    void compareExchangeStoresOnlyOnMatch() {
        for (long expected : new long[] {10, 11}) {
            var snippet = new Snippet().put(-8, 10).set(R0, expected).set(R1, 77)
                    .add(new Instruction.Atomic(AtomicOperation.CMPXCHG, 8, R10, -8, R1)).load(R1, R10, -8);
            assertThat(run(snippet.add(new Instruction.Alu(AluOperation.SUB, true, R1, R0)).copy(R0, R1).exit())).isEqualTo(expected == 10 ? 67 : 0);
        }
    }

    @Test
    void calledFunctionsHaveTheirOwnFrame() {
        var snippet = new Snippet().put(-8, 5).set(R6, 7).frame(R1, -8).set(R2, 3).add(new Instruction.CallLocal(Snippet.label(1)))
                .load(R1, R10, -8).add(new Instruction.Alu(AluOperation.MUL, true, R0, R1))
                .add(new Instruction.Alu(AluOperation.ADD, true, R0, R6)).exit()
                .start(1, "f").set(R6, 100).put(-8, 99).store(R1, 0, R2).set(R0, 2).exit();
        assertThat(run(snippet)).isEqualTo(2 * 3 + 7);
        assertThatThrownBy(() -> run(new Snippet().set(R6, 1).add(new Instruction.CallLocal(Snippet.label(1))).exit()
                .start(1, "f").copy(R0, R6).exit())).hasMessageContaining("R6 !read_ok");
    }

    @Test
    void longJumpsAreTaken() {
        assertThat(raw("b700000001000000 0600000001000000 b700000002000000 9500000000000000")).isEqualTo(1);
    }

    @Test
    void loopBudgetEndsLoop() {
        var snippet = new Snippet().set(R0, 0).at(1).add(new Instruction.MayGoto(Snippet.label(2)))
                .add(new Instruction.AluImmediate(AluOperation.ADD, true, R0, 1)).go(1).at(2).exit();
        assertThat(new BpfMachine(new Scene()).loopBudget(50).run(snippet.program(), new byte[8])).isEqualTo(50);
    }

    @Test
    void kernelFunctionsAreCalledById() {
        var machine = new BpfMachine(new Scene()).numberIterator(11, 12, 13);
        var snippet = new Snippet().set(R6, 0).frame(R1, -8).set(R2, 3).set(R3, 6).add(new Instruction.CallKernelFunction("bpf_iter_num_new", 11))
                .at(1).frame(R1, -8).add(new Instruction.CallKernelFunction("bpf_iter_num_next", 12)).jumpIf(R0, Condition.EQ, 0, 2)
                .add(new Instruction.Load(4, false, R0, R0, 0)).add(new Instruction.Alu(AluOperation.ADD, true, R6, R0)).go(1)
                .at(2).frame(R1, -8).add(new Instruction.CallKernelFunction("bpf_iter_num_destroy", 13)).copy(R0, R6).exit();
        assertThat(machine.run(snippet.program(), new byte[8])).isEqualTo(3 + 4 + 5);
        assertThatThrownBy(() -> run(new Snippet().add(new Instruction.CallKernelFunction("f", 9)).exit(0)))
                .hasMessageContaining("no kernel function 9");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("R3 !read_ok", new Snippet().copy(R0, R3).exit()),
                Arguments.of("R0 !read_ok", new Snippet().exit()),
                Arguments.of("read of unwritten stack at fp-8", new Snippet().load(R0, R10, -8).exit()),
                Arguments.of("access of 8 bytes at -8 of stack", new Snippet().load(R0, R10, -520).exit()),
                Arguments.of("access of 8 bytes at 512 of stack", new Snippet().load(R0, R10, 0).exit()),
                Arguments.of("misaligned stack access", new Snippet().put(-12, 0).exit()),
                Arguments.of("access of 8 bytes at 16 of context", new Snippet().load(R0, R1, 16).exit()),
                Arguments.of("write into context", new Snippet().set(R0, 0).store(R1, 0, R0).exit()),
                Arguments.of("invalid mem access at 0x0", new Snippet().set(R1, 0).load(R0, R1, 0).exit()),
                Arguments.of("invalid mem access at 0xffff888000000000", new Snippet().set(R1, 0xffff_8880_0000_0000L).load(R0, R1, 0).exit()),
                Arguments.of("frame pointer is read only", new Snippet().set(R10, 0).exit(0)),
                Arguments.of("jump out of range", new Snippet().set(R0, 0)),
                Arguments.of("more than 1000000 instructions", new Snippet().at(1).go(1)),
                Arguments.of("unknown func #9999", new Snippet().add(new Instruction.CallHelper(9999)).exit()),
                Arguments.of("is not in the machine", new Snippet().set(R1, 0).set(R2, 0).set(R3, 0).call(BpfHelper.TAIL_CALL).exit()),
                Arguments.of("R1 !read_ok", new Snippet().call(BpfHelper.KTIME_GET_NS).copy(R0, R1).exit()),
                Arguments.of("R2 !read_ok", new Snippet().set(R1, 0).call(BpfHelper.MAP_LOOKUP_ELEM).exit()),
                Arguments.of("no map 5", new Snippet().map(R1, 5).exit(0)),
                Arguments.of("where a map is expected", new Snippet().set(R1, 5).frame(R2, -8).call(BpfHelper.MAP_LOOKUP_ELEM).exit()),
                Arguments.of("invalid shift 64", new Snippet().set(R0, 0).add(new Instruction.AluImmediate(AluOperation.LSH, true, R0, 64)).exit()),
                Arguments.of("div by zero", new Snippet().set(R0, 0).add(new Instruction.AluImmediate(AluOperation.DIV, true, R0, 0)).exit()),
                Arguments.of("use of stack after its end", new Snippet().add(new Instruction.CallLocal(Snippet.label(1))).load(R0, R0, 0).exit()
                        .start(1, "f").put(-8, 1).frame(R0, -8).exit()),
                Arguments.of("frames is too deep", new Snippet().start(1, "f").add(new Instruction.CallLocal(Snippet.label(1))).exit()),
                Arguments.of("combined stack size of 2 calls is 576", new Snippet().put(-512, 0)
                        .add(new Instruction.CallLocal(Snippet.label(1))).exit()
                        .start(1, "f").put(-64, 0).exit(0)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatTheVerifierForbidsEndsTheRun(String message, Snippet snippet) {
        assertThatThrownBy(() -> run(snippet)).isInstanceOf(MachineFailure.class).hasMessageContaining(message);
    }

    @Test
    void failureNamesTheInstruction() {
        assertThatThrownBy(() -> run(new Snippet().set(R1, 0).load(R0, R1, 8).exit()))
                .hasMessage("invalid mem access at 0x8, at slot 2: r0 = *(u64 *)(r1 +8)");
    }

    private static long run(Snippet snippet) {
        return new BpfMachine(new Scene()).run(snippet.program(), new byte[16]);
    }

    private static long raw(String hex) {
        return new BpfMachine(new Scene()).run(HexFormat.of().parseHex(hex.replace(" ", "")), new byte[8]);
    }
}
