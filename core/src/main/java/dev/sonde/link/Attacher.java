package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.sys.BpfProgram;
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
        Parts parts = new Parts();
        List<Refusal> refusals = new ArrayList<>();
        open(program, spec, place, parts, refusals);
        return new Attempt(parts.attachments().isEmpty() ? Optional.empty() : Optional.of(new Link(place, parts)), refusals);
    }

    private void open(BpfProgram program, ProgramSpec spec, AttachSpec place, Parts parts, List<Refusal> refusals) {
        Parts opened = new Parts();
        try {
            switch (place) {
                case AttachSpec.Self self -> throw new IllegalArgumentException("nothing to attach: " + self);
                case AttachSpec.Tracepoint tracepoint -> perf.tracepoint(program, tracepoint, opened);
                case AttachSpec.RawTracepoint tracepoint -> direct.rawTracepoint(program, tracepoint, opened);
                case AttachSpec.Tracing tracing -> direct.tracing(program, spec.expectedAttach(), tracing, opened);
                case AttachSpec.Uprobe uprobe -> perf.uprobe(program, uprobe, opened);
                case AttachSpec.UprobeMulti multi -> direct.uprobeMulti(program, multi, opened);
                case AttachSpec.Kprobe kprobe -> perf.kprobe(program, kprobe, opened);
                case AttachSpec.KprobeMulti multi -> direct.kprobeMulti(program, multi, opened);
                case AttachSpec.Software software -> perf.software(program, software, opened);
                case AttachSpec.Hardware hardware -> perf.hardware(program, hardware, opened);
                case AttachSpec.Interval interval -> perf.interval(program, interval, opened);
                case AttachSpec.Profile profile -> perf.profile(program, profile, opened);
                case AttachSpec.Watchpoint watchpoint -> perf.watchpoint(program, watchpoint, opened);
                case AttachSpec.Iterator iterator -> direct.iterator(program, iterator, opened);
            }
            parts.take(opened);
        } catch (KernelException e) {
            opened.close();
            List<AttachSpec> halves = Halves.of(place, e);
            if (halves.isEmpty()) {
                refusals.add(Explanation.of(place, e));
            }
            for (AttachSpec half : halves) {
                open(program, spec, half, parts, refusals);
            }
        }
    }
}
