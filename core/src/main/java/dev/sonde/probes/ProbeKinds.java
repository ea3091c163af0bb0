package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table of probe kinds. A kind is made when it is asked for: a run uses few of them. */
public final class ProbeKinds {
    private static final List<String> NAMES = List.of("begin", "end", "tracepoint", "rawtracepoint", "uprobe", "uretprobe", "usdt", "interval",
            "profile",
            "software", "hardware", "watchpoint", "kprobe", "kretprobe", "fentry", "fexit", "iter", "self", "test", "bench");

    private ProbeKinds() {}

    /** All kinds, in the order of the reference. */
    public static List<ProbeKind> all() {
        List<ProbeKind> all = new ArrayList<>();
        for (String name : NAMES) {
            all.add(find(name).orElseThrow());
        }
        return all;
    }

    /**
     * The kind of that name, in which case does not count, or short name, in which it does: {@code u} is no {@code U}. Kinds of one name are
     * equal.
     */
    public static Optional<ProbeKind> find(String name) {
        return Optional.ofNullable(switch (name.length() > 2 ? name.toLowerCase(Locale.ROOT) : name) {
            case "begin" -> new SelfKind(AttachSpec.Self.Moment.BEGIN);
            case "end" -> new SelfKind(AttachSpec.Self.Moment.END);
            case "tracepoint", "t" -> new TracepointKind();
            case "rawtracepoint", "rt" -> new RawTracepointKind();
            case "uprobe", "u" -> new UprobeKind(false);
            case "uretprobe", "ur" -> new UprobeKind(true);
            case "usdt", "U" -> new UsdtKind();
            case "interval", "i" -> new TimerKind(false);
            case "profile", "p" -> new TimerKind(true);
            case "software", "s" -> new SoftwareKind();
            case "hardware", "h" -> new HardwareKind();
            case "watchpoint", "w" -> new WatchpointKind();
            case "kprobe", "k" -> new KprobeKind(false);
            case "kretprobe", "kr" -> new KprobeKind(true);
            case "fentry", "f", "kfunc" -> new FentryKind(false);
            case "fexit", "fr", "kretfunc" -> new FentryKind(true);
            case "iter", "it" -> new IteratorKind();
            case "self" -> new SignalKind();
            case "test" -> new TestKind(AttachSpec.Self.Moment.TEST);
            case "bench" -> new TestKind(AttachSpec.Self.Moment.BENCH);
            default -> null;
        });
    }
}
