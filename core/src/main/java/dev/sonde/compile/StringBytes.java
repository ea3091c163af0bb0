package dev.sonde.compile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of a string literal: text as UTF-8, and the bytes that were written by number, which the parser keeps as lone surrogates. */
final class StringBytes {
    private StringBytes() {}

    /** The bytes, without a final NUL. */
    static byte[] of(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < value.length(); i++) {
            if (raw(value.charAt(i)) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)))) {
                return mixed(value);
            }
        }
        return bytes;
    }

    private static boolean raw(char c) {
        return c >= 0xdc80 && c <= 0xdcff;
    }

    private static byte[] mixed(String value) {
        var out = new ByteArrayOutputStream(value.length());
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            if (raw(value.charAt(i)) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)))) {
                out.writeBytes(value.substring(from, i).getBytes(StandardCharsets.UTF_8));
                out.write(value.charAt(i) & 0xff);
                from = i + 1;
            }
        }
        out.writeBytes(value.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
