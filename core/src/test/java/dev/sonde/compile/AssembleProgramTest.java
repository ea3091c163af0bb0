package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.Code;
import dev.sonde.asm.Encoder;
import dev.sonde.ir.IrProgram;
import dev.sonde.testing.BpfMachine;
import dev.sonde.testing.FakeMap;
import dev.sonde.testing.Scene;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssembleProgramTest {
    private static final int PROGRAMS = 1500;

    private record Outcome(int assembled, int overflowed) {}

    /** What a run returned and left in the map. */
    private record Effect(long result, String map) {}

    @Test
    void smallProgramsComputeWhatTheirOperationsSay() {
        check(0, PROGRAMS, new RandomIr.Shape(15, true, true));
    }

    @Test
    void programsWithManyLiveValuesComputeWhatTheirOperationsSay() {
        var outcome = check(100_000, PROGRAMS / 3, new RandomIr.Shape(90, true, true));
        assertThat(outcome.overflowed()).isLessThan(outcome.assembled() / 4);
    }

    private static Outcome check(long firstSeed, int count, RandomIr.Shape shape) {
        int assembled = 0;
        int overflowed = 0;
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            var program = RandomIr.program(seed, shape);
            byte[] context = context(seed);
            var expected = interpreted(program, context);
            var optimised = Optimise.all(program);
            assertThat(interpreted(optimised, context)).as("optimised program of seed %d", seed).isEqualTo(expected);
            for (var candidate : new IrProgram[] {program, optimised}) {
                if (AssembleProgram.assemble(candidate) instanceof Assembly.Assembled(var code)) {
                    assertThat(run(code, context)).as("assembled program of seed %d, optimised: %s", seed, candidate == optimised)
                            .isEqualTo(expected);
                    assembled++;
                } else {
                    overflowed++;
                }
            }
        }
        return new Outcome(assembled, overflowed);
    }

    private static Effect interpreted(IrProgram program, byte[] context) {
        byte[] map = mapValue();
        long result = new IrInterpreter(program, context, map).run();
        return new Effect(result, HexFormat.of().formatHex(map));
    }

    static byte[] mapValue() {
        byte[] value = new byte[RandomIr.MAP_BYTES];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (3 * i);
        }
        return value;
    }

    static byte[] context(long seed) {
        var random = new Random(seed ^ 0x5eed);
        var buffer = ByteBuffer.allocate(RandomIr.CONTEXT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            buffer.putLong(random.nextBoolean() ? random.nextLong() : random.nextInt(10));
        }
        return buffer.array();
    }

    private static Effect run(Code code, byte[] context) {
        var machine = new BpfMachine(new Scene().pid((int) (IrInterpreter.PID_TGID >>> 32), (int) IrInterpreter.PID_TGID));
        machine.kernelFunction(RandomIr.FILL, (arguments, memory) -> {
            byte[] bytes = new byte[(int) arguments[1]];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) RandomIr.fillByte(arguments[2], i);
            }
            memory.write(arguments[0], bytes);
            return arguments[2] + 1;
        });
        machine.kernelFunction(RandomIr.SUM, (arguments, memory) -> RandomIr.sum(memory.read(arguments[0], arguments[1])));
        for (int count = 0; count <= 5; count++) {
            int arity = count;
            machine.kernelFunction(RandomIr.MIX + arity, (arguments, _) -> RandomIr.mix(Arrays.copyOf(arguments, arity)));
        }
        var map = new FakeMap(FakeMap.ARRAY, 4, RandomIr.MAP_BYTES, 1).put(new byte[4], mapValue());
        long result = machine.map(0, map).run(Encoder.encode(code), context);
        return new Effect(result, HexFormat.of().formatHex(map.element(0)));
    }
}
