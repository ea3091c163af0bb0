package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attaches programs. It keeps what all attachments of a run share: which ways of attaching the kernel has, its CPUs. For any thread. */
public final class Attacher {
    private final PerfProbes perf;
    private final DirectProbes direct;

    public Attacher(Kernel kernel) {
        perf = new PerfProbes(kernel);
        direct = new DirectProbes(kernel);
    }

    /**
     * Attaches {@code program}, which was loaded from {@code spec}, at {@code place}, which is not a {@link AttachSpec.Self}. A place with many
     * functions is attached as far as the kernel lets it. Never throws for what the kernel refuses.
     */
    public Attempt attach(BpfProgram program, ProgramSpec spec, AttachSpec place) {
        List<Fd> parts = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        open(program, spec, place, parts, refusals);
        return new Attempt(parts.isEmpty() ? Optional.empty() : Optional.of(new Link(place, parts)), refusals);
    }

    private void open(BpfProgram program, ProgramSpec spec, AttachSpec place, List<Fd> parts, List<Refusal> refusals) {
        int before = parts.size();
        try {
            switch (place) {
                case AttachSpec.Self self -> throw new IllegalArgumentException("nothing to attach: " + self);
                case AttachSpec.Tracepoint tracepoint -> perf.tracepoint(program, tracepoint, parts);
                case AttachSpec.RawTracepoint tracepoint -> direct.rawTracepoint(program, tracepoint, parts);
                case AttachSpec.Tracing tracing -> direct.tracing(program, spec.expectedAttach(), tracing, parts);
                case AttachSpec.Uprobe uprobe -> perf.uprobe(program, uprobe, parts);
                case AttachSpec.UprobeMulti multi -> direct.uprobeMulti(program, multi, parts);
                case AttachSpec.Kprobe kprobe -> perf.kprobe(program, kprobe, parts);
                case AttachSpec.KprobeMulti multi -> direct.kprobeMulti(program, multi, parts);
                case AttachSpec.Software software -> perf.software(program, software, parts);
                case AttachSpec.Hardware hardware -> perf.hardware(program, hardware, parts);
                case AttachSpec.Interval interval -> perf.interval(program, interval, parts);
                case AttachSpec.Profile profile -> perf.profile(program, profile, parts);
                case AttachSpec.Watchpoint watchpoint -> perf.watchpoint(program, watchpoint, parts);
                case AttachSpec.Iterator iterator -> direct.iterator(program, iterator, parts);
            }
        } catch (KernelException e) {
            forget(parts, before);
            List<AttachSpec> halves = Halves.of(place, e);
            if (halves.isEmpty()) {
                refusals.add(Explanation.of(place, e));
            }
            for (AttachSpec half : halves) {
                open(program, spec, half, parts, refusals);
            }
        }
    }

    private static void forget(List<Fd> parts, int before) {
        while (parts.size() > before) {
            parts.removeLast().close();
        }
    }
}
