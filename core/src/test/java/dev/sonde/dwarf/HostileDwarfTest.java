package dev.sonde.dwarf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged debug information: whatever it says, reading ends, and with nothing but a MalformedException. */
class HostileDwarfTest {
    private static final int ROUNDS = 250;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4 -O2", "gcc -gdwarf-5 -O2", "g++ -gdwarf-5 -fdebug-types-section -O1", "gcc -gdwarf-3 -gstrict-dwarf -O1"})
    void damagedSectionsAreRefusedOrRead(String command) throws IOException, InterruptedException {
        String[] words = command.split(" ");
        String text = words[0].equals("gcc") ? CompiledProgram.C : "namespace a { class b { int c; public: int d(int e) { return e + c; } }; } "
                + "int main(int f, char **) { a::b g = a::b(); return g.d(f); }";
        Path program = CompiledProgram.of(directory, words[0], text, Arrays.copyOfRange(words, 1, words.length));
        Map<String, byte[]> sections = sections(program);
        Random random = new Random(20260101);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            refused += readAll(damaged(sections, random)) ? 0 : 1;
        }
        assertThat(readAll(sections)).isTrue();
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS);
    }

    private static Map<String, byte[]> sections(Path program) throws IOException {
        Map<String, byte[]> sections = new HashMap<>();
        try (ElfFile elf = ElfFile.open(program)) {
            for (Section section : elf.sections()) {
                if (section.name().startsWith(".debug_")) {
                    Cursor contents = elf.contents(section);
                    sections.put(section.name(), contents.bytes(contents.size()));
                }
            }
        }
        return sections;
    }

    private static Map<String, byte[]> damaged(Map<String, byte[]> sections, Random random) {
        Map<String, byte[]> damaged = new HashMap<>(sections);
        String[] names = sections.keySet().stream().sorted().toArray(String[]::new);
        String name = names[random.nextInt(names.length)];
        byte[] bytes = sections.get(name).clone();
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        }
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        damaged.put(name, bytes);
        return damaged;
    }

    /** Reads everything there is; whether nothing was malformed. */
    private static boolean readAll(Map<String, byte[]> sections) {
        boolean whole = true;
        Dwarf dwarf = Dwarf.of(name -> Optional.ofNullable(sections.get(name)).map(bytes -> Cursor.of(bytes, name)));
        whole &= reads(() -> dwarf.subprogramAt(0x1139));
        whole &= reads(() -> new NameSearch(dwarf, "twice").inlined());
        whole &= reads(() -> new NameSearch(dwarf, "node").anywhere(Tag::isAggregate));
        whole &= reads(() -> {
            for (Unit unit : dwarf.units()) {
                unit.lines().ifPresent(LineTable::rows);
                for (Entry entry : unit.entries()) {
                    read(entry);
                }
            }
        });
        return whole;
    }

    private static void read(Entry entry) {
        entry.name();
        entry.linkageName();
        entry.type();
        entry.ranges();
        entry.entryPc().ifPresent(entry::location);
        entry.location(0x1139).flatMap(Expression::place);
        for (Attribute attribute : Attribute.values()) {
            entry.text(attribute);
            entry.constant(attribute);
            entry.reference(attribute);
        }
    }

    private static boolean reads(Runnable reader) {
        try {
            reader.run();
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void aMissingSectionIsNamed() throws IOException, InterruptedException {
        Map<String, byte[]> sections = sections(CompiledProgram.of(directory, "gcc", CompiledProgram.C, "-g"));
        sections.remove(".debug_abbrev");
        Dwarf dwarf = Dwarf.of(name -> Optional.ofNullable(sections.get(name)).map(bytes -> Cursor.of(bytes, name)));
        assertThatThrownBy(() -> dwarf.units().iterator().next()).isInstanceOf(MalformedException.class).hasMessageContaining(".debug_abbrev");
    }
}
