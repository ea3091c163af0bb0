package dev.sonde.testing;

import static dev.sonde.asm.BpfHelper.FOR_EACH_MAP_ELEM;
import static dev.sonde.asm.BpfHelper.GET_CURRENT_COMM;
import static dev.sonde.asm.BpfHelper.LOOP;
import static dev.sonde.asm.BpfHelper.MAP_DELETE_ELEM;
import static dev.sonde.asm.BpfHelper.MAP_LOOKUP_ELEM;
import static dev.sonde.asm.BpfHelper.MAP_UPDATE_ELEM;
import static dev.sonde.asm.BpfHelper.PROBE_READ;
import static dev.sonde.asm.BpfHelper.PROBE_READ_KERNEL;
import static dev.sonde.asm.BpfHelper.PROBE_READ_KERNEL_STR;
import static dev.sonde.asm.BpfHelper.PROBE_READ_STR;
import static dev.sonde.asm.BpfHelper.PROBE_READ_USER;
import static dev.sonde.asm.BpfHelper.PROBE_READ_USER_STR;
import static dev.sonde.asm.BpfHelper.RINGBUF_DISCARD;
import static dev.sonde.asm.BpfHelper.RINGBUF_OUTPUT;
import static dev.sonde.asm.BpfHelper.RINGBUF_QUERY;
import static dev.sonde.asm.BpfHelper.RINGBUF_RESERVE;
import static dev.sonde.asm.BpfHelper.RINGBUF_SUBMIT;
import static dev.sonde.asm.BpfHelper.STRTOL;
import static dev.sonde.asm.BpfHelper.STRTOUL;
import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R10;
import static dev.sonde.asm.Register.R2;
import static dev.sonde.asm.Register.R3;
import static dev.sonde.asm.Register.R4;
import static dev.sonde.asm.Register.R5;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Code;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Instruction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The machine's helpers against the kernel's, where a program can be made to see the same in both. */
class KernelHelpersTest {
    private static final int OPERATIONS = 40;

    @BeforeEach
    void needsTheKernel() {
        KernelRun.require();
    }

    @Test
    void mapsAnswerAsInTheKernel() {
        for (int type : new int[] {FakeMap.HASH, FakeMap.PERCPU_HASH, FakeMap.ARRAY, FakeMap.PERCPU_ARRAY}) {
            int keySize = type == FakeMap.HASH || type == FakeMap.PERCPU_HASH ? 8 : 4;
            for (int seed = 0; seed < 20; seed++) {
                assertSame(mapOperations(new Random(seed)), OPERATIONS * 8, new FakeMap(type, keySize, 8, 3));
            }
        }
    }

    private static Code mapOperations(Random random) {
        var snippet = new Snippet();
        for (int i = 0; i < OPERATIONS; i++) {
            snippet.put(-8, random.nextInt(5)).put(-16, random.nextLong());
            switch (random.nextInt(4)) {
                case 0 -> snippet.on(1, MAP_LOOKUP_ELEM).orMinusOne();
                case 1 -> snippet.on(1, MAP_DELETE_ELEM);
                default -> snippet.frame(R3, -16).set(R4, random.nextInt(5) == 0 ? 3 : random.nextInt(3)).on(1, MAP_UPDATE_ELEM);
            }
            snippet.keep(i * 8);
        }
        return snippet.exit(0).code();
    }

