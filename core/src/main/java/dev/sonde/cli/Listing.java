package dev.sonde.cli;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.btf.CRenderer;
import dev.sonde.elf.NameList;
import dev.sonde.elf.NamePattern;
import dev.sonde.probes.Binding;
import dev.sonde.probes.NamedProbes;
import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What -l prints: probes by pattern or of a script, and types of the kernel. */
final class Listing {
    /** Kinds that a wildcard for the kind stands for, in the order in which bpftrace prints them. Returns have the same functions as entries. */
    private static final List<String> EVERYWHERE = List.of("fentry", "hardware", "iter", "kprobe", "rawtracepoint", "software", "tracepoint");

    private final Target target;
    private final boolean verbose;
    private final Binding binding;
    private final Set<String> printed = new LinkedHashSet<>();
    private final LineWriter out;
    private boolean repeats;

    Listing(Target target, int pid, boolean verbose, Diagnostics diagnostics, OutputStream out) {
        this.target = target;
        this.out = new LineWriter(out);
        this.verbose = verbose;
        this.binding = new Binding(target, new KernelTypes(target::btf), diagnostics, pid, true, RunOptions.MissingProbes.IGNORE, false, false);
    }

    /**
     * Prints all that matches: attach points with {@code *} and commas, or the name of a type after struct, union or enum; empty for all probes.
     * Whether there was anything.
     */
    boolean matching(String pattern) {
        int space = pattern.indexOf(' ');
        String word = space < 0 ? "" : pattern.substring(0, space);
        if (word.equals("struct") || word.equals("union") || word.equals("enum")) {
            types(word, pattern.substring(space + 1).strip());
        } else if (pattern.isEmpty() || pattern.indexOf(':') < 0 && pattern.indexOf(',') < 0) {
            everywhere(pattern);
        } else {
            points(Parser.parse(new Source("-l", pattern + " {}"), binding.diagnostics()));
        }
        out.flush();
        return out.wrote();
    }

    /** Prints the probes of a script. Whether there was anything. */
    boolean of(Script script) {
        points(script);
        out.flush();
        return out.wrote();
    }

    private void points(Script script) {
        repeats = script.probes().size() > 1 || !script.probes().isEmpty() && script.probes().getFirst().attachPoints().size() > 1;
        for (Script.Probe probe : script.probes()) {
            for (Script.AttachPoint point : probe.attachPoints()) {
                point(point);
            }
        }
    }

    private void point(Script.AttachPoint point) {
        List<String> parts = new ArrayList<>();
        for (Script.Part part : point.parts()) {
            parts.add(part.text());
        }
        String kind = parts.removeFirst();
        if (kind.indexOf('*') < 0) {
            ProbeKinds.find(kind).ifPresent(one -> list(one, parts));
            return;
        }
        NamePattern kinds = NamePattern.of(kind);
        for (String name : EVERYWHERE) {
            if (kinds.matches(name)) {
                list(ProbeKinds.find(name).orElseThrow(), parts);
            }
        }
    }

    private void list(ProbeKind kind, List<String> parts) {
        add(kind.list(parts, binding));
    }

    /** Names that are bytes are printed as that: a program may have a hundred thousand. */
    private void add(List<ProbeKind.Listing> listings) {
        if (!verbose && !repeats && listings instanceof NamedProbes probes && probes.names() instanceof NameList names) {
            out.lines(probes.prefix(), names);
            return;
        }
        for (ProbeKind.Listing listing : listings) {
            add(listing);
        }
    }

    private void add(ProbeKind.Listing listing) {
        if (!repeats || printed.add(listing.probe())) {
            out.append(listing.probe()).endLine();
            for (String argument : verbose ? listing.arguments() : List.<String>of()) {
                out.append("    ").append(argument).endLine();
            }
        }
    }

    /** A word without a kind is looked for in whole attach points and in their last parts; a kind's own name gives all of that kind. */
    private void everywhere(String pattern) {
        Optional<ProbeKind> own = pattern.isEmpty() ? Optional.empty() : ProbeKinds.find(pattern);
        if (own.isPresent()) {
            list(own.get(), List.of());
            return;
        }
        boolean all = pattern.isEmpty() || pattern.equals("*");
        NamePattern wanted = NamePattern.of(pattern);
        for (String name : EVERYWHERE) {
            List<ProbeKind.Listing> listings = ProbeKinds.find(name).orElseThrow().list(List.of(), binding);
            if (all) {
                add(listings);
            } else {
                addWanted(listings, wanted);
            }
        }
    }

    private void addWanted(List<ProbeKind.Listing> listings, NamePattern wanted) {
        for (ProbeKind.Listing listing : listings) {
            if (isWanted(listing.probe(), wanted)) {
                add(listing);
            }
        }
    }

    private static boolean isWanted(String probe, NamePattern wanted) {
        return wanted.matches(probe) || wanted.matches(probe.substring(probe.lastIndexOf(':') + 1));
    }

    private void types(String word, String pattern) {
        BtfKind kind = switch (word) {
            case "struct" -> BtfKind.STRUCT;
            case "union" -> BtfKind.UNION;
            default -> BtfKind.ENUM;
        };
        target.btf().ifPresent(btf -> {
            types(btf, kind, word, pattern);
            if (kind == BtfKind.ENUM) {
                types(btf, BtfKind.ENUM64, word, pattern);
            }
        });
    }

    private void types(Btf btf, BtfKind kind, String word, String pattern) {
        Set<String> names = new TreeSet<>();
        btf.forEach(kind, pattern, id -> names.add(btf.nameOf(id) + '\0' + id));
        for (String name : names) {
            int end = name.indexOf('\0');
            if (verbose) {
                out.append("vmlinux: ").append(new CRenderer(btf).definition(Integer.parseInt(name.substring(end + 1)))).append("\n\n");
            } else {
                out.append(word).append(" ").append(name.substring(0, end)).endLine();
            }
        }
    }
}
