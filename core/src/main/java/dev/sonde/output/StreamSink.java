package dev.sonde.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * A sink over a stream with the buffering of the {@code -B} option. A stream that fails (a closed pipe) fails once; what follows is dropped.
 */
public final class StreamSink implements Sink {
    /** When bytes leave. */
    public enum Buffering {
        /** Whenever there is nothing more to print for now, so that a whole line is never late. */
        LINE,
        /** When the buffer is full and at the end. */
        FULL,
        /** At once. */
        NONE
    }

    private static final int CAPACITY = 1 << 16;

    private final OutputStream stream;
    private final Buffering buffering;
    private final byte[] kept = new byte[CAPACITY];
    private int length;
    private boolean broken;

    public StreamSink(OutputStream stream, Buffering buffering) {
        this.stream = stream;
        this.buffering = buffering;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        if (count > CAPACITY - length) {
            flush();
        }
        if (count > CAPACITY) {
            send(bytes, offset, count);
            return;
        }
        System.arraycopy(bytes, offset, kept, length, count);
        length += count;
        if (buffering == Buffering.NONE) {
            flush();
        }
    }

    @Override
    public void pause() {
        if (buffering == Buffering.LINE) {
            flush();
        }
    }

    @Override
    public void flush() {
        int count = length;
        length = 0;
        send(kept, 0, count);
    }

    private void send(byte[] bytes, int offset, int count) {
        if (broken || count == 0) {
            return;
        }
        try {
            stream.write(bytes, offset, count);
            stream.flush();
        } catch (IOException e) {
            broken = true;
            throw new UncheckedIOException(e);
        }
    }
}
