package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Nearest;
import dev.sonde.syntax.Script;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Gives every expression of a script its type, and every map and variable the smallest type that holds all its assignments.
 *
 * <p>A map may be used before the probe that assigns it, so the bodies are walked until no map changes; diagnostics are kept from the last walk only.
 * What a builtin's result is, its entry in the table decides.
 */
final class InferTypes {
    private static final int MAX_WALKS = 20;
    /** Bytes of one value of a per-CPU map (PCPU_MIN_UNIT_SIZE). */
    private static final int MOST_PER_CPU = 32 << 10;
    /** Bytes of key and value together, with what the kernel keeps beside them in one allocation of at most 4 MiB. */
    private static final int MOST_ENTRY = (4 << 20) - 512;

    private final Environment environment;

    InferTypes(Environment environment) {
        this.environment = environment;
    }

    /** The typed script. */
    TypedScript infer(BoundScript bound) {
        var maps = new MapFacts();
        declare(bound.script(), maps);
        List<TypedScript.Unit> units = new ArrayList<>();
        for (BoundScript.Bound probe : bound.probes()) {
            Scopes scopes = new ResolveVariables(environment.target(), environment.diagnostics()).resolve(probe.probe());
            probe.groups().forEach(group -> units.add(new TypedScript.Unit(probe.probe(), group, scopes, new TypedScript.Facts())));
        }
        var kept = environment.diagnostics();
        for (int walk = 0; walk < MAX_WALKS; walk++) {
            var trial = new Diagnostics();
            walk(units, maps, trial, false);
            if (!maps.changed()) {
                break;
            }
        }
        walk(units, maps, kept, true);
        warnOfUnused(bound.script(), maps);
        checkMaps(bound, maps, kept);
        if (!kept.hasErrors()) {
            units.forEach(unit -> {
                TypeExpressions expressions = new TypeStatements(environment, unit, maps, true).expressions();
                new RequireValues(kept, unit, expressions).check();
                new WarnOfConversions(kept, unit, maps, expressions).check();
            });
            checkParts(maps, kept);
        }
        return new TypedScript(units, maps, environment.settings());
    }

    private void walk(List<TypedScript.Unit> units, MapFacts maps, Diagnostics diagnostics, boolean last) {
        var walking = new Environment(
                environment.target(), environment.types(), environment.constants(), environment.parameters(), environment.settings(), diagnostics);
        for (TypedScript.Unit unit : units) {
            var statements = new TypeStatements(walking, unit, maps, last);
            // A variable may be read in a loop before the assignment that widens it: once more settles it.
            statements.probe();
            if (last || statements.widened()) {
                statements.probe();
            }
        }
    }

    private void declare(Script script, MapFacts maps) {
        for (Script.MapDeclaration declaration : script.maps()) {
            MapFacts.MapFact map = maps.of(declaration.name(), declaration.span());
            map.declaredKind = declaration.kind();
            if (!List.of("hash", "lruhash", "percpuhash", "percpulruhash").contains(declaration.kind())) {
                environment.diagnostics().add(declaration.span(), DiagnosticCode.BAD_MAP_USE, "Invalid bpf map type: " + declaration.kind());
            }
            map.maxEntries = (int) declaration.maxEntries().map(environment.constants()::evaluate).orElse(OptionalLong.empty()).orElse(0);
            if (map.maxEntries < 1 && declaration.maxEntries().isPresent()) {
                environment.diagnostics().add(declaration.maxEntries().get().span(), DiagnosticCode.OUT_OF_RANGE,
                        "The size of a map must be a positive number");
            }
        }
    }

    private void warnOfUnused(Script script, MapFacts maps) {
        for (Script.MapDeclaration declaration : script.maps()) {
            MapFacts.MapFact map = maps.of(declaration.name(), declaration.span());
            if (!map.keyed && !map.unkeyed) {
                environment.diagnostics().add(declaration.span(), DiagnosticCode.SUSPICIOUS, "Unused map: " + map.text());
            }
        }
    }

    private static boolean tooLarge(MapFacts.MapFact map) {
        return map.value instanceof Type.Aggregate(var aggregation)
                ? 8L * aggregation.words() > MOST_PER_CPU
                : (long) map.key.size() + map.value.size() > MOST_ENTRY;
    }

    /** Whether nothing says what a value, or a part of it, is. */
    private static boolean isOpen(Type type) {
        return type == Type.NONE || type instanceof Type.Tuple(List<Type> elements) && elements.stream().anyMatch(InferTypes::isOpen)
                || type instanceof Type.Named named && named.elements().stream().anyMatch(InferTypes::isOpen);
    }

    /** Where all else has a value, what has none is a part that is taken from the map itself. */
    private static void checkParts(MapFacts maps, Diagnostics diagnostics) {
        for (MapFacts.MapFact map : maps.all()) {
            if (map.value != Type.NONE && isOpen(map.value) && !diagnostics.hasErrors()) {
                diagnostics.add(map.firstUse, DiagnosticCode.UNDEFINED_MAP, "Undefined map: " + map.text(),
                        "A part of its values comes only from itself.");
            }
        }
    }

    private static void checkMaps(BoundScript bound, MapFacts maps, Diagnostics diagnostics) {
        // The probe that assigns a map may be one that cannot be attached, which has been said already.
        boolean all = true;
        for (BoundScript.Bound probe : bound.probes()) {
            all &= !probe.groups().isEmpty();
        }
        for (MapFacts.MapFact map : maps.all()) {
            if (map.value == Type.NONE && map.declaredKind.isEmpty() && (all || !diagnostics.hasErrors())
                    && !(map.assigned && diagnostics.hasErrors())) {
                String near = Nearest.to(map.name, maps.assigned());
                diagnostics.add(map.firstUse, DiagnosticCode.UNDEFINED_MAP, "Undefined map: " + map.text(),
                        map.assigned ? "Its values come only from itself." : near.isEmpty() ? "Nothing in the script assigns it."
                        : "Did you mean '@" + near + "'?");
            } else if (map.value != Type.NONE && !MapFacts.holds(map.declaredKind, map.value)) {
                diagnostics.add(map.firstUse, DiagnosticCode.BAD_MAP_USE, "A " + map.declaredKind + " map does not hold values of type '"
                        + TypeText.of(map.value) + "'", map.value instanceof Type.Aggregate
                        ? "They are counted on each CPU: declare it percpuhash, or leave the declaration out."
                        : "Each CPU would have its own value: declare it hash or lruhash.");
            } else if (map.key != Type.NONE && tooLarge(map)) {
                diagnostics.add(map.firstUse, DiagnosticCode.TOO_LARGE, "An entry of " + map.text() + " takes more than the kernel allows: "
                        + (map.value instanceof Type.Aggregate ? MOST_PER_CPU + " bytes for each CPU" : MOST_ENTRY + " bytes"));
            } else if (map.keyed && map.key == Type.NONE && !diagnostics.hasErrors()) {
                diagnostics.add(map.firstUse, DiagnosticCode.BAD_MAP_USE,
                        "The type of the key of " + map.text() + " cannot be told: it depends on itself");
            } else if (map.keyed && map.unkeyed && !diagnostics.hasErrors()) {
                diagnostics.add(map.firstUse, DiagnosticCode.BAD_MAP_USE, map.text() + " is used both with a key and without one");
            }
        }
    }
}
