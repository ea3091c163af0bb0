package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Names are nouns of the field, and packages keep their types to themselves. */
class NamesTest {
    private static final List<String> ENDINGS = List.of("Utils", "Util", "Helpers", "Manager", "Handler", "Impl");
    /** A helper is a function that the kernel offers to programs, and nothing else. */
    private static final Set<String> OF_THE_KERNEL = Set.of("BpfHelper", "CallHelper");
    private static final Set<String> PACKAGES = Set.of("util", "utils", "common", "core", "impl", "misc", "helper", "helpers", "internal");
    private static final int PUBLIC_TYPES = 12;
    /**
     * Packages that have more public types on purpose: the kernel's interface and formats have as many nouns as they have, and trees and records of
     * data are read by others.
     */
    private static final Map<String, Integer> MORE = Map.of("sys", 25, "asm", 20, "btf", 20, "elf", 25, "ir", 15, "output", 15, "target", 15,
            "linux", 20);

    @Test
    void noTypeHasAnEmptyEnding() {
        var bad = new TreeSet<String>();
        for (JavaClass type : ProjectClasses.all()) {
            String name = type.getSimpleName();
            if (ENDINGS.stream().anyMatch(name::endsWith) || name.startsWith("Abstract") || name.startsWith("Sonde")
                    || name.endsWith("Helper") && !OF_THE_KERNEL.contains(name)) {
                bad.add(type.getName());
            }
        }
        assertThat(bad).isEmpty();
    }

    @Test
    void noPackageIsNamedForNothing() {
        assertThat(ProjectSources.packages()).extracting(path -> path.getFileName().toString()).doesNotContainAnyElementsOf(PACKAGES);
    }

    @Test
    void everyPackageSaysWhatItIsAndWhereToStart() {
        for (Path directory : ProjectSources.packages()) {
            Path info = directory.resolve("package-info.java");
            assertThat(Files.exists(info)).as(info.toString()).isTrue();
            assertThat(ProjectSources.text(info).replaceAll("[\\s*]+", " ")).as(info.toString()).contains("Start with");
        }
    }

    @Test
    void packagesKeepMostTypesToThemselves() {
        var published = new TreeMap<String, Set<String>>();
        for (JavaClass type : ProjectClasses.all()) {
            if (ProjectClasses.isOurs(type) && type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.getSimpleName().equals("package-info")) {
                published.computeIfAbsent(ProjectClasses.packageOf(type), _ -> new TreeSet<>()).add(type.getSimpleName());
            }
        }
        var over = new ArrayList<String>();
        published.forEach((name, types) -> {
            if (types.size() > MORE.getOrDefault(name, PUBLIC_TYPES)) {
                over.add(name + " " + types.size() + ": " + types);
            }
        });
        assertThat(over).isEmpty();
    }
}
