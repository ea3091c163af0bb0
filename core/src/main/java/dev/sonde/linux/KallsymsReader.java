package dev.sonde.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the lines of {@code /proc/kallsyms} into arrays, in order of address. Lines that are none are passed over. */
final class KallsymsReader {
    private static final int MAX_SYMBOLS = 1 << 23;
    private static final int MAX_MODULES = Short.MAX_VALUE;
    private static final int CHUNK = 1 << 16;

    private final List<String> modules = new ArrayList<>(List.of(Kallsyms.VMLINUX));
    private byte[] names = new byte[0];
    private int namesEnd;
    private int[] nameStarts = new int[1];
    private long[] addresses = new long[0];
    private byte[] types = new byte[0];
    private short[] moduleNumbers = new short[0];
    private int count;
    private boolean sorted = true;
    /** The line being read, which may have come in pieces. */
    private byte[] line = new byte[512];

    void read(InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int held = 0;
        for (int got = in.read(chunk); got > 0 && count < MAX_SYMBOLS; got = in.read(chunk)) {
            for (int i = 0; i < got; i++) {
                if (chunk[i] == '\n') {
                    line(held);
                    held = 0;
                } else {
                    held = hold(held, chunk[i]);
                }
            }
        }
        line(held);
        finish();
    }

    private int hold(int held, byte next) {
        if (held == line.length) {
            line = Arrays.copyOf(line, Math.min(2 * held, CHUNK));
        }
        if (held < line.length) {
            line[held] = next;
        }
        return Math.min(held + 1, line.length);
    }

    private void line(int length) {
        int at = 0;
        long address = 0;
        for (int digit; at < length && (digit = Character.digit(line[at], 16)) >= 0; at++) {
            address = address << 4 | digit;
        }
        int nameStart = at + 3;
        if (at == 0 || nameStart >= length || line[at] != ' ' || line[at + 2] != ' ') {
            return;
        }
        int nameEnd = nameStart;
        while (nameEnd < length && line[nameEnd] != '\t' && line[nameEnd] != ' ') {
            nameEnd++;
        }
        add(address, line[at + 1], nameStart, nameEnd);
        moduleNumbers[count - 1] = module(nameEnd, length);
    }

    private void add(long address, byte type, int nameStart, int nameEnd) {
        int length = nameEnd - nameStart;
        grow(length);
        sorted &= count == 0 || Long.compareUnsigned(addresses[count - 1], address) <= 0;
        addresses[count] = address;
        types[count] = type;
        System.arraycopy(line, nameStart, names, namesEnd, length);
        namesEnd += length;
        nameStarts[++count] = namesEnd;
    }

    private void grow(int nameLength) {
        if (count == addresses.length) {
            int room = Math.max(1 << 17, count + (count >> 1));
            addresses = Arrays.copyOf(addresses, room);
            types = Arrays.copyOf(types, room);
            moduleNumbers = Arrays.copyOf(moduleNumbers, room);
            nameStarts = Arrays.copyOf(nameStarts, room + 1);
        }
        if (namesEnd + nameLength > names.length) {
            names = Arrays.copyOf(names, Math.max(3 << 20, namesEnd + (namesEnd >> 1)) + nameLength);
        }
    }

    /** The number of the module named in brackets after the name. */
    private short module(int nameEnd, int length) {
        int open = nameEnd + 1;
        if (open + 2 >= length || line[open] != '[') {
            return 0;
        }
        String module = new String(line, open + 1, length - open - 2, StandardCharsets.UTF_8);
        // Symbols of one module follow each other, so the last one is nearly always it.
        int known = modules.getLast().equals(module) ? modules.size() - 1 : modules.indexOf(module);
        if (known < 0 && modules.size() < MAX_MODULES) {
            modules.add(module);
            known = modules.size() - 1;
        }
        return (short) Math.max(known, 0);
    }

    private void finish() {
        if (!sorted) {
            sort();
        }
        names = Arrays.copyOf(names, namesEnd);
        nameStarts = Arrays.copyOf(nameStarts, count + 1);
        addresses = Arrays.copyOf(addresses, count);
        types = Arrays.copyOf(types, count);
        moduleNumbers = Arrays.copyOf(moduleNumbers, count);
    }

    /** Symbols of the kernel come sorted, those of modules and BPF programs after them as they were loaded. Ties keep their order. */
    private void sort() {
        int[] order = order();
        byte[] oldNames = names;
        int[] oldStarts = nameStarts;
        long[] oldAddresses = addresses;
        byte[] oldTypes = types;
        short[] oldModules = moduleNumbers;
        names = new byte[namesEnd];
        nameStarts = new int[count + 1];
        addresses = new long[count];
        types = new byte[count];
        moduleNumbers = new short[count];
        for (int k = 0; k < count; k++) {
            int i = order[k];
            addresses[k] = oldAddresses[i];
            types[k] = oldTypes[i];
            moduleNumbers[k] = oldModules[i];
            int length = oldStarts[i + 1] - oldStarts[i];
            System.arraycopy(oldNames, oldStarts[i], names, nameStarts[k], length);
            nameStarts[k + 1] = nameStarts[k] + length;
        }
    }

    private int[] order() {
        long[] ranks = new long[count];
        for (int i = 0; i < count; i++) {
            ranks[i] = addresses[i] ^ Long.MIN_VALUE;
        }
        Arrays.sort(ranks);
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (long) first(ranks, addresses[i] ^ Long.MIN_VALUE) << 32 | i;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int k = 0; k < count; k++) {
            order[k] = (int) keys[k];
        }
        return order;
    }

    private static int first(long[] ranks, long rank) {
        int low = 0;
        int high = ranks.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (ranks[middle] < rank) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    byte[] names() {
        return names;
    }

    int[] nameStarts() {
        return nameStarts;
    }

    long[] addresses() {
        return addresses;
    }

    byte[] types() {
        return types;
    }

    short[] moduleNumbers() {
        return moduleNumbers;
    }

    List<String> modules() {
        return modules;
    }
}
