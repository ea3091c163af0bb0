package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.syntax.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event that a counter counts.
 *
 * @param number its number in enum perf_sw_ids or perf_hw_id
 * @param period how many events make one run of the probe when the script does not say
 */
record CountedEvent(String name, int number, long period) {
    /** An event with the period and the text of its attach point. */
    record Counted(CountedEvent event, long period, String text) {}

    /** What {@code EVENT[:COUNT]} names; empty after a mistake. */
    static Optional<Counted> find(ProbeKind kind, List<CountedEvent> events, Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, kind, parts, 1, 2)) {
            return Optional.empty();
        }
        CountedEvent found = null;
        for (CountedEvent event : events) {
            found = event.name.equals(parts.getFirst()) ? event : found;
        }
        if (found == null) {
            String near = Nearest.to(parts.getFirst(), names(events));
            binding.error(point.span(), DiagnosticCode.NO_MATCH, parts.getFirst() + " is not a " + kind.name() + " probe",
                    near.isEmpty() ? "There are: " + String.join(", ", names(events)) + "." : "Did you mean '" + near + "'?");
            return Optional.empty();
        }
        OptionalLong count = parts.size() == 1 ? OptionalLong.of(0) : Quantity.number(parts.get(1));
        if (count.isEmpty() || count.getAsLong() < 0) {
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT,
                    "Invalid count for " + kind.name() + " probe: invalid integer: " + parts.get(1));
            return Optional.empty();
        }
        long period = count.getAsLong();
        String text = kind.name() + ":" + found.name + ":" + (period == 0 ? "" : period);
        return Optional.of(new Counted(found, period == 0 ? found.period : period, text));
    }

    static List<String> names(List<CountedEvent> events) {
        List<String> names = new ArrayList<>();
        for (CountedEvent event : events) {
            names.add(event.name);
        }
        return names;
    }
}
