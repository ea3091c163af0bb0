package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Code;
import dev.sonde.asm.Encoder;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operation;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.LinuxKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Random programs pass this kernel's verifier, and the machine code it makes of them computes what their operations say. */
class KernelAcceptsTest {
    private static final int RAW_TRACEPOINT = 17;
    private static final int ARRAY = 2;

    private final Kernel kernel = LinuxKernel.open();

    @Test
    void smallProgramsRunInTheKernel() {
        check(500_000, 250, new RandomIr.Shape(15, false, false));
    }

    @Test
    void loopsRunInTheKernel() {
        check(600_000, 120, new RandomIr.Shape(15, false, true));
    }

    @Test
    void programsWithManyLiveValuesRunInTheKernel() {
        check(700_000, 60, new RandomIr.Shape(60, false, false));
    }

    private void check(long firstSeed, int count, RandomIr.Shape shape) {
        try (var map = map(); var arena = Arena.ofConfined()) {
            long pidTgid = run(pidTgid(0), map, null) & 0xffff_ffffL | (long) run(pidTgid(32), map, null) << 32;
            for (long seed = firstSeed; seed < firstSeed + count; seed++) {
                var program = RandomIr.program(seed, shape);
                byte[] context = AssembleProgramTest.context(seed);
                byte[] value = AssembleProgramTest.mapValue();
                int expected = (int) new IrInterpreter(program, context, value, pidTgid).run();
                for (var candidate : new IrProgram[] {program, Optimise.all(program)}) {
                    String name = "program of seed " + seed + (candidate == program ? "" : ", optimised");
                    if (AssembleProgram.assemble(candidate) instanceof Assembly.Assembled(var code)) {
                        map.update(key(), MemorySegment.ofArray(AssembleProgramTest.mapValue()), BpfMap.BPF_ANY);
                        assertThat(tryRun(name, code, map, arena.allocateFrom(ValueLayout.JAVA_BYTE, context))).as(name).isEqualTo(expected);
                        assertThat(contents(map)).as("map after " + name).isEqualTo(HexFormat.of().formatHex(value));
                    }
                }
            }
        }
    }

    private int tryRun(String name, Code code, BpfMap map, MemorySegment context) {
        try {
            return run(code, map, context);
        } catch (KernelException e) {
            String log = e.verifierLog().orElse("");
            throw new AssertionError(name + ": " + e.getMessage() + "\n" + log.substring(Math.max(0, log.length() - 1500)), e);
        }
    }

    private static Code pidTgid(int shift) {
        var builder = new IrBuilder("main");
        var both = builder.call(BpfHelper.GET_CURRENT_PID_TGID);
        builder.add(new Operation.Return(builder.alu(AluOperation.RSH, both, shift)));
        return ((Assembly.Assembled) AssembleProgram.assemble(new IrProgram(List.of(builder.build())))).code();
    }

    private BpfMap map() {
        try {
            return BpfMap.create(kernel, new Bpf.MapCreate(ARRAY, "", 4, RandomIr.MAP_BYTES, 1, 0));
        } catch (KernelException e) {
            System.out.println("skipped: needs root: " + e.getMessage());
            Assumptions.abort("needs root");
            throw e;
        }
    }

    private static MemorySegment key() {
        return MemorySegment.ofArray(new byte[4]);
    }

    private static String contents(BpfMap map) {
        byte[] value = new byte[RandomIr.MAP_BYTES];
        map.lookup(key(), MemorySegment.ofArray(value));
        return HexFormat.of().formatHex(value);
    }

    private int run(Code code, BpfMap map, MemorySegment context) {
        byte[] instructions = Encoder.encode(code).patched(_ -> map.fd().number());
        try (var program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "", instructions, "GPL"))) {
            return program.testRun(context, -1);
        }
    }
}
