package dev.sonde.session;

import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Encoder;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfBtf;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Brings the programs of a trace into the kernel. */
final class ProgramLoader {
    private final Kernel kernel;
    private final List<ProgramSpec> specs;
    private final List<EncodedProgram> encoded = new ArrayList<>();
    private final List<byte[]> tables = new ArrayList<>();
    private final ProgramBtf types = new ProgramBtf();
    /** What programs of the trace attach to that is not the kernel itself; open while they are loaded. */
    private final Map<ProgramSpec.AttachTo, Fd> attachedTo = new HashMap<>();
    private BpfBtf btf;

    /** Makes everything ready that needs no map. */
    ProgramLoader(Kernel kernel, TraceSpec spec) {
        this.kernel = kernel;
        this.specs = spec.programs();
        for (ProgramSpec program : specs) {
            EncodedProgram code = Encoder.encode(program.code());
            encoded.add(code);
            tables.add(types.functions(program.name(), code));
            tables.add(types.lines(code));
        }
    }

    /**
     * Loads all, in order, and adds them to {@code programs}.
     *
     * @param mapFd gives a map's descriptor by its index
     */
    void loadAll(IntUnaryOperator mapFd, List<BpfProgram> programs) throws SessionException {
        btf = loadBtf();
        try {
            for (int i = 0; i < specs.size(); i++) {
                programs.add(load(i, program(i, mapFd)));
            }
        } finally {
            if (btf != null) {
                btf.close();
            }
            attachedTo.values().forEach(Fd::close);
        }
    }

    /** A kernel that does not take the BTF takes the programs without it. */
    private BpfBtf loadBtf() {
        try {
            return BpfBtf.load(kernel, types.toBytes());
        } catch (KernelException e) {
            return null;
        }
    }

    private Bpf.ProgLoad program(int index, IntUnaryOperator mapFd) throws SessionException {
        ProgramSpec spec = specs.get(index);
        Bpf.ProgLoad load = new Bpf.ProgLoad(spec.kind().number(), spec.name(), encoded.get(index).patched(mapFd), spec.license());
        if (spec.expectedAttach() != 0 || spec.attachBtfId() != 0) {
            load = load.withAttach(spec.expectedAttach(), spec.attachBtfId(), attachFd(spec));
        }
        return btf == null ? load : load.withBtf(btf.fd().number(), tables.get(2 * index), tables.get(2 * index + 1));
    }

    /** The descriptor of what has the code that the program attaches to; 0 stands for the kernel. */
    private int attachFd(ProgramSpec spec) throws SessionException {
        ProgramSpec.AttachTo to = spec.attachTo();
        if (to.equals(ProgramSpec.AttachTo.KERNEL)) {
            return 0;
        }
        try {
            return attachedTo.computeIfAbsent(to, this::open).number();
        } catch (KernelException e) {
            throw LoadFailure.of(spec, null, e);
        }
    }

    private Fd open(ProgramSpec.AttachTo to) {
        if (to.program() != 0) {
            return new Fd(kernel, (int) kernel.call(new Bpf.GetFdById(Bpf.Command.BPF_PROG_GET_FD_BY_ID, to.program())));
        }
        return BpfBtf.ofModule(kernel, to.module()).map(BpfBtf::fd)
                .orElseThrow(() -> new KernelException(new Bpf.GetFdById(Bpf.Command.BPF_BTF_GET_FD_BY_ID, 0), Errno.ENOENT.number()));
    }

    private BpfProgram load(int index, Bpf.ProgLoad program) throws SessionException {
        try {
            return BpfProgram.load(kernel, program);
        } catch (KernelException e) {
            if (btf != null && (e.errno() == Errno.EINVAL || e.errno() == Errno.E2BIG)) {
                return withoutBtf(index, program, e);
            }
            throw LoadFailure.of(specs.get(index), encoded.get(index), e);
        }
    }

    /** Before 5.0, or where the kernel finds fault with a line, a program loads without BTF only. If not, that is the error that tells why. */
    private BpfProgram withoutBtf(int index, Bpf.ProgLoad program, KernelException with) throws SessionException {
        try {
            return BpfProgram.load(kernel, program.withBtf(0, null, null));
        } catch (KernelException e) {
            boolean wanting = e.verifierLog().orElse("").contains("missing btf func_info");
            throw LoadFailure.of(specs.get(index), encoded.get(index), wanting ? with : e);
        }
    }
}
