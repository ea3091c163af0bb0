package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.linux.PerfMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JitMapTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path directory;

    private static String name(JitMap map, long address, long now) {
        return map.lookup(address, now).map(PerfMap.Function::name).orElse("");
    }

    @Test
    void mapIsReadAgainWhenItHasGrownAndKeptWhenItGoes() throws IOException {
        Path file = directory.resolve("perf-1.map");
        JitMap map = new JitMap(file.toString(), 0);
        assertThat(name(map, 0x1010, 0)).isEmpty();
        Files.writeString(file, "1000 20 LazyCompile:~a file.js:1\n");
        assertThat(name(map, 0x1010, SECOND)).isEqualTo("LazyCompile:~a file.js:1");
        assertThat(name(map, 0x2000, SECOND)).isEmpty();
        Files.writeString(file, "2000 10 b\n1000 20 c\n", StandardOpenOption.APPEND);
        assertThat(name(map, 0x2000, 60 * SECOND)).isEqualTo("b");
        assertThat(name(map, 0x1010, 60 * SECOND)).isEqualTo("c");
        Files.delete(file);
        assertThat(name(map, 0x1010, 120 * SECOND)).isEqualTo("c");
    }

    @Test
    void mapLeftBehindByAnEarlierProcessIsPassedOver() throws IOException {
        Path file = Files.writeString(directory.resolve("perf-1.map"), "1000 20 a\n");
        assertThat(name(new JitMap(file.toString(), System.currentTimeMillis() + 60_000), 0x1010, 0)).isEmpty();
        assertThat(name(new JitMap(file.toString(), System.currentTimeMillis() - 60_000), 0x1010, 0)).isEqualTo("a");
    }

    @Test
    void functionsOfNodeAreNamedWhileItRunsAndAfterwards() throws IOException {
        Path script = Files.writeString(directory.resolve("hot.js"), """
                function hot(n) { let s = 0; for (let i = 0; i < n; i++) s += Math.sqrt(i); return s; }
                for (let k = 0; k < 200; k++) hot(10000);
                console.log('ready');
                process.stdin.resume();
                """);
        try (Symbolizer symbolizer = Running.symbolizer(); Running node = Running.start("node", "--perf-basic-prof", script)) {
            Path map = Path.of("/tmp/perf-" + node.pid() + ".map");
            try {
                Frame frame = named(symbolizer, node.pid(), map);
                node.end();
                assertThat(symbolizer.frame(frame.address(), node.pid(), Naming.FUNCTIONS)).isEqualTo(frame);
            } finally {
                Files.deleteIfExists(map);
            }
        }
    }

    private static Frame named(Symbolizer symbolizer, int pid, Path map) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (String line : Files.readAllLines(map)) {
            if (line.contains("hot ")) {
                long start = Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16);
                frames.add(symbolizer.frame(start + 3, pid, Naming.FUNCTIONS));
            }
        }
        Assumptions.assumeFalse(frames.isEmpty(), "needs a node that compiled the function");
        assertThat(frames).allMatch(frame -> frame instanceof Frame.Jit && frame.location().module().equals(map.toString()) && frame.offset() == 3);
        assertThat(frames.getLast().name()).contains("hot ");
        return frames.getLast();
    }
}
