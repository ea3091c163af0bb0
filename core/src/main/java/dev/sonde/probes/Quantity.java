package dev.sonde.probes;

import java.util.OptionalLong;

/** Reads the numbers of attach points. */
final class Quantity {
    private static final String[] UNITS = {"ns", "us", "ms", "s", "m", "h", "d"};
    private static final long[] NANOSECONDS = {1, 1_000, 1_000_000, 1_000_000_000L, 60_000_000_000L, 3_600_000_000_000L, 86_400_000_000_000L};

    private Quantity() {}

    /** A decimal or {@code 0x} number of 64 bits, perhaps with {@code _} between digits, perhaps with {@code e} and zeros; empty when it is none. */
    static OptionalLong number(String text) {
        String digits = text.indexOf('_') > 0 ? text.replace("_", "") : text;
        try {
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                return OptionalLong.of(Long.parseUnsignedLong(digits, 2, digits.length(), 16));
            }
            int exponent = digits.indexOf('e');
            if (exponent > 0) {
                long times = Math.powExact(10L, Integer.parseInt(digits, exponent + 1, digits.length(), 10));
                return OptionalLong.of(Math.multiplyExact(Long.parseLong(digits, 0, exponent, 10), times));
            }
            return OptionalLong.of(digits.startsWith("-") ? Long.parseLong(digits) : Long.parseUnsignedLong(digits));
        } catch (ArithmeticException | IllegalArgumentException e) {
            return OptionalLong.empty();
        }
    }

    /** A duration such as {@code 10ms} in nanoseconds; a number without a unit is nanoseconds already. Empty when it is none or too long. */
    static OptionalLong duration(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        long unit = end == text.length() ? 1 : unit(text.substring(end));
        OptionalLong count = number(text.substring(0, end));
        if (unit == 0 || count.isEmpty() || count.getAsLong() < 0 || count.getAsLong() > Long.MAX_VALUE / unit) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(count.getAsLong() * unit);
    }

    /** Nanoseconds of a unit of time; 0 when there is none of that name. */
    static long unit(String name) {
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(name)) {
                return NANOSECONDS[i];
            }
        }
        return 0;
    }
}
