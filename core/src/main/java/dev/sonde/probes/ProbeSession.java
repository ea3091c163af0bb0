package dev.sonde.probes;

import dev.sonde.btf.BtfType;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entries and the returns of the same functions as one program and one link (kprobes since Linux 6.10, uprobes since 6.13). The program runs at
 * both and asks the kernel which it is. Where it gives 1 at an entry, the kernel does not run it at the return.
 *
 * @param entry the places at the functions' starts
 * @param exit the places at their returns, in the same order
 * @param isReturn the kernel function that says which
 */
public record ProbeSession(ProbeGroup entry, ProbeGroup exit, BtfType.Func isReturn) {
    private static final String IS_RETURN = "bpf_session_is_return";
    /** BPF_TRACE_KPROBE_SESSION */
    private static final int KPROBE_SESSION = 56;
    /** BPF_TRACE_UPROBE_SESSION */
    private static final int UPROBE_SESSION = 57;

    /** What two groups make up on {@code target}; empty when they are not entries and returns of the same functions, or it has no sessions. */
    public static Optional<ProbeSession> of(ProbeGroup entry, ProbeGroup exit, Target target) {
        boolean kernel = entry.kind() instanceof KprobeKind;
        if (!isEntry(entry) || !isExit(exit) || !sameFunctions(entry.sites(), exit.sites())
                || together(entry.plan().attach(0), exit.plan().attach(0)).isEmpty()
                || !target.has(kernel ? Feature.KPROBE_SESSION : Feature.UPROBE_SESSION)) {
            return Optional.empty();
        }
        return target.btf().flatMap(btf -> btf.function(IS_RETURN)).map(function -> new ProbeSession(entry, exit, function));
    }

    /** Whether a group may be the entry of one. */
    public static boolean isEntry(ProbeGroup group) {
        return group.kind() instanceof KprobeKind(boolean onReturn) && !onReturn || group.kind() instanceof UprobeKind(boolean returns) && !returns;
    }

    /** Whether a group may be the exit of one. */
    public static boolean isExit(ProbeGroup group) {
        return group.kind() instanceof KprobeKind(boolean onReturn) && onReturn || group.kind() instanceof UprobeKind(boolean returns) && returns;
    }

    /** Tells most groups apart before their attachments are made. */
    private static boolean sameFunctions(List<TraceSpec.Site> entries, List<TraceSpec.Site> exits) {
        return entries.size() == exits.size() && entries.getFirst().function().equals(exits.getFirst().function());
    }

    /** The attachments that do what both lists do; empty when there are none. */
    private static List<AttachSpec> together(List<AttachSpec> entries, List<AttachSpec> exits) {
        List<AttachSpec> both = new ArrayList<>();
        for (int i = 0; i < entries.size() && entries.size() == exits.size(); i++) {
            together(entries.get(i), exits.get(i)).ifPresent(both::add);
        }
        return both.size() == entries.size() ? both : List.of();
    }

    private static Optional<AttachSpec> together(AttachSpec entry, AttachSpec exit) {
        if (entry instanceof AttachSpec.KprobeMulti e && exit instanceof AttachSpec.KprobeMulti x && e.functions().equals(x.functions())) {
            return Optional.of(new AttachSpec.KprobeMulti(e.site(), e.span(), e.functions(), false, true));
        }
        if (entry instanceof AttachSpec.UprobeMulti e && exit instanceof AttachSpec.UprobeMulti x && e.path().equals(x.path())
                && e.offsets().equals(x.offsets()) && e.refCounters().equals(x.refCounters()) && e.pid() == x.pid()) {
            return Optional.of(new AttachSpec.UprobeMulti(e.site(), e.span(), e.path(), e.offsets(), e.refCounters(), false, true, e.pid()));
        }
        return Optional.empty();
    }

    /** How the program is loaded. */
    public ProbeGroup.Program program() {
        return new ProbeGroup.Program(ProgramKind.KPROBE, entry.kind() instanceof KprobeKind ? KPROBE_SESSION : UPROBE_SESSION, 0);
    }

    /** The entries, then the returns. */
    public List<TraceSpec.Site> sites() {
        List<TraceSpec.Site> sites = new ArrayList<>(entry.sites());
        sites.addAll(exit.sites());
        return sites;
    }

    /** The attachments when the first entry has index {@code firstSite} in the specification. */
    public List<AttachSpec> attach(int firstSite) {
        return together(entry.plan().attach(firstSite), exit.plan().attach(firstSite));
    }
}
