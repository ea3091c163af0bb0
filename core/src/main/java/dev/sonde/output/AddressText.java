package dev.sonde.output;

/** Network addresses as text: IPv4 with dots, IPv6 as inet_ntop(3) and RFC 5952 have it, MAC addresses in upper case. */
final class AddressText {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private AddressText() {}

    /** An address after its 8 bytes of family; nothing for another family. */
    static void inet(TextBuffer out, byte[] b, int at) {
        long family = LittleEndian.int64(b, at);
        if (family == AF_INET) {
            dotted(out, b, at + 8);
        } else if (family == AF_INET6) {
            colons(out, b, at + 8);
        }
    }

    /** Six bytes with colons. */
    static void mac(TextBuffer out, byte[] b, int at) {
        for (int i = 0; i < 6; i++) {
            if (i > 0) {
                out.put(':');
            }
            out.upperHexByte(b[at + i]);
        }
    }

    private static void dotted(TextBuffer out, byte[] b, int at) {
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                out.put('.');
            }
            out.decimal(b[at + i] & 0xff);
        }
    }

    private static void colons(TextBuffer out, byte[] b, int at) {
        int zeros = longestZeros(b, at);
        int zerosEnd = zeros < 0 ? -1 : zeros + zerosFrom(b, at, zeros);
        boolean dotted = zeros == 0 && (zerosEnd == 6 || zerosEnd == 5 && group(b, at, 5) == 0xffff);
        int groups = dotted ? 6 : 8;
        for (int i = 0; i < groups; i++) {
            if (i == zeros) {
                out.put(':');
                i = Math.min(zerosEnd, groups) - 1;
                if (i == groups - 1) {
                    out.put(':');
                }
                continue;
            }
            if (i > 0) {
                out.put(':');
            }
            out.hex(group(b, at, i));
        }
        if (dotted) {
            if (zerosEnd == 5) {
                out.put(':');
            }
            dotted(out, b, at + 12);
        }
    }

    private static int group(byte[] b, int at, int index) {
        return (b[at + 2 * index] & 0xff) << 8 | b[at + 2 * index + 1] & 0xff;
    }

    private static int zerosFrom(byte[] b, int at, int index) {
        int count = 0;
        while (index + count < 8 && group(b, at, index + count) == 0) {
            count++;
        }
        return count;
    }

    /** Where the first of the longest runs of two or more zero groups starts; -1 for none. */
    private static int longestZeros(byte[] b, int at) {
        int best = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = zerosFrom(b, at, i);
            if (run > length) {
                best = i;
                length = run;
            }
        }
        return best;
    }
}