    @Test
    void numbersAreParsedAsInTheKernel() {
        for (String text : new String[] {"42", "-42", " \t7x", "0x1f", "0x", "017", "08", "", "x", "-", "9223372036854775807", "9223372036854775808",
                "-9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999", "0", "-0x10", "+5"}) {
            byte[] input = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 64);
            for (int base : new int[] {0, 8, 10, 16, 3}) {
                for (BpfHelper helper : new BpfHelper[] {STRTOL, STRTOUL}) {
                    Code code = new Snippet().put(-8, 77).value(R1, 0, 0).set(R2, 24).set(R3, base).frame(R4, -8).call(helper).keep(32)
                            .load(R0, R10, -8).keep(40).exit(0).code();
                    assertSame(code, input);
                }
            }
        }
    }

    @Test
    void stringsAreReadAsInTheKernel() {
        byte[] input = Arrays.copyOf("hello, kernel".getBytes(StandardCharsets.US_ASCII), 96);
        for (int size = 1; size <= 16; size++) {
            Code code = new Snippet().value(R1, 0, 32).set(R2, size).value(R3, 0, 0).call(PROBE_READ_KERNEL_STR).keep(64).exit(0).code();
            assertSame(code, input);
        }
    }

    @Test
    void failedReadsClearAsInTheKernel() {
        byte[] input = new byte[96];
        Arrays.fill(input, (byte) 7);
        for (BpfHelper helper : List.of(PROBE_READ, PROBE_READ_STR, PROBE_READ_USER, PROBE_READ_USER_STR, PROBE_READ_KERNEL, PROBE_READ_KERNEL_STR)) {
            for (long address : new long[] {0, 16, 0xffff_ffff_ffff_f000L}) {
                Code code = new Snippet().value(R1, 0, 32).set(R2, 16).set(R3, address).call(helper).keep(64).exit(0).code();
                assertSame(code, input);
            }
        }
    }

    @Test
    void shortCommIsCutAsInTheKernel() {
        Code code = new Snippet().value(R1, 0, 0).set(R2, 3).call(GET_CURRENT_COMM).keep(8).exit(0).code();
        byte[] kernel = KernelRun.inKernel(code, new byte[16]).value();
        String name = new String(kernel, 0, 2, StandardCharsets.UTF_8);
        assertThat(KernelRun.inMachine(code, new Scene().comm(name + "rest"), new byte[16]).value()).isEqualTo(kernel);
    }

    @Test
    void ringBufferFillsAsInTheKernel() {
        for (int size : new int[] {1, 8, 100, 1000, 2040, 4088, 4089}) {
            var snippet = new Snippet();
            for (int i = 0; i < 12; i++) {
                BpfHelper end = i % 3 == 2 ? RINGBUF_DISCARD : RINGBUF_SUBMIT;
                int missing = 2 * i;
                snippet.map(R1, 1).set(R2, size).set(R3, 0).call(RINGBUF_RESERVE).jumpIf(R0, Condition.EQ, 0, missing)
                        .copy(R1, R0).set(R2, 0).call(end).set(R0, 1).at(missing).keep(8 * i);
            }
            snippet.put(-8, 1).map(R1, 1).frame(R2, -8).set(R3, 8).set(R4, 0).call(RINGBUF_OUTPUT).keep(96);
            snippet.map(R1, 1).set(R2, 1).call(RINGBUF_QUERY).keep(104);
            assertSame(snippet.exit(0).code(), 128, new FakeMap(FakeMap.RINGBUF, 0, 0, 4096));
        }
    }

    @Test
    void loopsCallBackAsInTheKernel() {
        for (int stop : new int[] {-1, 0, 5}) {
            Code code = new Snippet().put(-8, 0).set(R1, 10).function(R2, 1).frame(R3, -8).set(R4, 0).call(LOOP).keep(0)
                    .load(R0, R10, -8).keep(8).set(R1, 1L << 24).function(R2, 1).frame(R3, -8).set(R4, 0).call(LOOP)
                    // The kernel's inlined form of the helper gives 32 bits of this error.
                    .add(new Instruction.MoveSignExtended(R0, R0, 32)).keep(16)
                    .set(R1, 3).function(R2, 1).frame(R3, -8).set(R4, 1).call(LOOP).keep(24).exit(0)
                    .start(1, "body").load(R3, R2, 0).add(new Instruction.Alu(AluOperation.ADD, true, R3, R1)).store(R2, 0, R3)
                    .set(R0, 0).jumpIf(R1, Condition.NE, stop, 2).set(R0, 1).at(2).exit().code();
            assertSame(code, 64);
        }
    }

    @Test
    void everyElementIsVisitedAsInTheKernel() {
        for (int type : new int[] {FakeMap.HASH, FakeMap.ARRAY, FakeMap.PERCPU_ARRAY, FakeMap.PERCPU_HASH}) {
            var snippet = new Snippet();
            for (int i = 0; i < 4; i++) {
                snippet.put(-8, i).put(-16, 100 << i).frame(R3, -16).set(R4, 0).on(1, MAP_UPDATE_ELEM);
            }
            Code code = snippet.put(-8, 0).map(R1, 1).function(R2, 1).frame(R3, -8).set(R4, 0).call(FOR_EACH_MAP_ELEM).keep(0)
                    .load(R0, R10, -8).keep(8).map(R1, 1).function(R2, 1).frame(R3, -8).set(R4, 2).call(FOR_EACH_MAP_ELEM).keep(16).exit(0)
                    .start(1, "each").load(R0, R3, 0).load(R5, R4, 0).add(new Instruction.Alu(AluOperation.ADD, true, R5, R0))
                    .add(new Instruction.Load(4, false, R0, R2, 0)).add(new Instruction.Alu(AluOperation.ADD, true, R5, R0))
                    .store(R4, 0, R5).exit(0).code();
            assertSame(code, 64, new FakeMap(type, 4, 8, 6));
        }
    }

    @Test
    void longJumpsAreTakenAsInTheKernel() {
        var snippet = new Snippet().value(R1, 0, 0).load(R2, R1, 8).set(R0, 0).jumpIf(R2, Condition.SET, 1, 1).jumpIf(R2, Condition.GT, 9, 1);
        for (int i = 0; i < 33_000; i++) {
            snippet.add(new Instruction.AluImmediate(AluOperation.ADD, true, R0, 1));
        }
        Code code = snippet.at(1).keep(0).exit(0).code();
        for (int input : new int[] {0, 1, 4, 12}) {
            byte[] value = new byte[16];
            value[8] = (byte) input;
            assertSame(code, value);
        }
    }

    private static void assertSame(Code code, int size, FakeMap... others) {
        assertSame(code, new byte[size], others);
    }

    private static void assertSame(Code code, byte[] input, FakeMap... others) {
        KernelRun.Outcome kernel = KernelRun.inKernel(code, input, others);
        KernelRun.Outcome machine = KernelRun.inMachine(code, new Scene(), input, others);
        assertThat(machine.value()).isEqualTo(kernel.value());
        assertThat(machine.result()).isEqualTo(kernel.result());
    }
}
