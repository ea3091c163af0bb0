package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table of probe kinds. */
public final class ProbeKinds {
    private static final List<ProbeKind> ALL = List.of(new SelfKind(AttachSpec.Self.Moment.BEGIN), new SelfKind(AttachSpec.Self.Moment.END));

    private ProbeKinds() {}

    /** All kinds, in the order of the reference. */
    public static List<ProbeKind> all() {
        return ALL;
    }

    /** The kind of that name or short name; case does not count. */
    public static Optional<ProbeKind> find(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (ProbeKind kind : ALL) {
            if (kind.names().contains(wanted)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
