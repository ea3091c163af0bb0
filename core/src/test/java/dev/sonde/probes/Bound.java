package dev.sonde.probes;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What one attach point gives on a target. */
record Bound(List<ProbeGroup> groups, List<Diagnostic> diagnostics) {
    /** How an attach point is bound; each method gives a changed copy. */
    record How(Target target, int pid, boolean unsafe, RunOptions.MissingProbes missing, Set<String> arguments, boolean reads, boolean names,
            boolean alone) {
        How pid(int value) {
            return new How(target, value, unsafe, missing, arguments, reads, names, alone);
        }

        How unsafely() {
            return new How(target, pid, true, missing, arguments, reads, names, alone);
        }

        How missing(RunOptions.MissingProbes value) {
            return new How(target, pid, unsafe, value, arguments, reads, names, alone);
        }

        /** With a body that names {@code args}. */
        How args() {
            return new How(target, pid, unsafe, missing, Set.of(Binding.WHOLE), true, names, alone);
        }

        /** With a body that names these members of {@code args}. */
        How args(String... members) {
            return new How(target, pid, unsafe, missing, Set.of(members), true, names, alone);
        }

        /** With a body that reads something else of its context. */
        How context() {
            return new How(target, pid, unsafe, missing, arguments, true, names, alone);
        }

        /** With a body that names {@code probe}. */
        How site() {
            return new How(target, pid, unsafe, missing, arguments, reads, true, alone);
        }

        How oneOfSeveral() {
            return new How(target, pid, unsafe, missing, arguments, reads, names, false);
        }

        Bound bind(String attachPoint) {
            var diagnostics = new Diagnostics();
            Script.AttachPoint point = Parser.parse(new Source("stdin", attachPoint + " {}"),
                    diagnostics).probes().getFirst().attachPoints().getFirst();
            List<String> parts = new ArrayList<>();
            point.parts().forEach(part -> parts.add(part.text()));
            ProbeKind kind = ProbeKinds.find(parts.getFirst()).orElseThrow();
            List<ProbeGroup> groups = kind.bind(point, parts.subList(1, parts.size()), binding(diagnostics));
            return new Bound(groups, diagnostics.sorted());
        }

        List<ProbeKind.Listing> list(String kind, String... parts) {
            return ProbeKinds.find(kind).orElseThrow().list(List.of(parts), binding(new Diagnostics()));
        }

        private Binding binding(Diagnostics diagnostics) {
            return new Binding(target, new KernelTypes(target::btf), diagnostics, pid, false, unsafe, missing, !arguments.isEmpty(), reads, names,
                    alone, false, reads, false, arguments);
        }
    }

    /** A body that reads nothing, the only attach point of its probe, without -p. */
    static How on(Target target) {
        return new How(target, -1, false, RunOptions.MissingProbes.ERROR, Set.of(), false, false, true);
    }

    ProbeGroup group() {
        if (groups.size() != 1) {
            throw new AssertionError(groups.size() + " groups: " + diagnostics);
        }
        return groups.getFirst();
    }

    ProbeContext context() {
        return group().context();
    }

    /** All attachments, when the first site has index 100. */
    List<AttachSpec> attachments() {
        List<AttachSpec> attachments = new ArrayList<>();
        int site = 100;
        for (ProbeGroup group : groups) {
            attachments.addAll(group.plan().attach(site));
            site += group.sites().size();
        }
        return attachments;
    }

    AttachSpec attachment() {
        if (attachments().size() != 1) {
            throw new AssertionError(attachments().toString() + diagnostics);
        }
        return attachments().getFirst();
    }

    /** The text of each site. */
    List<String> probes() {
        List<String> probes = new ArrayList<>();
        groups.forEach(group -> group.sites().forEach(site -> probes.add(site.probe())));
        return probes;
    }

    /** The only diagnostic as {@code CODE: message [hints]}. */
    String said() {
        if (diagnostics.size() != 1) {
            throw new AssertionError(diagnostics.toString());
        }
        Diagnostic only = diagnostics.getFirst();
        return only.code() + ": " + only.message() + (only.hints().isEmpty() ? "" : " " + only.hints());
    }
}
