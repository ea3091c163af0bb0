package dev.sonde.btf;

/**
 * Writes the unnamed bit fields that stand for a struct's holes.
 *
 * <p>A hole that the next member's alignment makes needs none. Any other one gets {@code long: 0;}, which moves on to the next boundary of a
 * {@code long}, and then {@code long: 64;} as often as it fits; narrower types do the same where {@code long} would go too far.
 */
final class Padding {
    private static final String[] NAMES = {"long", "int", "short", "char"};
    private static final int[] BITS = {64, 32, 16, 8};
    /** A hole of more lines than this has been made to fill a disk. */
    private static final int LINES = 4096;

    private final StringBuilder text;
    private final int level;
    private long end;
    private boolean afterBitfield;

    Padding(StringBuilder text, int level) {
        this.text = text;
        this.level = level;
    }

    /** Pads up to {@code member}, which has {@code size} bits and an alignment of {@code alignment} bytes. */
    void before(Member member, int alignment, long size) {
        fill(member.bitOffset(), alignment, afterBitfield && member.isBitfield());
        end = member.bitOffset() + size;
        afterBitfield = member.isBitfield();
    }

    /** Pads up to the size of {@code struct}. */
    void atEnd(BtfType.Composite struct, int alignment) {
        fill(struct.size() * 8, alignment, false);
    }

    private void fill(long next, int alignment, boolean inBitfield) {
        if (next <= end) {
            return;
        }
        int type = widestThatStops(next);
        long boundary = roundUp(end, BITS[type]);
        if (boundary > next) {
            emit(type, next - end);
            return;
        }
        if (boundary > end && needsBoundary(next, boundary, alignment, inBitfield)) {
            emit(type, inBitfield ? boundary - end : 0);
        }
        whole(type, boundary, next);
    }

    private boolean needsBoundary(long next, long boundary, int alignment, boolean inBitfield) {
        if (inBitfield) {
            return true;
        }
        return next == boundary ? roundUp(end, 8L * alignment) != boundary : next - boundary <= boundary - end;
    }

    private void whole(int type, long from, long next) {
        long at = from;
        for (int lines = 0; at + BITS[type] <= next && lines < LINES; lines++) {
            emit(type, BITS[type]);
            at += BITS[type];
        }
        if (at < next && next - at < BITS[type]) {
            emit(narrowestFor(next - at), next - at);
        }
    }

    /** The widest type with a boundary between the end and {@code next}; the narrowest when none has. */
    private int widestThatStops(long next) {
        int type = 0;
        while (type < BITS.length - 1 && roundUp(end, BITS[type]) > next) {
            type++;
        }
        return type;
    }

    private static int narrowestFor(long bits) {
        int type = BITS.length - 1;
        while (BITS[type] < bits) {
            type--;
        }
        return type;
    }

    private static long roundUp(long value, long unit) {
        return (value + unit - 1) / unit * unit;
    }

    private void emit(int type, long bits) {
        CText.indent(text.append('\n'), level).append(NAMES[type]).append(": ").append(bits).append(';');
    }
}
