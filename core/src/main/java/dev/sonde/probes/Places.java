package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.TraceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Makes groups of places that are attached one by one. */
final class Places {
    private Places() {}

    /** A site with what attaches it, given the site's index. */
    record Place(TraceSpec.Site site, IntFunction<AttachSpec> attach) {}

    /** One group when the places can be told apart by cookies or need not be; else a group for each. */
    static List<ProbeGroup> groups(ProbeKind kind, ProbeContext context, ProbeGroup.Program program, List<Place> places, boolean cookies,
            Binding binding) {
        if (places.size() <= 1 || cookies || !binding.usesSite()) {
            return places.isEmpty() ? List.of() : List.of(group(kind, context, program, places, cookies));
        }
        List<ProbeGroup> groups = new ArrayList<>();
        for (Place place : places) {
            groups.add(group(kind, context, program, List.of(place), false));
        }
        return groups;
    }

    /** A group of one place. */
    static List<ProbeGroup> single(ProbeKind kind, ProbeContext context, ProbeGroup.Program program, String probe, IntFunction<AttachSpec> attach) {
        return List.of(group(kind, context, program, List.of(new Place(new TraceSpec.Site(probe, ""), attach)), false));
    }

    private static ProbeGroup group(ProbeKind kind, ProbeContext context, ProbeGroup.Program program, List<Place> places, boolean cookies) {
        List<TraceSpec.Site> sites = new ArrayList<>();
        for (Place place : places) {
            sites.add(place.site());
        }
        return new ProbeGroup(kind, context, program, sites, first -> attach(places, first), cookies, -1, Optional.empty());
    }

    private static List<AttachSpec> attach(List<Place> places, int first) {
        List<AttachSpec> attachments = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            attachments.add(places.get(i).attach().apply(first + i));
        }
        return attachments;
    }

    /** The groups of a kernel-side kind: only the process of -p; with -c every process, as in bpftrace, since what the command starts counts too. */
    static List<ProbeGroup> narrowed(List<ProbeGroup> groups, Binding binding) {
        return binding.child() ? groups : filtered(groups, binding);
    }

    /** The groups, each to look only at the process of -p or -c when one was given. */
    static List<ProbeGroup> filtered(List<ProbeGroup> groups, Binding binding) {
        if (binding.pid() < 0) {
            return groups;
        }
        List<ProbeGroup> filtered = new ArrayList<>();
        for (ProbeGroup group : groups) {
            filtered.add(group.filtered(binding.pid()));
        }
        return filtered;
    }
}
