package dev.sonde.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/**
 * The decisions behind a derived script: first those given, then random ones. The same bytes derive the same script; a changed byte one much like it.
 */
final class Choices {
    private final byte[] given;
    private final Random random;
    private final ByteArrayOutputStream made = new ByteArrayOutputStream();

    Choices(byte[] given, Random random) {
        this.given = given;
        this.random = random;
    }

    /** A number from 0 to {@code bound} - 1; {@code bound} is at most 256. */
    int below(int bound) {
        int choice = made.size() < given.length ? given[made.size()] & 0xff : random.nextInt(256);
        made.write(choice);
        return choice % bound;
    }

    /** True once in {@code times}. */
    boolean oneIn(int times) {
        return below(times) == 0;
    }

    <T> T of(List<T> things) {
        return things.get(things.size() <= 256 ? below(things.size()) : (below(256) << 8 | below(256)) % things.size());
    }

    String of(String... things) {
        return things[below(things.length)];
    }

    long number() {
        long number = 0;
        for (int i = 0; i < 8; i++) {
            number = number << 8 | below(256);
        }
        return number;
    }

    /** All decisions so far. */
    byte[] made() {
        return made.toByteArray();
    }
}
