package dev.sonde.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sidebyside.IntegerTable.Row;
import dev.sonde.sidebyside.IntegerTable.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The kernel runs our code of the table of integers to the same values, and bpftrace still prints what is recorded. */
class IntegersTest {
    @TempDir
    Path directory;

    @TestFactory
    List<DynamicTest> kernelRunsTheTable() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Section section : IntegerTable.read().sections()) {
            tests.add(DynamicTest.dynamicTest(section.head(), () -> {
                Requirements.root();
                List<String> values = section.values(outcome(new SondeHere(), section).output());
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < section.rows().size(); i++) {
                    expected.add(section.rows().get(i).expected(i));
                }
                assertThat(values).containsExactlyElementsOf(expected);
            }));
        }
        return tests;
    }

    /** With {@code -Dupdate} the records are written anew. */
    @TestFactory
    List<DynamicTest> peerPrintsTheTable() throws IOException, InterruptedException {
        Optional<TracerCommand> peer = System.getenv("SONDE_PEER") == null ? Optional.empty() : TracerCommand.peer(directory);
        List<DynamicTest> tests = new ArrayList<>();
        List<Section> updated = new ArrayList<>();
        for (Section section : IntegerTable.read().sections()) {
            tests.add(DynamicTest.dynamicTest(section.head(), () -> {
                Assumptions.assumeTrue(peer.isPresent(), "SONDE_PEER names no bpftrace");
                List<Row> said = said(peer.get(), section);
                updated.add(new Section(section.head(), said));
                if (System.getProperty("update") == null) {
                    assertThat(said).containsExactlyElementsOf(section.rows());
                } else if (updated.size() == IntegerTable.read().sections().size()) {
                    IntegerTable.write(updated);
                }
            }));
        }
        return tests;
    }

    private List<Row> said(Tracer peer, Section section) throws IOException, InterruptedException {
        List<String> values = section.values(outcome(peer, section).output());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Row row = section.rows().get(i);
            String value = row.peer().contains("@") ? values.get(i).replaceAll("@\\w*", row.peer().split("[:\\[]", 2)[0]) : values.get(i);
            rows.add(new Row(row.text(), value, row.signs(), row.reason().isEmpty() ? value : row.ours(), row.reason()));
        }
        return rows;
    }

    private Outcome outcome(Tracer tracer, Section section) throws IOException, InterruptedException {
        return tracer.run(new Case("integers", section.script(), Map.of()), false, directory.resolve("program"));
    }
}
