package dev.sonde.probes;

import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.target.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes groups of places in files of user space.
 *
 * <p>They are attached through uprobe_multi where the kernel has it, even one alone: closing such a link takes some 40 ms, closing a perf event of a
 * uprobe 120 ms.
 */
final class UserPlaces {
    /** BPF_TRACE_UPROBE_MULTI */
    private static final int UPROBE_MULTI = 48;

    private final ProbeKind kind;
    private final Span span;
    private final Binding binding;
    private final boolean onReturn;

    UserPlaces(ProbeKind kind, Span span, Binding binding, boolean onReturn) {
        this.kind = kind;
        this.span = span;
        this.binding = binding;
        this.onReturn = onReturn;
    }

    /**
     * A place in a file.
     *
     * @param offset bytes from the start of the file
     * @param semaphore file offset of a USDT semaphore, 0 for none
     */
    record Place(String path, long offset, long semaphore, TraceSpec.Site site) {}

    /** Groups of places that share a context; places of one file must be next to each other. */
    List<ProbeGroup> groups(ProbeContext context, List<Place> places) {
        if (places.isEmpty()) {
            return List.of();
        }
        if (!multi()) {
            List<Places.Place> single = new ArrayList<>();
            for (Place place : places) {
                single.add(new Places.Place(place.site,
                        site -> new AttachSpec.Uprobe(site, span, place.path, place.offset, place.semaphore, onReturn, binding.pid())));
            }
            boolean cookies = places.size() > 1 && binding.target().has(Feature.ATTACH_COOKIE);
            return Places.groups(kind, context, ProbeGroup.Program.of(ProgramKind.KPROBE), single, cookies, binding);
        }
        List<TraceSpec.Site> sites = new ArrayList<>();
        for (Place place : places) {
            sites.add(place.site);
        }
        var program = new ProbeGroup.Program(ProgramKind.KPROBE, UPROBE_MULTI, 0);
        return List.of(new ProbeGroup(kind, context, program, sites, first -> attach(places, first), places.size() > 1));
    }

    /** Before 6.10 a link's process filter let through one thread only. */
    private boolean multi() {
        return binding.target().has(Feature.UPROBE_MULTI) && (binding.pid() < 0 || binding.target().has(Feature.RAW_TRACEPOINT_COOKIE));
    }

    private List<AttachSpec> attach(List<Place> places, int first) {
        List<AttachSpec> attachments = new ArrayList<>();
        for (int from = 0; from < places.size();) {
            String path = places.get(from).path;
            List<Long> offsets = new ArrayList<>();
            List<Long> semaphores = new ArrayList<>();
            int to = from;
            for (; to < places.size() && places.get(to).path.equals(path); to++) {
                offsets.add(places.get(to).offset);
                semaphores.add(places.get(to).semaphore);
            }
            attachments.add(new AttachSpec.UprobeMulti(first + from, span, path, offsets, semaphores, onReturn, false, binding.pid()));
            from = to;
        }
        return attachments;
    }

    /** The files that {@code name} stands for; {@code *} with -p is what that process has mapped. A mistake is added when there is none. */
    static List<String> files(String name, ProbeKind kind, Span span, Binding binding) {
        boolean mapped = binding.pid() >= 0 && name.equals("*");
        List<String> files = mapped ? binding.target().mappedFiles(binding.pid()) : binding.target().executables(name);
        if (files.isEmpty()) {
            binding.noFile(span, kind, name);
        }
        return files;
    }
}
