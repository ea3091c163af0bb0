package dev.sonde.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VerifierLogTest {
    @Test
    void lastWordIsTheMessageAndTheInstructionBeforeItThePlace() {
        VerifierLog log = VerifierLog.parse("""
                0: R1=ctx() R10=fp0
                ; @x = *0 @ a.bt:1
                0: (b7) r1 = 0                        ; R1=0
                1: (79) r0 = *(u64 *)(r1 +0)
                R1 invalid mem access 'scalar'
                verification time 12 usec
                stack depth 0
                processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                """);
        assertThat(log.message()).isEqualTo("R1 invalid mem access 'scalar'");
        assertThat(log.instruction()).hasValue(1);
        assertThat(log.before()).hasSize(4).last().isEqualTo("1: (79) r0 = *(u64 *)(r1 +0)");
        assertThat(log.rejection()).contains(Rejection.SCALAR_ACCESS);
    }

    @Test
    void statesAfterTheMessageAreSkipped() {
        VerifierLog log = VerifierLog.parse("""
                7: (15) if r0 == 0x0 goto pc-1        ; R0=0
                infinite loop detected at insn 2
                cur state: R0=0 R1=ctx() R10=fp0
                old state: R0=P0 R1=ctx() R10=fp0
                processed 9 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 0
                """);
        assertThat(log.message()).isEqualTo("infinite loop detected at insn 2");
        assertThat(log.instruction()).hasValue(2);
        assertThat(log.rejection()).contains(Rejection.INFINITE_LOOP);
    }

    @Test
    void messageOnTheLineOfJumpIsFound() {
        VerifierLog log = VerifierLog.parse("""
                3: (55) if r0 != 0x0 goto pc-2 2: R0=scalar(umin=1) R10=fp0
                2: (79) r0 = *(u64 *)(r1 +0)          ; R0=scalar()
                3: (55) if r0 != 0x0 goto pc-2 infinite loop detected at insn 2
                cur state: R0=scalar(umin=1) R10=fp0
                """);
        assertThat(log.message()).isEqualTo("infinite loop detected at insn 2");
        assertThat(log.instruction()).hasValue(2);
        assertThat(log.before()).hasSize(2);
    }

    @Test
    void firstOfTwoMessageLinesMayBeTheKnownOne() {
        VerifierLog log = VerifierLog.parse("""
                9: (95) exit
                Unreleased reference id=2 alloc_insn=6
                BPF_EXIT instruction in main prog would lead to reference leak
                processed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                """);
        assertThat(log.message()).startsWith("BPF_EXIT");
        assertThat(log.instruction()).hasValue(9);
        assertThat(log.rejection()).contains(Rejection.UNRELEASED);
    }

    @Test
    void countOfInstructionsIsNoPlace() {
        VerifierLog log = VerifierLog.parse("""
                2: (07) r0 += 1
                BPF program is too large. Processed 1000001 insn
                processed 1000001 insns (limit 1000000)
                """);
        assertThat(log.instruction()).hasValue(2);
        assertThat(log.rejection()).contains(Rejection.PROGRAM_TOO_LARGE);
    }

    @Test
    void oldStatesAndFramesAreNoMessages() {
        VerifierLog log = VerifierLog.parse("""
                from 12 to 14: R0_w=inv0 R10=fp0
                14: (85) call pc+3
                caller:
                 R6_w=invP0 R10=fp0
                callee:
                 frame1: R1=ctx(id=0,off=0,imm=0) R10=fp0
                18: safe
                last_idx 18 first_idx 0
                regs=4 stack=0 before 17: (b7) r2 = 4
                """);
        assertThat(log.message()).isEmpty();
        assertThat(log.instruction()).hasValue(14);
        assertThat(log.rejection()).isEmpty();
    }

    @Test
    void emptyLogSaysNothing() {
        assertThat(VerifierLog.parse("")).isEqualTo(VerifierLog.parse("\0garbage\n\n"));
        assertThat(VerifierLog.parse("").message()).isEmpty();
        assertThat(VerifierLog.parse("").instruction()).isEmpty();
    }

    @Test
    void contextIsBounded() {
        VerifierLog log = VerifierLog.parse("1: (b7) r0 = 0\n".repeat(1000) + "R0 !read_ok");
        assertThat(log.before()).hasSize(16);
        assertThat(log.message()).isEqualTo("R0 !read_ok");
    }

    @Test
    void anyTextHasAnAnswer() {
        String alphabet = "0123456789:() \nR=_;goto pc-+frame1insn at\0";
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int j = random.nextInt(80); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(VerifierLog.parse(text.toString()).before()).hasSizeLessThanOrEqualTo(16);
        }
    }

    @Test
    void everyRejectionSaysWhyAndWhatToDo() {
        for (Rejection rejection : Rejection.values()) {
            assertThat(rejection.why()).as(rejection.name()).endsWith(".");
            assertThat(rejection.remedy()).as(rejection.name()).endsWith(".");
        }
        assertThat(Rejection.of("something new")).isEmpty();
        assertThat(Rejection.of("R1 type=map_value_or_null expected=fp")).contains(Rejection.NULL_ACCESS);
        assertThat(Rejection.of("unknown func bpf_loop#181")).contains(Rejection.UNKNOWN_HELPER);
        assertThat(Rejection.of("The sequence of 8193 jumps is too complex.")).contains(Rejection.TOO_MANY_JUMPS);
        assertThat(Rejection.of("insn 16408 cannot be patched due to 16-bit range")).contains(Rejection.JUMP_TOO_FAR);
        assertThat(Rejection.of("combined stack size of 2 calls is 544. Too large")).contains(Rejection.STACK_TOO_LARGE);
        assertThat(Rejection.of("helper call is not allowed in probe")).contains(Rejection.HELPER_NOT_IN_PROBE);
        assertThat(Rejection.of("R2 unbounded memory access, use 'var &= const' or 'if (var < const)'")).contains(Rejection.UNBOUNDED_ACCESS);
    }
}
