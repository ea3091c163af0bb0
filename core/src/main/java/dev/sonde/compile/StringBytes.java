package dev.sonde.compile;

import java.nio.charset.StandardCharsets;

/** The bytes of a string literal: text as UTF-8. */
final class StringBytes {
    private StringBytes() {}

    /** The bytes, without a final NUL. */
    static byte[] of(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
