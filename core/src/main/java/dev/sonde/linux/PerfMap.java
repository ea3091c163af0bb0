package dev.sonde.linux;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Functions that a just-in-time compiler wrote down for perf(1) (tools/perf/Documentation/jit-interface.txt): lines {@code START SIZE name}, both
 * numbers hexadecimal. Where two overlap, the later line holds, because the code was replaced. Immutable.
 */
public final class PerfMap {
    private static final long MAX_SIZE = 256 << 20;
    /** How many functions before an address are looked at: more only overlap in a broken file. */
    private static final int MAX_OVERLAP = 32;

    private final byte[] text;
    private final long[] starts;
    private final long[] sizes;
    /** Where each name begins in the text. */
    private final int[] names;

    private PerfMap(byte[] text, long[] starts, long[] sizes, int[] names) {
        this.text = text;
        this.starts = starts;
        this.sizes = sizes;
        this.names = names;
    }

    /** A function. */
    public record Function(String name, long start, long size) {}

    /** Reads a file; without functions when it cannot be read or is larger than 256 MiB. */
    public static PerfMap read(String path) {
        return parse(new File(path).length() > MAX_SIZE ? new byte[0] : PseudoFile.bytes(path).orElse(new byte[0]));
    }

    /** Lines that are no functions are passed over. */
    static PerfMap parse(byte[] text) {
        int lines = 1;
        for (byte b : text) {
            lines += b == '\n' ? 1 : 0;
        }
        long[] starts = new long[lines];
        long[] sizes = new long[lines];
        int[] names = new int[lines];
        int count = 0;
        for (int at = 0; at < text.length; at = lineEnd(text, at) + 1) {
            int blank = numberEnd(text, at);
            int second = blank + 1;
            int name = numberEnd(text, second) + 1;
            if (blank > at && name > second + 1 && name < lineEnd(text, at) && text[blank] == ' ' && text[name - 1] == ' ') {
                starts[count] = number(text, at, blank);
                sizes[count] = number(text, second, name - 1);
                names[count++] = name;
            }
        }
        return sorted(text, Arrays.copyOf(starts, count), sizes, names);
    }

    private static PerfMap sorted(byte[] text, long[] starts, long[] sizes, int[] names) {
        Integer[] order = new Integer[starts.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        // The sort is stable: of those at one address the last in the file stays last.
        Arrays.sort(order, (a, b) -> Long.compareUnsigned(starts[a], starts[b]));
        long[] sortedStarts = new long[order.length];
        long[] sortedSizes = new long[order.length];
        int[] sortedNames = new int[order.length];
        for (int k = 0; k < order.length; k++) {
            sortedStarts[k] = starts[order[k]];
            sortedSizes[k] = sizes[order[k]];
            sortedNames[k] = names[order[k]];
        }
        return new PerfMap(text, sortedStarts, sortedSizes, sortedNames);
    }

    private static int lineEnd(byte[] text, int from) {
        int end = from;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private static int numberEnd(byte[] text, int from) {
        int end = from;
        while (end < text.length && Character.digit(text[end], 16) >= 0) {
            end++;
        }
        return end;
    }

    private static long number(byte[] text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 4 | Character.digit(text[i], 16);
        }
        return value;
    }

    /** Number of functions. */
    public int size() {
        return starts.length;
    }

    /** The function that covers an address. */
    public Optional<Function> lookup(long address) {
        int last = last(address);
        int best = -1;
        for (int k = last; k >= 0 && k > last - MAX_OVERLAP; k--) {
            boolean covers = Long.compareUnsigned(address - starts[k], sizes[k]) < 0;
            // A later line begins further on in the text.
            if (covers && (best < 0 || names[k] > names[best])) {
                best = k;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(new Function(name(best), starts[best], sizes[best]));
    }

    private int last(long address) {
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(starts[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private String name(int k) {
        return new String(text, names[k], lineEnd(text, names[k]) - names[k], StandardCharsets.UTF_8);
    }
}
