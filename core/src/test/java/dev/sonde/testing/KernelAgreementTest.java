package dev.sonde.testing;

import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R2;
import static dev.sonde.asm.Register.R3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Code;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Disassembler;
import dev.sonde.asm.Encoder;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Rejection;
import dev.sonde.asm.VerifierLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The machine and the disassembler against the kernel they imitate. */
class KernelAgreementTest {
    private static final int PROGRAMS = 300;

    @BeforeEach
    void needsTheKernel() {
        KernelRun.require();
    }

    @Test
    void randomProgramsEndAsInTheKernel() {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            var random = new Random(seed);
            Code code = new RandomProgram(random).build(60);
            byte[] input = RandomProgram.input(random);
            KernelRun.Outcome machine = KernelRun.inMachine(code, new Scene(), input);
            KernelRun.Outcome kernel = KernelRun.inKernel(code, input);
            assertThat(machine.value()).as("seed %d\n%s", seed, Disassembler.text(code)).isEqualTo(kernel.value());
            assertThat(machine.result()).as("result of seed %d", seed).isEqualTo(kernel.result());
        }
    }

    @Test
    void disassemblyReadsAsInTheVerifiersLog() {
        int compared = 0;
        for (int seed = 0; seed < 40; seed++) {
            Code code = new RandomProgram(new Random(seed)).build(60);
            Map<Integer, String> kernel = instructions(KernelRun.log(code, 2, new FakeMap(FakeMap.ARRAY, 4, RandomProgram.VALUE_SIZE, 1)));
            String text = Disassembler.text(Encoder.encode(code).instructions());
            Map<Integer, String> ours = instructions(text.replaceAll("(?m)^ *(\\d+): ", "$1: (xx) "));
            for (var line : kernel.entrySet()) {
                boolean mapAddress = line.getValue().contains(" = 0x");
                if (!mapAddress) {
                    assertThat(ours.get(line.getKey())).isEqualTo(line.getValue());
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(2000);
    }

    @Test
    void rejectionsOfThisKernelAreExplained() {
        var array = new FakeMap(FakeMap.ARRAY, 4, 64, 1);
        explained(Rejection.SCALAR_ACCESS, 2, new Snippet().set(R1, 5).load(R0, R1, 0).exit());
        explained(Rejection.NULL_ACCESS, 8, new Snippet().put(-8, 1).on(0, BpfHelper.MAP_LOOKUP_ELEM).load(R0, R0, 0).exit(), array);
        explained(Rejection.OUTSIDE_OF_MEMORY, 2, new Snippet().value(R1, 0, 0).load(R0, R1, 64).exit(), array);
        explained(Rejection.UNBOUNDED_OFFSET, 3, new Snippet().value(R1, 0, 0).load(R2, R1, 0)
                .add(new Instruction.Alu(AluOperation.ADD, true, R1, R2)).load(R0, R1, 0).exit(), array);
        explained(Rejection.INFINITE_LOOP, 2, new Snippet().value(R1, 0, 0).at(1).load(R0, R1, 0).jumpIf(R0, Condition.NE, 0, 1).exit(), array);
        explained(Rejection.PROGRAM_TOO_LARGE, -1, new Snippet().set(R0, 0).at(1).add(new Instruction.AluImmediate(AluOperation.ADD, true, R0, 1))
                .jumpIf(R0, Condition.NE, 2_000_000, 1).exit());
        explained(Rejection.OUTSIDE_OF_STACK, 2, new Snippet().put(-520, 1).exit(0));
        explained(Rejection.UNWRITTEN_REGISTER, 0, new Snippet().copy(R0, R3).exit());
        explained(Rejection.MISALIGNED, 2, new Snippet().put(-12, 1).exit(0));
        explained(Rejection.UNREACHABLE, 3, new Snippet().exit(0).exit(1));
        explained(Rejection.CONTEXT_ACCESS, 0, new Snippet().load(R0, R1, 200).exit());
        explained(Rejection.UNRELEASED, 9, new Snippet().map(R1, 0).set(R2, 8).set(R3, 0).call(BpfHelper.RINGBUF_RESERVE).exit(0),
                new FakeMap(FakeMap.RINGBUF, 0, 0, 4096));
    }

    /** {@code slot} is -1 where it does not matter. */
    private static void explained(Rejection expected, int slot, Snippet snippet, FakeMap... maps) {
        VerifierLog log = VerifierLog.parse(KernelRun.log(snippet.code(), 1, maps));
        assertThat(log.rejection()).as(log.message()).contains(expected);
        assertThat(log.instruction().orElseThrow()).isEqualTo(slot < 0 ? log.instruction().orElseThrow() : slot);
    }

    /** Slot to text, of lines such as {@code 12: (79) r1 = *(u64 *)(r10 -8) ; R1=…}. */
    private static Map<Integer, String> instructions(String log) {
        var found = new HashMap<Integer, String>();
        for (String line : log.lines().toList()) {
            int mark = line.indexOf(": (");
            if (mark > 0 && mark < 6 && line.charAt(mark + 5) == ')' && line.chars().limit(mark).allMatch(Character::isDigit)) {
                String text = line.substring(mark + 7);
                int comment = text.indexOf(" ;");
                String bare = (comment < 0 ? text : text.substring(0, comment)).strip();
                int state = bare.indexOf(": ");
                found.put(Integer.parseInt(line.substring(0, mark)), state < 0 ? bare : bare.substring(0, bare.lastIndexOf(' ', state)));
            }
        }
        return found;
    }
}
