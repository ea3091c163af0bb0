package dev.sonde.output;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps what is printed. */
final class CapturedSink implements Sink {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public void write(byte[] bytes, int offset, int length) {
        kept.write(bytes, offset, length);
    }

    @Override
    public void pause() {}

    @Override
    public void flush() {}

    byte[] bytes() {
        return kept.toByteArray();
    }

    String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
