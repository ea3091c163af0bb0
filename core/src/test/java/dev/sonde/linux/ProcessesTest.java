package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.target.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    private static final int SELF = (int) ProcessHandle.current().pid();

    @TempDir
    Path directory;

    @Test
    void processTellsItsNameProgramAndThreads() {
        assertThat(Processes.exists(SELF)).isTrue();
        assertThat(Processes.pids()).contains(SELF, 1).isSorted();
        assertThat(Processes.comm(SELF)).isPresent().isEqualTo(Processes.comm(SELF, SELF));
        assertThat(Processes.executable(SELF).orElseThrow()).endsWith("/bin/java");
        assertThat(Processes.threads(SELF)).contains(SELF).hasSizeGreaterThan(3);
    }

    @Test
    void endedProcessTellsNothing() {
        int none = Integer.MAX_VALUE;
        assertThat(Processes.exists(none)).isFalse();
        assertThat(Processes.comm(none)).isEmpty();
        assertThat(Processes.executable(none)).isEmpty();
        assertThat(Processes.threads(none)).isEmpty();
        assertThat(Processes.startTime(none)).isEmpty();
        assertThat(Processes.mappedFiles(none)).isEmpty();
    }

    @Test
    void startTimeIsField22WhateverTheName() {
        assertThat(Processes.startTime("7 (a) b) (c) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 222 23")).hasValue(222);
        assertThat(Processes.startTime("7 (x) S 4 5")).isEmpty();
        assertThat(Processes.startTime("")).isEmpty();
        String expected = Tool.lines("awk", "{print $22}", "/proc/" + SELF + "/stat").getFirst();
        assertThat(Processes.startTime(SELF)).hasValue(Long.parseLong(expected));
    }

    @Test
    void ownPidAndFilesAreTheSame() {
        assertThat(Processes.namespacePid(SELF)).isEqualTo(SELF);
        assertThat(Processes.sharesFiles(SELF)).isTrue();
        assertThat(Processes.reach(SELF, "/etc/passwd")).isEqualTo("/etc/passwd");
    }

    @Test
    void processInItsOwnNamespacesIsReachedThroughItsRoot() throws Exception {
        Live.root();
        Files.createDirectories(directory.resolve("bin"));
        Path inside = Files.copy(Path.of("/bin/sleep"), directory.resolve("bin/real-sleep"));
        inside.toFile().setExecutable(true);
        Files.createSymbolicLink(directory.resolve("bin/sleep"), Path.of("/bin/real-sleep"));
        Files.createDirectories(directory.resolve("lib"));
        Files.createDirectories(directory.resolve("tmp"));
        for (String library : List.of("/lib", "/lib64", "/usr")) {
            Files.createDirectories(directory.resolve(library.substring(1)));
        }
        Files.createDirectories(directory.resolve("old"));
        String script = "mount --bind $0 $0 && cd $0 && mount --rbind /usr usr && mount --rbind /lib64 lib64 && mount --rbind /lib lib "
                + "&& pivot_root . old && exec /usr/sbin/chroot . /bin/sleep 30";
        Process process = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "bash", "-c", script, directory.toString())
                .redirectErrorStream(true).start();
        try {
            int pid = awaitProgram(process, "sleep");
            assertThat(Processes.sharesFiles(pid)).isFalse();
            assertThat(Processes.reach(pid, "/bin/sleep")).isEqualTo("/proc/" + pid + "/root/bin/real-sleep");
            assertThat(Processes.mappedFiles(pid)).contains("/proc/" + pid + "/root/bin/real-sleep");
            Executables executables = new Executables(Architecture.X86_64, "");
            assertThat(executables.find("/proc/" + pid + "/root/bin/sleep")).containsExactly("/proc/" + pid + "/root/bin/real-sleep");
            assertThat(executables.find("/proc/" + pid + "/root/bin/*sleep")).containsExactly("/proc/" + pid + "/root/bin/real-sleep");
            Files.writeString(directory.resolve("tmp/perf-" + pid + ".map"), "1000 10 compiled\n");
            String map = Processes.perfMap(pid).orElseThrow();
            assertThat(map).isEqualTo("/proc/" + pid + "/root/tmp/perf-" + pid + ".map");
            assertThat(PerfMap.read(map).lookup(0x1008)).map(PerfMap.Function::name).isEqualTo(Optional.of("compiled"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The id of {@code process} once it runs {@code name}. */
    private static int awaitProgram(Process process, String name) throws Exception {
        int pid = (int) process.pid();
        for (int i = 0; i < 200 && process.isAlive(); i++) {
            if (Processes.executable(pid).orElse("").endsWith(name) && Processes.mappedFiles(pid).size() > 1) {
                return pid;
            }
            Thread.sleep(10);
        }
        System.out.println(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        Live.skip("needs unshare, mount and pivot_root to work here");
        return 0;
    }

    @Test
    void mappingsOfAProcessWithAnotherRootAreReached() throws Exception {
        Live.root();
        Files.createDirectories(directory.resolve("lib64"));
        Files.copy(Path.of("/bin/sleep"), directory.resolve("sleep"));
        for (String library : List.of("/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6")) {
            Live.needs(library);
            Files.createDirectories(directory.resolve(library.substring(1)).getParent());
            Files.copy(Path.of(library), directory.resolve(library.substring(1)));
        }
        Process process = new ProcessBuilder("chroot", directory.toString(), "/sleep", "30").start();
        try {
            int pid = awaitProgram(process, "/sleep");
            assertThat(Processes.sharesFiles(pid)).isFalse();
            assertThat(Processes.mappedFiles(pid)).contains(directory.resolve("sleep").toString()).allMatch(path -> Files.exists(Path.of(path)));
            assertThat(Processes.reach(pid, "/sleep")).isEqualTo("/proc/" + pid + "/root/sleep");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void deletedProgramIsReachedThroughItsMapping() throws Exception {
        Live.root();
        Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve("gone"));
        program.toFile().setExecutable(true);
        Process process = new ProcessBuilder(program.toString(), "30").start();
        try {
            int pid = (int) process.pid();
            for (int i = 0; i < 200 && Processes.mappedFiles(pid).size() < 2; i++) {
                Thread.sleep(10);
            }
            byte[] before = Files.readAllBytes(program);
            Files.delete(program);
            String path = Processes.mappedFiles(pid).getFirst();
            assertThat(path).startsWith("/proc/" + pid + "/map_files/");
            assertThat(Files.readAllBytes(Path.of(path))).isEqualTo(before);
            assertThat(Processes.executable(pid).orElseThrow()).endsWith("gone (deleted)");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void linksAreFollowedInsideTheRoot() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("usr/lib"));
        Files.createSymbolicLink(root.resolve("lib"), Path.of("/usr/lib"));
        Files.createSymbolicLink(root.resolve("usr/lib/libc.so"), Path.of("../../usr/lib/libc-2.so"));
        Files.writeString(root.resolve("usr/lib/libc-2.so"), "x");
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../etc"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("/loop"));
        String base = root.toString();
        assertThat(RootedPath.resolve(base, "/lib/libc.so")).isEqualTo(base + "/usr/lib/libc-2.so");
        assertThat(RootedPath.resolve(base, "/up/passwd")).isEqualTo(base + "/etc/passwd");
        assertThat(RootedPath.resolve(base, "/../../etc/./passwd")).isEqualTo(base + "/etc/passwd");
        assertThat(RootedPath.resolve(base, "/loop/x")).isEqualTo(base + "/loop/x");
        assertThat(RootedPath.resolve(base, "/")).isEqualTo(base);
        Files.delete(root.resolve("lib"));
        Files.delete(root.resolve("up"));
    }

    @Test
    void perfMapsAreLookedUpByAddress() {
        PerfMap map = PerfMap.parse("""
                2000 20 second
                1000 100 first name with blanks
                broken
                3000 xx no
                2010 40 replaced by later code
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(map.size()).isEqualTo(3);
        assertThat(map.lookup(0x10ff)).contains(new PerfMap.Function("first name with blanks", 0x1000, 0x100));
        assertThat(map.lookup(0x1100)).isEmpty();
        assertThat(map.lookup(0x200f).orElseThrow().name()).isEqualTo("second");
        assertThat(map.lookup(0x2011).orElseThrow().name()).isEqualTo("replaced by later code");
        assertThat(map.lookup(0xfff)).isEmpty();
        assertThat(PerfMap.parse(new byte[0]).lookup(1)).isEmpty();
        assertThat(PerfMap.read("/no/such/file").size()).isZero();
    }

    @Test
    void laterLineHoldsAtTheSameAddress() {
        PerfMap map = PerfMap.parse("1000 10 old\n1000 10 new".getBytes(StandardCharsets.UTF_8));
        assertThat(map.lookup(0x1000).orElseThrow().name()).isEqualTo("new");
    }
}
