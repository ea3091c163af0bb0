package dev.sonde.probes;

import dev.sonde.source.Nearest;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Binary;
import dev.sonde.target.Target;
import dev.sonde.target.UsdtValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Probes that a program's author put into it (SystemTap's sys/sdt.h). A probe may stand at several places, with its arguments elsewhere at each. */
record UsdtKind() implements ProbeKind {
    @Override
    public List<String> names() {
        return List.of("usdt", "U");
    }

    @Override
    public List<String> forms() {
        return List.of("usdt:BINARY:PROVIDER:NAME", "usdt:BINARY:NAME");
    }

    @Override
    public String documentation() {
        return "A static probe of a program or library; its arguments are argN. Probes that are off until someone looks are switched on. "
                + "With -p, * is all that the process has mapped.";
    }

    @Override
    public String example() {
        return "usdt:libstdc++.so.6:libstdcxx:throw { @ = count() } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.20";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 2, 3)) {
            return List.of();
        }
        String provider = parts.size() == 3 ? parts.get(1) : "*";
        List<String> files = UserPlaces.files(parts.getFirst(), this, point.span(), binding);
        Map<ProbeContext, List<UserPlaces.Place>> byContext = new LinkedHashMap<>();
        for (String file : files) {
            Optional<Binary> binary = binding.target().binary(file);
            if (binary.isPresent()) {
                add(binary.get(), binary.get().usdt(provider, parts.getLast()), file, binding, byContext);
            }
        }
        if (byContext.isEmpty() && !files.isEmpty()) {
            binding.noMatch(point.span(), this, String.join(":", parts), nearest(files, parts.getLast(), binding.target()));
        }
        List<ProbeGroup> groups = new ArrayList<>();
        UserPlaces places = new UserPlaces(this, point.span(), binding, false);
        byContext.forEach((context, found) -> groups.addAll(places.groups(context, found)));
        return groups;
    }

    private static void add(Binary binary, List<Binary.Usdt> probes, String file, Binding binding, Map<ProbeContext,
            List<UserPlaces.Place>> byContext) {
        for (Binary.Usdt probe : probes) {
            List<UsdtValue> values = binding.readsContext() ? UsdtValue.of(probe, binary, binding.target().architecture()) : List.of();
            byContext.computeIfAbsent(UsdtContext.of(values, binding), _ -> new ArrayList<>())
                    .add(new UserPlaces.Place(file, probe.fileOffset(), probe.semaphore(), new TraceSpec.Site(text(file, probe), "")));
        }
    }

    private static String text(String file, Binary.Usdt probe) {
        return "usdt:" + file + ":" + probe.provider() + ":" + probe.name();
    }

    private static String nearest(List<String> files, String name, Target target) {
        TreeSet<String> names = new TreeSet<>();
        for (String file : files) {
            target.binary(file).ifPresent(binary -> binary.usdt("*", "*").forEach(probe -> names.add(probe.name())));
        }
        String near = Nearest.to(name, names);
        String none = names.isEmpty() ? String.join(", ", files.subList(0, Math.min(3, files.size()))) + " has no USDT probes." : "";
        return near.isEmpty() ? none : "Did you mean '" + near + "'?";
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        if (parts.isEmpty()) {
            return List.of();
        }
        boolean mapped = binding.pid() >= 0 && parts.getFirst().equals("*");
        TreeSet<String> texts = new TreeSet<>();
        for (String file : mapped ? binding.target().mappedFiles(binding.pid()) : binding.target().executables(parts.getFirst())) {
            String provider = parts.size() == 3 ? parts.get(1) : "*";
            binding.target().binary(file).ifPresent(
                    binary -> binary.usdt(provider, parts.size() == 1 ? "*" : parts.getLast()).forEach(probe -> texts.add(text(file, probe))));
        }
        List<Listing> listed = new ArrayList<>();
        for (String text : texts) {
            listed.add(Listing.plain(text));
        }
        return listed;
    }
}
