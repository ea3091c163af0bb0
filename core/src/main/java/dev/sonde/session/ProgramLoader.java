package dev.sonde.session;

import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Encoder;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfBtf;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Brings the programs of a trace into the kernel. */
final class ProgramLoader {
    private final Kernel kernel;
    private final List<ProgramSpec> specs;
    private final List<EncodedProgram> encoded = new ArrayList<>();
    private final List<Bpf.ProgLoad> loads = new ArrayList<>();
    private BpfBtf btf;

    /** @param mapFd gives a map's descriptor by its index */
    ProgramLoader(Kernel kernel, TraceSpec spec, IntUnaryOperator mapFd) {
        this.kernel = kernel;
        this.specs = spec.programs();
        ProgramBtf types = new ProgramBtf();
        List<byte[]> tables = new ArrayList<>();
        for (ProgramSpec program : specs) {
            EncodedProgram code = Encoder.encode(program.code());
            encoded.add(code);
            tables.add(types.functions(program.name(), code));
            tables.add(types.lines(code));
        }
        btf = load(types);
        for (int i = 0; i < specs.size(); i++) {
            loads.add(load(specs.get(i), encoded.get(i).patched(mapFd), tables.get(2 * i), tables.get(2 * i + 1)));
        }
    }

    /** A kernel that does not take the BTF takes the programs without it. */
    private BpfBtf load(ProgramBtf types) {
        try {
            return BpfBtf.load(kernel, types.toBytes());
        } catch (KernelException e) {
            return null;
        }
    }

    private Bpf.ProgLoad load(ProgramSpec spec, byte[] instructions, byte[] functions, byte[] lines) {
        Bpf.ProgLoad load = new Bpf.ProgLoad(spec.kind().number(), spec.name(), instructions, spec.license());
        if (spec.expectedAttach() != 0 || spec.attachBtfId() != 0) {
            load = load.withAttach(spec.expectedAttach(), spec.attachBtfId(), 0);
        }
        return btf == null ? load : load.withBtf(btf.fd().number(), functions, lines);
    }

    /** Loads all, in order, and adds them to {@code programs}. */
    void loadAll(List<BpfProgram> programs) throws SessionException {
        try {
            for (int i = 0; i < loads.size(); i++) {
                programs.add(load(i));
            }
        } finally {
            if (btf != null) {
                btf.close();
            }
        }
    }

    private BpfProgram load(int index) throws SessionException {
        try {
            return BpfProgram.load(kernel, loads.get(index));
        } catch (KernelException e) {
            if (btf != null && (e.errno() == Errno.EINVAL || e.errno() == Errno.E2BIG)) {
                return withoutBtf(index, e);
            }
            throw LoadFailure.of(specs.get(index), encoded.get(index), e);
        }
    }

    /** Before 5.0, or where the kernel finds fault with a line, a program loads without BTF only. */
    private BpfProgram withoutBtf(int index, KernelException first) throws SessionException {
        try {
            return BpfProgram.load(kernel, loads.get(index).withBtf(0, null, null));
        } catch (KernelException e) {
            throw LoadFailure.of(specs.get(index), encoded.get(index), first);
        }
    }
}
