package dev.sonde.builtins;

import java.util.Optional;

/** Reads IP addresses as inet_pton(3) does: four decimal numbers, or the forms of RFC 4291 section 2.2. */
final class IpAddress {
    private static final int GROUPS = 8;

    private IpAddress() {}

    /** The 4 or 16 bytes of an address in network order; empty for what is none. */
    static Optional<byte[]> bytes(String text) {
        return text.indexOf(':') < 0 ? four(text) : sixteen(text);
    }

    private static Optional<byte[]> four(String text) {
        String[] parts = parts(text, '.');
        byte[] bytes = new byte[4];
        if (parts.length != 4) {
            return Optional.empty();
        }
        for (int i = 0; i < 4; i++) {
            int number = number(parts[i], 10, 3);
            if (number < 0 || number > 255 || parts[i].length() > 1 && parts[i].charAt(0) == '0') {
                return Optional.empty();
            }
            bytes[i] = (byte) number;
        }
        return Optional.of(bytes);
    }

    private static Optional<byte[]> sixteen(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        byte[] start = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        byte[] end = groups(gap < 0 ? "" : text.substring(gap + 2), true);
        if (start == null || end == null || (gap < 0 ? start.length != 2 * GROUPS : start.length + end.length > 2 * GROUPS - 2)) {
            return Optional.empty();
        }
        byte[] bytes = new byte[2 * GROUPS];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(end, 0, bytes, bytes.length - end.length, end.length);
        return Optional.of(bytes);
    }

    /** The bytes of groups of up to four hexadecimal digits, the last of which may be an IPv4 address; null when they are none. */
    private static byte[] groups(String text, boolean last) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = parts(text, ':');
        String tail = parts[parts.length - 1];
        boolean four = last && tail.indexOf('.') >= 0;
        byte[] bytes = new byte[2 * parts.length + (four ? 2 : 0)];
        for (int i = 0; i < parts.length - (four ? 1 : 0); i++) {
            int number = number(parts[i], 16, 4);
            if (number < 0) {
                return null;
            }
            bytes[2 * i] = (byte) (number >> 8);
            bytes[2 * i + 1] = (byte) number;
        }
        if (four) {
            Optional<byte[]> inner = four(tail);
            if (inner.isEmpty()) {
                return null;
            }
            System.arraycopy(inner.get(), 0, bytes, bytes.length - 4, 4);
        }
        return bytes;
    }

    private static String[] parts(String text, char separator) {
        return text.split(separator == '.' ? "\\." : ":", GROUPS + 2);
    }

    private static int number(String text, int radix, int most) {
        if (text.isEmpty() || text.length() > most) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0 || text.charAt(i) > 'f') {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }
}
