package dev.sonde.output;

/** Where printed bytes go. */
public interface Sink {
    /** Takes {@code length} bytes; they are the caller's again on return. */
    void write(byte[] bytes, int offset, int length);

    /** Nothing more is to be printed for now: the session is about to wait for events. */
    void pause();

    /** Hands on everything that was kept back. */
    void flush();
}
