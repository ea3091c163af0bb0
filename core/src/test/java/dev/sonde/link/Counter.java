package dev.sonde.link;

import dev.sonde.asm.AtomicOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Code;
import dev.sonde.asm.Encoder;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Register;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.sys.MappedMemory;
import dev.sonde.sys.Task;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A program that counts its runs and keeps the last attach cookie. */
final class Counter implements AutoCloseable {
    static final Kernel KERNEL = LinuxKernel.open();

    final ProgramSpec spec;
    final BpfProgram program;
    private final BpfMap map;
    private final MappedMemory memory;

    Counter(ProgramKind kind) {
        this(kind, 0);
    }

    Counter(ProgramKind kind, int expectedAttach) {
        Code code = code();
        spec = new ProgramSpec("sonde_counter", kind, expectedAttach, 0, "GPL", code, List.of());
        map = map();
        memory = map.map(false);
        byte[] patched = Encoder.encode(code).patched(index -> map.fd().number());
        program = BpfProgram.load(KERNEL, new Bpf.ProgLoad(kind.number(), spec.name(), patched, "GPL").withAttach(expectedAttach, 0, 0));
    }

    private static BpfMap map() {
        try {
            Task.raiseLimit(KERNEL, Task.RLIMIT_MEMLOCK);
        } catch (KernelException e) {
            // Only kernels before 5.11 count maps as locked memory.
        }
        try {
            return BpfMap.create(KERNEL, new Bpf.MapCreate(2, "count", 4, 16, 1, 1 << 10));
        } catch (KernelException e) {
            return skip("needs root: " + e.getMessage());
        }
    }

    static <T> T skip(String reason) {
        System.out.println("skipped: " + reason);
        Assumptions.abort(reason);
        return null;
    }

    private static Code code() {
        Code.Builder code = new Code.Builder();
        code.add(new Instruction.CallHelper(BpfHelper.GET_ATTACH_COOKIE.number()));
        code.add(new Instruction.LoadMapValue(Register.R1, 0, 0));
        code.add(new Instruction.Store(8, Register.R1, 8, Register.R0));
        code.add(new Instruction.AluImmediate(AluOperation.MOV, true, Register.R2, 1));
        code.add(new Instruction.Atomic(AtomicOperation.ADD, 8, Register.R1, 0, Register.R2));
        code.add(new Instruction.AluImmediate(AluOperation.MOV, true, Register.R0, 0));
        return code.add(new Instruction.Exit()).build();
    }

    long count() {
        return memory.segment().get(ValueLayout.JAVA_LONG, 0);
    }

    long cookie() {
        return memory.segment().get(ValueLayout.JAVA_LONG, 8);
    }

    /** Waits, for at most two seconds, until there are {@code least} runs. */
    void awaitCount(long least) throws InterruptedException {
        for (int i = 0; i < 200 && count() < least; i++) {
            Thread.sleep(10);
        }
    }

    static void run(String... command) throws IOException, InterruptedException {
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Override
    public void close() {
        program.close();
        memory.close();
        map.close();
    }
}
