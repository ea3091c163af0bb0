package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arrows between packages. This table is the source; docs/adr/0001 says why it is as it is. */
class LayersTest {
    /** A package, its level, and what it may use. */
    private record Layer(int level, Set<String> uses) {}

    private static final Map<String, Layer> LAYERS = new LinkedHashMap<>();

    static {
        layer(0, "bytes");
        layer(0, "source");
        layer(0, "demangle");
        layer(1, "elf", "bytes");
        layer(1, "dwarf", "bytes");
        layer(1, "gosym", "bytes");
        layer(1, "btf", "bytes");
        layer(1, "asm", "bytes", "source");
        layer(1, "syntax", "source");
        layer(2, "sys", "bytes");
        layer(2, "target", "elf", "dwarf", "gosym", "btf", "demangle", "bytes");
        layer(2, "types", "btf", "source");
        layer(3, "spec", "asm", "types", "btf", "source");
        layer(3, "ir", "types", "asm", "source");
        layer(3, "linux", "sys", "target", "elf", "dwarf", "gosym", "btf", "demangle", "bytes");
        layer(4, "probes", "syntax", "types", "ir", "target", "spec", "asm", "btf", "source");
        layer(4, "link", "spec", "sys", "linux");
        layer(4, "symbols", "spec", "linux", "elf", "dwarf", "gosym", "demangle", "bytes");
        layer(5, "builtins", "probes", "target", "syntax", "types", "ir", "spec", "asm", "btf", "source");
        layer(5, "output", "spec", "types", "symbols", "bytes", "source");
        layer(6, "compile", "builtins", "probes", "syntax", "types", "ir", "target", "spec", "asm", "btf", "source");
        layer(6, "session", "spec", "types", "asm", "btf", "link", "sys", "linux", "symbols", "output", "source", "bytes");
        layer(7, "cli", "compile", "session", "builtins", "probes", "spec", "types", "asm", "btf", "elf", "syntax", "target", "linux",
                "sys", "output", "source");
    }

    private static void layer(int level, String name, String... uses) {
        LAYERS.put(name, new Layer(level, Set.of(uses)));
    }

    @Test
    void everyPackageStandsInTheTable() {
        assertThat(arrows().keySet()).isSubsetOf(LAYERS.keySet());
    }

    @Test
    void noPackageUsesMoreThanItsRow() {
        var others = new TreeMap<String, Set<String>>();
        arrows().forEach((name, used) -> {
            var more = new TreeSet<>(used);
            more.removeAll(LAYERS.get(name).uses());
            if (!more.isEmpty()) {
                others.put(name, more);
            }
        });
        assertThat(others).isEmpty();
    }

    @Test
    void everyArrowPointsDownSoThatThereAreNoCycles() {
        LAYERS.forEach((name, layer) -> layer.uses().forEach(used ->
                assertThat(LAYERS.get(used).level()).as(name + " -> " + used).isLessThan(layer.level())));
    }

    @Test
    void compileAndSessionNeverMeet() {
        assertThat(reached("compile")).doesNotContain("session", "link", "linux", "sys", "output", "symbols");
        assertThat(reached("session")).doesNotContain("compile", "builtins", "probes", "syntax", "ir");
    }

    private static Set<String> reached(String from) {
        var reached = new TreeSet<String>();
        var open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            for (String next : LAYERS.get(open.poll()).uses()) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private static Map<String, Set<String>> arrows() {
        var arrows = new TreeMap<String, Set<String>>();
        for (JavaClass type : ProjectClasses.all()) {
            if (ProjectClasses.isOurs(type)) {
                Set<String> used = arrows.computeIfAbsent(ProjectClasses.packageOf(type), _ -> new TreeSet<>());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (ProjectClasses.isOurs(target) && !ProjectClasses.packageOf(target).equals(ProjectClasses.packageOf(type))) {
                        used.add(ProjectClasses.packageOf(target));
                    }
                }
            }
        }
        return arrows;
    }
}
