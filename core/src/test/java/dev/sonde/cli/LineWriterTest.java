package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LineWriter lines = new LineWriter(out);

    @Test
    void linesAreWrittenWhenFlushed() {
        lines.append("uprobe:").append("café").endLine();
        assertThat(out.size()).isZero();
        lines.flush();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("uprobe:café\n");
    }

    @Test
    void manyAndLongLinesComeInOrder() {
        var expected = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String line = i + "x".repeat(i == 200 ? 100_000 : 1_000);
            lines.append(line).endLine();
            expected.append(line).append('\n');
        }
        lines.flush();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void tellsWhetherThereWasAnything() {
        lines.flush();
        assertThat(lines.wrote()).isFalse();
        lines.append("a").flush();
        assertThat(lines.wrote()).isTrue();
    }

    @Test
    void readerThatHasGoneIsNoError() {
        var broken = new LineWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        broken.append("a").endLine();
        broken.flush();
        assertThat(broken.wrote()).isTrue();
    }
}
