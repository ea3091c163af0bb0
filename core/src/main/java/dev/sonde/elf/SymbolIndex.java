package dev.sonde.elf;

import java.util.Arrays;

/** Symbols of a table in order of address, with how far any symbol up to each place reaches. Addresses are unsigned. */
final class SymbolIndex {
    private final SymbolTable table;
    private final int[] order;
    private final long[] reach;

    private SymbolIndex(SymbolTable table, int[] order) {
        this.table = table;
        this.order = order;
        this.reach = reach(table, order);
    }

    static SymbolIndex of(SymbolTable table) {
        int[] members = members(table);
        int bits = Long.SIZE - Long.numberOfLeadingZeros(table.size());
        long least = -1;
        long greatest = 0;
        for (int i : members) {
            long value = table.value(i);
            least = Long.compareUnsigned(value, least) < 0 ? value : least;
            greatest = Long.compareUnsigned(value, greatest) > 0 ? value : greatest;
        }
        boolean packs = Long.numberOfLeadingZeros(greatest - least) > bits;
        return new SymbolIndex(table, packs ? packed(table, members, least, bits) : ranked(table, members));
    }

    private static int[] members(SymbolTable table) {
        int[] members = new int[table.size()];
        int count = 0;
        for (int i = 1; i < members.length; i++) {
            if (table.hasAddress(i)) {
                members[count++] = i;
            }
        }
        return Arrays.copyOf(members, count);
    }

    /** One sort of longs that hold the address above {@code least} and, in the low {@code bits}, the index. */
    private static int[] packed(SymbolTable table, int[] members, long least, int bits) {
        long[] keys = new long[members.length];
        for (int k = 0; k < keys.length; k++) {
            keys[k] = table.value(members[k]) - least << bits | members[k];
        }
        return sorted(keys, (1L << bits) - 1, members);
    }

    /** For addresses too far apart to pack, such as a kernel's with its per-CPU symbols at 0: their ranks are packed instead. */
    private static int[] ranked(SymbolTable table, int[] members) {
        long[] addresses = new long[members.length];
        for (int k = 0; k < addresses.length; k++) {
            addresses[k] = table.value(members[k]) ^ Long.MIN_VALUE;
        }
        Arrays.sort(addresses);
        long[] keys = new long[members.length];
        for (int k = 0; k < keys.length; k++) {
            keys[k] = (long) first(addresses, table.value(members[k]) ^ Long.MIN_VALUE) << 32 | members[k];
        }
        return sorted(keys, 0xffffffffL, members);
    }

    private static int[] sorted(long[] keys, long indexMask, int[] result) {
        Arrays.sort(keys);
        for (int k = 0; k < keys.length; k++) {
            result[k] = (int) (keys[k] & indexMask);
        }
        return result;
    }

    private static int first(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long[] reach(SymbolTable table, int[] order) {
        long[] reach = new long[order.length];
        long furthest = 0;
        for (int k = 0; k < order.length; k++) {
            long end = end(table, order[k]);
            furthest = Long.compareUnsigned(end, furthest) > 0 ? end : furthest;
            reach[k] = furthest;
        }
        return reach;
    }

    private static long end(SymbolTable table, int i) {
        long value = table.value(i);
        long end = value + table.size(i);
        return Long.compareUnsigned(end, value) < 0 ? -1 : end;
    }

    /** The table index of the symbol that covers {@code address}, or -1. */
    int lookup(long address) {
        int last = lastUpTo(address);
        for (int k = last; k >= 0 && Long.compareUnsigned(reach[k], address) > 0; k--) {
            if (Long.compareUnsigned(end(table, order[k]), address) > 0) {
                return bestAt(k, address);
            }
        }
        return last < 0 ? -1 : unsized(last, address);
    }

    private int lastUpTo(long address) {
        int low = 0;
        int high = order.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(table.value(order[middle]), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The preferred one of the symbols that start where the one at {@code k} does and cover {@code address}. */
    private int bestAt(int k, long address) {
        long value = table.value(order[k]);
        int best = order[k];
        for (int j = k - 1; j >= 0 && table.value(order[j]) == value; j--) {
            int other = order[j];
            if (Long.compareUnsigned(end(table, other), address) > 0 && table.rank(other) <= table.rank(best)) {
                best = other;
            }
        }
        return best;
    }

    private int unsized(int last, long address) {
        long value = table.value(order[last]);
        int best = -1;
        for (int j = last; j >= 0 && table.value(order[j]) == value; j--) {
            int other = order[j];
            boolean reaches = table.size(other) == 0 && Long.compareUnsigned(address, table.sectionEnd(other)) < 0;
            if (reaches && (best < 0 || table.rank(other) <= table.rank(best))) {
                best = other;
            }
        }
        return best;
    }
}
