package dev.sonde.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The memory of a process at one moment, from {@code /proc/PID/maps}: mappings in order of address. */
public final class ProcessMaps {
    private static final String DELETED = " (deleted)";

    private final List<Mapping> mappings;

    private ProcessMaps(List<Mapping> mappings) {
        this.mappings = List.copyOf(mappings);
    }

    /** The mappings of a process; none when it has ended or may not be looked at. */
    public static ProcessMaps read(int pid) {
        return parse(PseudoFile.text("/proc/" + pid + "/maps").orElse(""));
    }

    /** The mappings that such a text lists. Lines that are none are passed over. */
    static ProcessMaps parse(String text) {
        List<Mapping> mappings = new ArrayList<>();
        Lines lines = new Lines(text);
        for (String line = lines.next(); line != null; line = lines.next()) {
            Mapping mapping = new LineReader(line).mapping();
            if (mapping != null) {
                mappings.add(mapping);
            }
        }
        return new ProcessMaps(mappings);
    }

    /** All mappings. */
    public List<Mapping> mappings() {
        return mappings;
    }

    /** The mapping that covers an address. */
    public Optional<Mapping> find(long address) {
        int low = 0;
        int high = mappings.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(mappings.get(middle).start(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low > 0 && mappings.get(low - 1).covers(address) ? Optional.of(mappings.get(low - 1)) : Optional.empty();
    }

    /** Reads {@code start-end perms offset major:minor inode path}; all numbers but the inode are hexadecimal. */
    private static final class LineReader {
        private final String line;
        private int at;

        LineReader(String line) {
            this.line = line;
        }

        Mapping mapping() {
            long start = number(16);
            boolean wellFormed = at > 0 && skip('-');
            long end = number(16);
            wellFormed &= skip(' ');
            int permissions = at;
            at = Math.min(line.length(), at + 4);
            wellFormed &= skip(' ') && at - permissions == 5;
            long offset = number(16);
            wellFormed &= skip(' ');
            long major = number(16);
            wellFormed &= skip(':');
            long minor = number(16);
            wellFormed &= skip(' ');
            long inode = number(10);
            if (!wellFormed) {
                return null;
            }
            String path = line.substring(at).stripLeading();
            boolean deleted = path.endsWith(DELETED);
            path = deleted ? path.substring(0, path.length() - DELETED.length()) : path;
            return new Mapping(start, end, line.substring(permissions, permissions + 4), offset, major << 32 | minor, inode, unescape(path), deleted);
        }

        private long number(int radix) {
            long value = 0;
            for (int digit; at < line.length() && (digit = Character.digit(line.charAt(at), radix)) >= 0; at++) {
                value = value * radix + digit;
            }
            return value;
        }

        private boolean skip(char wanted) {
            boolean there = at < line.length() && line.charAt(at) == wanted;
            at += there ? 1 : 0;
            return there;
        }
    }

    /** A line feed in a path is written as {@code \012}, so that it does not end the line. */
    private static String unescape(String path) {
        return path.indexOf('\\') < 0 ? path : path.replace("\\012", "\n");
    }
}
