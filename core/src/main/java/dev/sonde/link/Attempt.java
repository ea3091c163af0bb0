package dev.sonde.link;

import java.util.List;
import java.util.Optional;

/**
 * What came of attaching at one {@link dev.sonde.spec.AttachSpec}.
 *
 * @param link what is attached; empty when nothing is
 * @param refusals the places that the kernel refused; of a specification with many places it may be some
 */
public record Attempt(Optional<Link> link, List<Refusal> refusals) {
    public Attempt {
        refusals = List.copyOf(refusals);
    }

    /** How many probes are attached. */
    public int attached() {
        int refused = 0;
        for (Refusal refusal : refusals) {
            refused += refusal.place().count();
        }
        return link.isEmpty() ? 0 : link.get().place().count() - refused;
    }
}
