package dev.sonde.probes;

import dev.sonde.source.Span;
import dev.sonde.target.Architecture;
import dev.sonde.target.Binary;
import dev.sonde.target.DebugInformation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes groups of places in programs: places whose debug information tells different things go to different groups, where a script uses it. */
final class TypedPlaces {
    private final UprobeKind kind;
    private final Span span;
    private final Binding binding;

    TypedPlaces(UprobeKind kind, Span span, Binding binding) {
        this.kind = kind;
        this.span = span;
        this.binding = binding;
    }

    /** The groups; {@code plain} is the context without debug information. */
    List<ProbeGroup> groups(RegisterContext plain, List<UserFunctions.Found> places) {
        Map<ProbeContext, List<UserPlaces.Place>> byContext = new LinkedHashMap<>();
        for (UserFunctions.Found found : places) {
            byContext.computeIfAbsent(context(plain, found), _ -> new ArrayList<>()).add(found.place());
        }
        List<ProbeGroup> groups = new ArrayList<>();
        var maker = new UserPlaces(kind, span, binding, kind.onReturn());
        byContext.forEach((context, of) -> groups.addAll(maker.groups(context, of)));
        return groups;
    }

    private ProbeContext context(RegisterContext plain, UserFunctions.Found found) {
        boolean result = kind.onReturn() && binding.opensResult();
        boolean arguments = !kind.onReturn() && binding.usesArguments();
        if (!result && !arguments && !binding.namesTypes()) {
            return plain;
        }
        RegisterContext registers = found.atStart() || kind.onReturn() ? plain : plain.inside();
        ProgramTypes own = new ProgramTypes(found.binary(), found.address());
        if (!result && !arguments) {
            return new UserContext(registers, UserContext.UNTYPED, own);
        }
        Optional<DebugInformation> debug = found.binary().debugInformation();
        Optional<DebugInformation.Subprogram> function = debug.flatMap(d ->
                found.atStart() ? d.function(found.address()) : d.around(found.address()));
        if (function.isEmpty()) {
            return result ? plain : new UserContext(registers, without(found.binary(), debug), own);
        }
        Architecture architecture = binding.target().architecture();
        UserArguments typed = new UserArguments(function.get(), architecture, own.of(function.get()));
        return new UserContext(registers, result ? typed.result() : typed.parameters(), own);
    }

    private static UserContext.Typed without(Binary binary, Optional<DebugInformation> debug) {
        String problem = debug.map(DebugInformation::problem).orElse("");
        String why = debug.isEmpty() ? binary.path() + " has no debug information (DWARF), which args needs: "
                + "build it with -g or install its debug package; "
                + "arg0, arg1, … need none"
                : problem.isEmpty() ? "The debug information of " + binary.path() + " does not tell of this place" : problem;
        return new UserContext.Typed(List.of(), Map.of(), Optional.empty(), why);
    }
}
