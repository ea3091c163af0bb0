package dev.sonde.compile;

import dev.sonde.probes.ProbeSession;
import dev.sonde.target.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which units share a program: an entry and the first return of the same functions that is left, where the kernel attaches both with one
 * link. The program stands where the entry stood.
 */
final class PairReturns {
    /** What a kernel function may be called under; other licenses that the kernel takes for as free are rare enough to go without. */
    private static final String FREE = "GPL";

    private PairReturns() {}

    /** What becomes one program. */
    sealed interface Part {
        /** One unit. */
        record Single(TypedScript.Unit unit) implements Part {}

        /** Two units that run at the entries and at the returns of the same functions. */
        record Session(ProbeSession probes, TypedScript.Unit entry, TypedScript.Unit exit) implements Part {}
    }

    /** The programs to make of {@code units}, in order. */
    static List<Part> parts(List<TypedScript.Unit> units, Target target, String license) {
        List<TypedScript.Unit> exits = new ArrayList<>();
        for (TypedScript.Unit unit : units) {
            if (license.equals(FREE) && ProbeSession.isExit(unit.group())) {
                exits.add(unit);
            }
        }
        List<Part> parts = new ArrayList<>();
        Set<TypedScript.Unit> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (TypedScript.Unit unit : units) {
            Optional<Part.Session> session = exits.isEmpty() || !ProbeSession.isEntry(unit.group()) ? Optional.empty() : session(unit, exits, target);
            if (session.isPresent()) {
                TypedScript.Unit exit = session.get().exit();
                exits.removeIf(other -> other == exit);
                taken.add(exit);
            }
            parts.add(session.isPresent() ? session.get() : new Part.Single(unit));
        }
        parts.removeIf(part -> part instanceof Part.Single(var unit) && taken.contains(unit));
        return parts;
    }

    private static Optional<Part.Session> session(TypedScript.Unit entry, List<TypedScript.Unit> exits, Target target) {
        for (TypedScript.Unit exit : exits) {
            Optional<ProbeSession> probes = ProbeSession.of(entry.group(), exit.group(), target);
            if (probes.isPresent()) {
                return Optional.of(new Part.Session(probes.get(), entry, exit));
            }
        }
        return Optional.empty();
    }
}
