package dev.sonde.session;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Finds what an iterator's program attaches to. */
final class IteratorTarget {
    private static final int BPF_TRACE_ITER = 28;

    private IteratorTarget() {}

    static int functionId(String name) throws Exception {
        Path vmlinux = Path.of("/sys/kernel/btf/vmlinux");
        if (!Files.isReadable(vmlinux)) {
            Run.skip("needs " + vmlinux);
        }
        OptionalInt id = Btf.read(MemorySegment.ofArray(Files.readAllBytes(vmlinux))).find(BtfKind.FUNC, name);
        if (id.isEmpty()) {
            Run.skip("needs a kernel with " + name);
        }
        return id.getAsInt();
    }

    static TraceSpec attachedTo(TraceSpec spec, int id) {
        List<ProgramSpec> programs = new ArrayList<>();
        for (ProgramSpec p : spec.programs()) {
            programs.add(new ProgramSpec(p.name(), p.kind(), BPF_TRACE_ITER, id, p.license(), p.code(), p.attachments()));
        }
        return new TraceSpec(spec.maps(), programs, spec.events(), spec.sites(), spec.options());
    }
}
