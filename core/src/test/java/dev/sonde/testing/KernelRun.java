package dev.sonde.testing;

import dev.sonde.asm.Code;
import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Encoder;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfBtf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.LinuxKernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * The same program in the machine and in this kernel, there as a raw tracepoint program that BPF_PROG_TEST_RUN runs once. Map 0 is an array of one
 * value.
 */
final class KernelRun {
    static final int RAW_TRACEPOINT = 17;
    private static final Kernel KERNEL = LinuxKernel.open();

    private KernelRun() {}

    /** What a program returned and left in map 0. */
    record Outcome(int result, byte[] value) {}

    /** Ends the test if programs cannot be loaded here. */
    static void require() {
        try {
            create(new FakeMap(FakeMap.ARRAY, 4, 8, 1)).close();
        } catch (KernelException e) {
            System.out.println("skipped: needs root: " + e.getMessage());
            Assumptions.abort("needs root");
        }
    }

    static Outcome inKernel(Code code, byte[] value, FakeMap... others) {
        EncodedProgram program = Encoder.encode(code);
        var maps = new ArrayList<BpfMap>();
        try {
            maps.add(create(new FakeMap(FakeMap.ARRAY, 4, value.length, 1)));
            for (FakeMap other : others) {
                maps.add(create(other));
            }
            MemorySegment key = MemorySegment.ofArray(new byte[4]);
            maps.getFirst().update(key, MemorySegment.ofArray(value.clone()), BpfMap.BPF_ANY);
            int result = runOnce(program, maps);
            byte[] out = new byte[value.length];
            maps.getFirst().lookup(key, MemorySegment.ofArray(out));
            return new Outcome(result, out);
        } finally {
            maps.forEach(BpfMap::close);
        }
    }

    private static int runOnce(EncodedProgram program, List<BpfMap> maps) {
        try (BpfBtf btf = BpfBtf.load(KERNEL, FunctionBtf.of(program))) {
            Bpf.ProgLoad load = load(program, maps).withBtf(btf.fd().number(), FunctionBtf.functionInfo(program), null);
            try (BpfProgram loaded = BpfProgram.load(KERNEL, load)) {
                return loaded.testRun(null, -1);
            }
        }
    }

    static Outcome inMachine(Code code, Scene scene, byte[] value, FakeMap... others) {
        var out = new FakeMap(FakeMap.ARRAY, 4, value.length, 1).put(new byte[4], value);
        var machine = new BpfMachine(scene).map(0, out);
        for (int i = 0; i < others.length; i++) {
            machine.map(1 + i, others[i]);
        }
        long result = machine.run(Encoder.encode(code), new byte[16]);
        return new Outcome((int) result, out.element(0));
    }

    /** The verifier's log of level {@code level}. */
    static String log(Code code, int level, FakeMap... maps) {
        var created = new ArrayList<BpfMap>();
        try {
            for (FakeMap map : maps) {
                created.add(create(map));
            }
            return BpfProgram.verify(KERNEL, load(Encoder.encode(code), created), level);
        } finally {
            created.forEach(BpfMap::close);
        }
    }

    private static BpfMap create(FakeMap map) {
        return BpfMap.create(KERNEL, new Bpf.MapCreate(map.type(), "", map.keySize(), map.valueSize(), map.maxEntries(), 0));
    }

    private static Bpf.ProgLoad load(EncodedProgram program, List<BpfMap> maps) {
        return new Bpf.ProgLoad(RAW_TRACEPOINT, "", program.patched(map -> maps.get(map).fd().number()), "GPL");
    }
}
