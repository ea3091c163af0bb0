package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.linux.Kallsyms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class KernelSymbolsTest {
    private final KernelSymbols kernel = new KernelSymbols(Kallsyms::read);

    private record Line(String name, long address, String module) {}

    /** Functions of /proc/kallsyms of which each has an address of its own and the next one is at least 16 bytes away. */
    private static List<Line> functions(String filter) throws IOException {
        List<Line> all = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/kallsyms"))) {
            String[] words = line.split("[ \t]+");
            all.add(new Line(words[2], Long.parseUnsignedLong(words[0], 16), words.length > 3 ? words[3] : ""));
        }
        Assumptions.assumeTrue(all.size() > 1000 && all.getLast().address() != 0, "needs kernel addresses in /proc/kallsyms");
        all.sort((a, b) -> Long.compareUnsigned(a.address(), b.address()));
        List<Line> apart = new ArrayList<>();
        for (int i = 1; i + 1 < all.size(); i++) {
            Line line = all.get(i);
            boolean alone = all.get(i - 1).address() != line.address() && all.get(i + 1).address() - line.address() >= 16;
            if (alone && line.address() < 0 && line.module().contains(filter)) {
                apart.add(line);
            }
        }
        return apart;
    }

    @Test
    void framesAreThoseOfKallsyms() throws IOException {
        List<Line> functions = functions("");
        for (int i = 0; i < functions.size(); i += 997) {
            Line line = functions.get(i);
            Frame frame = kernel.frames(new long[] {line.address() + 5}).getFirst();
            assertThat(frame).isInstanceOf(Frame.Kernel.class);
            assertThat(Running.text(frame)).isEqualTo(line.name() + "+5");
            assertThat(frame.location().module()).isEqualTo(line.module());
        }
    }

    @Test
    void moduleIsInBrackets() throws IOException {
        List<Line> functions = functions("[");
        Assumptions.assumeFalse(functions.isEmpty(), "needs a kernel module");
        Line line = functions.getFirst();
        assertThat(kernel.frames(new long[] {line.address()}).getFirst().location().module()).isEqualTo(line.module()).startsWith("[").endsWith("]");
    }

    @Test
    void callerIsNamedByTheCallBeforeTheReturnAddress() throws IOException {
        List<Line> functions = functions("");
        Line line = functions.get(functions.size() / 2);
        List<Frame> frames = kernel.frames(new long[] {line.address(), line.address()});
        assertThat(Running.text(frames.get(0))).isEqualTo(line.name() + "+0");
        assertThat(frames.get(1).name()).isNotEqualTo(line.name());
        assertThat(frames.get(1).address()).isEqualTo(line.address());
    }

    @Test
    void addressesOfNothingStayNumbers() {
        for (long address : new long[] {0, 1, 0x7fffffffffffL}) {
            assertThat(kernel.frames(new long[] {address})).containsExactly(new Frame.Unknown(address, Frame.Location.NONE));
        }
    }
}
