package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HelpTest {
    @Test
    void everyOptionIsInTheHelp() {
        String help = Help.text("sonde");
        for (Option option : Option.values()) {
            assertThat(help).contains(option.form()).contains(option.help());
        }
    }

    @Test
    void helpNamesTheCommandItWasStartedBy() {
        assertThat(Help.text("bpftrace")).contains("    bpftrace [options] FILE").doesNotContain("sonde [options]");
    }

    @Test
    void programCalledBpftraceAnswersAsOne() {
        assertThat(Help.version("bpftrace")).startsWith("bpftrace v0.27.1 ");
        assertThat(Help.version("sonde")).startsWith("Sonde " + Help.VERSION);
    }

    @Test
    void versionIsTheProjects() throws IOException {
        assertThat(Files.readString(Path.of("../pom.xml"))).contains("<version>" + Help.VERSION + "</version>");
    }
}
