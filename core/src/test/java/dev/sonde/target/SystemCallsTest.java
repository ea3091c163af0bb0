package dev.sonde.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
    @Test
    void numbersDifferByArchitectureAndNewOnesDoNot() {
        assertThat(SystemCalls.number("read", Architecture.X86_64)).hasValue(0);
        assertThat(SystemCalls.number("read", Architecture.ARM64)).hasValue(63);
        assertThat(SystemCalls.number("bpf", Architecture.X86_64)).hasValue(321);
        assertThat(SystemCalls.number("bpf", Architecture.ARM64)).hasValue(280);
        assertThat(SystemCalls.number("pidfd_send_signal", Architecture.X86_64)).hasValue(424);
        assertThat(SystemCalls.number("mseal", Architecture.X86_64)).isEqualTo(SystemCalls.number("mseal", Architecture.ARM64)).hasValue(462);
        assertThat(SystemCalls.number("nothing", Architecture.X86_64)).isEmpty();
    }

    @Test
    void tracepointsAreCalledAfterTheKernelsFunctions() {
        assertThat(SystemCalls.numberOfTracepoint("newfstat", Architecture.X86_64)).hasValue(5);
        assertThat(SystemCalls.numberOfTracepoint("umount", Architecture.X86_64)).hasValue(166);
        assertThat(SystemCalls.numberOfTracepoint("sendfile64", Architecture.ARM64)).hasValue(71);
    }

    @Test
    void namesAreFoundByNumber() {
        assertThat(SystemCalls.name(257, Architecture.X86_64)).contains("openat");
        assertThat(SystemCalls.name(469, Architecture.ARM64)).contains("file_setattr");
        assertThat(SystemCalls.name(400, Architecture.X86_64)).isEmpty();
        assertThat(SystemCalls.name(-1, Architecture.X86_64)).isEmpty();
    }

    @Test
    void numbersAreThoseOfTheHeader() throws IOException {
        Path header = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        needs(header.toString());
        int checked = 0;
        for (String line : Files.readAllLines(header)) {
            String[] words = line.split(" ");
            if (words.length == 3 && words[1].startsWith("__NR_")) {
                assertThat(SystemCalls.number(words[1].substring(5), Architecture.X86_64)).as(line).hasValue(Integer.parseInt(words[2]));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(300);
    }

    @Test
    void everyTracepointOfACallHasANumber() {
        String events = "/sys/kernel/tracing/events/syscalls";
        needs(events);
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"));
        for (String event : new File(events).list()) {
            if (event.startsWith("sys_enter_")) {
                assertThat(SystemCalls.numberOfTracepoint(event.substring(10), Architecture.X86_64)).as(event).isPresent();
            }
        }
    }

    private static void needs(String file) {
        if (!new File(file).exists()) {
            System.out.println("skipped: needs " + file);
        }
        Assumptions.assumeTrue(new File(file).exists());
    }
}
