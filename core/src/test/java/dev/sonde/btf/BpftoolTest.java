package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.KERNEL;
import static dev.sonde.btf.BtfSamples.bpftool;
import static dev.sonde.btf.BtfSamples.kernel;
import static dev.sonde.btf.BtfSamples.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader, the writer and the C text against bpftool. */
class BpftoolTest {
    private static final BtfKind[] DEFINED = {BtfKind.STRUCT, BtfKind.UNION, BtfKind.ENUM, BtfKind.ENUM64};

    @Test
    void everyTypeOfTheKernelIsWhatBpftoolReads() throws Exception {
        assertSameLines(RawDump.of(kernel()), bpftool(KERNEL));
    }

    @Test
    void kernelTypesWrittenAgainAreTheSameForBpftool(@TempDir Path directory) throws Exception {
        Btf kernel = kernel();
        BtfWriter writer = new BtfWriter();
        for (int id = 1; id < kernel.typeCount(); id++) {
            assertThat(writer.add(kernel.type(id))).isEqualTo(id);
        }
        byte[] blob = writer.toBytes();
        Path copy = Files.write(directory.resolve("copy.btf"), blob);
        String original = RawDump.of(kernel);
        assertSameLines(RawDump.of(read(blob)), original);
        assertSameLines(original, bpftool(copy));
    }

    @Test
    void compiledObjectIsWhatBpftoolReads(@TempDir Path directory) throws Exception {
        Path copy = Files.write(directory.resolve("mini.btf"), BtfSamples.mini());
        assertSameLines(RawDump.of(read(BtfSamples.mini())), bpftool(copy));
    }

    @Test
    void definitionsOfTheKernelAreWhatBpftoolPrints() throws Exception {
        Btf kernel = kernel();
        Set<String> ours = definitions(kernel);
        List<String> missing = new ArrayList<>();
        int compared = 0;
        for (String block : bpftool(KERNEL, "format", "c").split("\n\n")) {
            if (isComparable(block)) {
                compared++;
                if (!ours.contains(block)) {
                    missing.add(block);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(compared).isGreaterThan(5000);
    }

    /** Leaves out what bpftool renames because it clashes ({@code name___2}), unnamed enums, and narrow enums, whose mode old versions drop. */
    private static boolean isComparable(String block) {
        boolean named = block.startsWith("struct ") || block.startsWith("union ") || block.startsWith("enum ") && !block.startsWith("enum {");
        return named && block.contains("{") && !block.contains("___");
    }

    private static Set<String> definitions(Btf btf) {
        CRenderer renderer = new CRenderer(btf);
        Set<String> all = new HashSet<>();
        for (BtfKind kind : DEFINED) {
            btf.forEach(kind, id -> {
                String text = renderer.definition(id);
                all.add(text);
                all.add(text.replaceAll(" __attribute__\\(\\(mode\\(\\w+\\)\\)\\);$", ";"));
            });
        }
        return all;
    }

    private static void assertSameLines(String ours, String bpftool) throws IOException {
        // Versions differ in a comma after the type of a variable.
        String[] expected = bpftool.replace(", linkage=", " linkage=").split("\n");
        String[] actual = ours.split("\n");
        for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
            if (!expected[i].equals(actual[i])) {
                assertThat(actual[i]).as("line " + i).isEqualTo(expected[i]);
            }
        }
        assertThat(actual).hasSameSizeAs(expected);
    }
}
