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
    private boolean hasCookie = true;
    private final BpfMap map;
    private final MappedMemory memory;

    Counter(ProgramKind kind) {
        this(kind, 0);
    }

    Counter(ProgramKind kind, int expectedAttach) {
        spec = new ProgramSpec("sonde_counter", kind, expectedAttach, 0, "GPL", code(true), List.of());
        map = map();
        memory = map.map(false);
        program = load();
    }

    private BpfProgram load() {
        try {
            return load(spec.code());
        } catch (KernelException e) {
            // Before 5.15, and for raw tracepoints before 6.10, there are no cookies.
            hasCookie = false;
            return load(code(false));
        }
    }

    private BpfProgram load(Code code) {
        byte[] patched = Encoder.encode(code).patched(index -> map.fd().number());
        try {
            Bpf.ProgLoad load = new Bpf.ProgLoad(spec.kind().number(), spec.name(), patched, "GPL");
            return BpfProgram.load(KERNEL, load.withAttach(spec.expectedAttach(), 0, 0));
        } catch (KernelException e) {
            if (hasCookie) {
                throw e;
            }
            close(memory, map);
            return skip("needs a kernel with this kind of program: " + e.getMessage());
        }
    }

    private static void close(MappedMemory memory, BpfMap map) {
        memory.close();
        map.close();
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

    private static Code code(boolean cookie) {
        Code.Builder code = new Code.Builder();
        if (cookie) {
            code.add(new Instruction.CallHelper(BpfHelper.GET_ATTACH_COOKIE.number()));
        }
        code.add(new Instruction.LoadMapValue(Register.R1, 0, 0));
        if (cookie) {
            code.add(new Instruction.Store(8, Register.R1, 8, Register.R0));
        }
        code.add(new Instruction.AluImmediate(AluOperation.MOV, true, Register.R2, 1));
        code.add(new Instruction.Atomic(AtomicOperation.ADD, 8, Register.R1, 0, Register.R2));
        code.add(new Instruction.AluImmediate(AluOperation.MOV, true, Register.R0, 0));
        return code.add(new Instruction.Exit()).build();
    }

    long count() {
        return memory.segment().get(ValueLayout.JAVA_LONG, 0);
    }

    /** Whether this kernel gave the cookie {@code expected}, or has none for this kind of program. */
    boolean saw(long expected) {
        return !hasCookie || cookie() == expected;
    }

    private long cookie() {
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
        close(memory, map);
    }
}
