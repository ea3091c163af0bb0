package dev.sonde.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Files of /proc and /sys, whose size is not known before they are read. */
final class PseudoFile {
    private PseudoFile() {
    }

    /** The whole file; empty when it cannot be read. */
    static Optional<byte[]> bytes(String path) {
        try (FileInputStream in = new FileInputStream(path)) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The whole file as text. */
    static Optional<String> text(String path) {
        return bytes(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The first line. */
    static Optional<String> line(String path) {
        return text(path).map(text -> text.indexOf('\n') < 0 ? text : text.substring(0, text.indexOf('\n')));
    }
}
