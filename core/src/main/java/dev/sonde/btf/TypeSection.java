package dev.sonde.btf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.Arrays;

/**
 * The type section, little-endian, and where in it each type starts.
 *
 * <p>Grammar ({@code struct btf_type}, then what the kind adds):
 * <pre>
 * Type   --&gt; name_off:u32 Info (size | type):u32 KindData
 * Info   --&gt; vlen: bits 0-23 (0-15 before Linux 7.2, the rest 0), kind: bits 24-30, kind_flag: bit 31
 * Layout --&gt; (info_sz:u8 elem_sz:u8 flags:u16)*    from Linux 7.2, one per kind: KindData is info_sz + vlen * elem_sz bytes
 * </pre>
 *
 * <p>The two passes over all types run before the JVM has compiled them. So they read a plain array, keep fields in locals, and go in short
 * calls: a method is compiled after some hundred calls, a loop only after 60,000 turns.
 */
final class TypeSection {
    private static final String SECTION = "BTF types";
    private static final int HEAD = 12;
    private static final int KINDS = 128;
    private static final int STRIDE = 64;
    /** Larger than any section, so that a type of unknown kind seems to end outside. */
    private static final int UNKNOWN = 1 << 30;
    private static final int LARGEST_ELEMENT = 64;
    // Bytes that each kind has after the first 12, once and per element of vlen, in the order of their numbers.
    private static final byte[] ONCE = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
    private static final byte[] EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int firstId;
    private final int[] sizes = new int[KINDS];
    private final byte[] elementSizes = Arrays.copyOf(EACH, KINDS);
    private int[] starts;
    private int count;

    /** The types in {@code bytes} from {@code from} to {@code to}, with ids from {@code firstId}; {@code layout} is empty where there is none. */
    TypeSection(byte[] bytes, int from, int to, int firstId, Cursor layout) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.firstId = firstId;
        this.starts = new int[(to - from) / 24 + STRIDE];
        knownSizes();
        laidOutSizes(layout);
        index();
    }

    /** Id of the first type in this section. */
    int firstId() {
        return firstId;
    }

    /** The id after the last type's. */
    int endId() {
        return firstId + count;
    }

    /** Index of the first 32-bit word of type {@code id}, which is in this section. */
    int start(int id) {
        return starts[id - firstId] - from >>> 2;
    }

    /** The 32-bit word at {@code index}. */
    int word(int index) {
        return wordAt(from + 4 * index);
    }

    private int wordAt(int at) {
        return bytes[at] & 255 | (bytes[at + 1] & 255) << 8 | (bytes[at + 2] & 255) << 16 | bytes[at + 3] << 24;
    }

    /** The {@code name_off} of the type at {@code start}. */
    int nameOffset(int start) {
        return word(start);
    }

    /** The wire number of the kind of the type at {@code start}. */
    int kind(int start) {
        return word(start + 1) >>> 24 & 0x7f;
    }

    /** The {@code vlen} of the type at {@code start}. */
    int vlen(int start) {
        return word(start + 1) & 0xffffff;
    }

    /** The {@code kind_flag} of the type at {@code start}. */
    boolean kindFlag(int start) {
        return word(start + 1) < 0;
    }

    /** The {@code size} or {@code type} of the type at {@code start}. */
    int sizeOrType(int start) {
        return word(start + 2);
    }

    /** An error at word {@code index}. */
    MalformedException malformed(int index, String expectation) {
        return new MalformedException(SECTION, 4L * index, expectation);
    }

    /** The first id of {@code kind} whose name is {@code name}; 0 when there is none. */
    int find(int kind, byte[] name, StringSection strings) {
        int end = endId();
        int id = next(kind, firstId);
        while (id < end && !strings.is(nameOffset(start(id)), name)) {
            id = next(kind, id + 1);
        }
        return id < end ? id : 0;
    }

    /** The first id of {@code kind} from {@code from} on; {@link #endId()} when there is none. */
    int next(int kind, int from) {
        int end = endId();
        int id = from;
        while (id < end) {
            int stop = Math.min(id + STRIDE, end);
            id = nextWithin(kind, id, stop);
            if (id < stop) {
                return id;
            }
        }
        return end;
    }

    private int nextWithin(int kind, int from, int to) {
        byte[] data = bytes;
        int[] all = starts;
        int last = to - firstId;
        int i = from - firstId;
        while (i < last && (data[all[i] + 7] & 0x7f) != kind) {
            i++;
        }
        return i + firstId;
    }

    private void knownSizes() {
        Arrays.fill(sizes, UNKNOWN);
        for (int kind = 1; kind < ONCE.length; kind++) {
            sizes[kind] = HEAD + ONCE[kind];
        }
    }

    private void laidOutSizes(Cursor layout) {
        for (int kind = 0; kind < KINDS && layout.remaining() >= 4; kind++) {
            int size = layout.u8();
            int elementSize = layout.u8();
            layout.skip(2);
            if (kind >= ONCE.length) {
                if (size % 4 != 0 || elementSize % 4 != 0 || elementSize > LARGEST_ELEMENT) {
                    throw layout.malformed("sizes that are multiples of 4 for kind " + kind + ", not " + size + " and " + elementSize);
                }
                sizes[kind] = HEAD + size;
                elementSizes[kind] = (byte) elementSize;
            }
        }
    }

    private void index() {
        int at = from;
        while (at < to) {
            if (count + STRIDE > starts.length) {
                starts = Arrays.copyOf(starts, starts.length * 2);
            }
            at = indexSome(at);
        }
    }

    private int indexSome(int first) {
        byte[] data = bytes;
        int[] all = starts;
        int[] size = sizes;
        byte[] elementSize = elementSizes;
        int end = to - HEAD;
        int at = first;
        int n = count;
        int last = n + STRIDE;
        while (n < last && at <= end) {
            all[n++] = at;
            int kind = data[at + 7] & 0x7f;
            int each = elementSize[kind];
            int more = each == 0 ? 0 : each * (data[at + 4] & 255 | (data[at + 5] & 255) << 8 | (data[at + 6] & 255) << 16);
            at += size[kind] + more;
        }
        count = n;
        if (at > end && at != to) {
            throw cutOff(at);
        }
        return at;
    }

    /** The error for types that end at {@code at}, which is not where the section ends. */
    private MalformedException cutOff(int at) {
        if (at < to) {
            return malformed(at - from >>> 2, "a type of at least " + HEAD + " bytes; " + (to - at) + " are left");
        }
        int start = start(endId() - 1);
        String end = "that ends within the section's " + (to - from) + " bytes";
        return sizes[kind(start)] == UNKNOWN
            ? malformed(start, "a known kind, not " + kind(start))
            : malformed(start, "a type of kind " + kind(start) + " and vlen " + vlen(start) + " " + end);
    }
}
