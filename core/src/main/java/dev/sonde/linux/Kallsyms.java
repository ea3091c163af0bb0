package dev.sonde.linux;

import dev.sonde.elf.NamePattern;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/**
 * The kernel's symbols, from {@code /proc/kallsyms}. There are more than a hundred thousand, so they are kept as bytes and numbers, and a symbol
 * becomes an object only when it is asked for. Immutable.
 *
 * <pre>
 * line: address (hex) SP type-letter SP name [TAB '[' module ']'] LF
 * </pre>
 */
public final class Kallsyms {
    /** The module of symbols of the kernel itself. */
    public static final String VMLINUX = "vmlinux";
    /** Further from a symbol than this an address belongs to nothing: the tables hold no sizes. */
    private static final long MAX_OFFSET = 4 << 20;

    private final byte[] names;
    private final int[] nameStarts;
    private final long[] addresses;
    private final byte[] types;
    private final short[] moduleNumbers;
    private final List<String> modules;
    private final boolean hidden;

    Kallsyms(KallsymsReader from) {
        this.names = from.names();
        this.nameStarts = from.nameStarts();
        this.addresses = from.addresses();
        this.types = from.types();
        this.moduleNumbers = from.moduleNumbers();
        this.modules = List.copyOf(from.modules());
        this.hidden = addresses.length > 0 && addresses[addresses.length - 1] == 0;
    }

    /**
     * A kernel address with its name.
     *
     * @param name the symbol at or before the address
     * @param address where the symbol is
     * @param module {@code vmlinux}, a module, or {@code bpf} and the like for code made at run time
     */
    public record Symbol(String name, long address, String module) {}

    /** Reads {@code /proc/kallsyms}; a table without symbols when it cannot be read. */
    public static Kallsyms read() {
        try (InputStream in = new FileInputStream("/proc/kallsyms")) {
            return read(in);
        } catch (IOException e) {
            return new Kallsyms(new KallsymsReader());
        }
    }

    /** Reads such a text. */
    static Kallsyms read(InputStream in) throws IOException {
        KallsymsReader reader = new KallsymsReader();
        reader.read(in);
        return new Kallsyms(reader);
    }

    /** Number of symbols. */
    public int size() {
        return addresses.length;
    }

    /** Whether the kernel shows names and no addresses, as it does to processes that it does not trust with them (kptr_restrict(proc(5))). */
    public boolean hidden() {
        return hidden;
    }

    /** Why a name or address is not to be had here; empty when the table is good. */
    public String problem() {
        if (addresses.length == 0) {
            return "/proc/kallsyms has no symbols: the kernel was built without CONFIG_KALLSYMS or the file cannot be read";
        }
        return hidden ? "/proc/kallsyms shows no addresses: it takes CAP_SYSLOG, and kernel.kptr_restrict below 2" : "";
    }

    /** The symbol that an address of the kernel is in: the last one before it, and of several at one place the first in the kernel's order. */
    public Optional<Symbol> lookup(long address) {
        int last = last(address);
        // User addresses are below all of the kernel's; the offsets of per-CPU symbols are down there too and are no addresses.
        if (hidden || last < 0 || address >= 0 || addresses[last] >= 0 || address - addresses[last] > MAX_OFFSET) {
            return Optional.empty();
        }
        while (last > 0 && addresses[last - 1] == addresses[last]) {
            last--;
        }
        return Optional.of(symbol(last));
    }

    /** Index of the last symbol up to {@code address}, -1 when all are after it. */
    private int last(long address) {
        int low = 0;
        int high = addresses.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(addresses[middle], address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private Symbol symbol(int i) {
        return new Symbol(name(i), addresses[i], module(i));
    }

    /** The address of a symbol; of several of that name one of the kernel itself rather than of a module, then the lowest. */
    public OptionalLong address(String name) {
        int found = -1;
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < addresses.length && !hidden; i++) {
            if (isNamed(i, wanted) && (found < 0 || moduleNumbers[found] != 0 && moduleNumbers[i] == 0)) {
                found = i;
            }
        }
        return found < 0 ? OptionalLong.empty() : OptionalLong.of(addresses[found]);
    }

    private boolean isNamed(int i, byte[] wanted) {
        int start = nameStarts[i];
        if (nameStarts[i + 1] - start != wanted.length) {
            return false;
        }
        for (int k = 0; k < wanted.length; k++) {
            if (names[start + k] != wanted[k]) {
                return false;
            }
        }
        return true;
    }

    /** Calls {@code action} with the index of each symbol of code whose name and module match. */
    void forEachFunction(NamePattern module, NamePattern function, IntConsumer action) {
        boolean[] wanted = new boolean[modules.size()];
        for (int m = 0; m < wanted.length; m++) {
            wanted[m] = module.matches(modules.get(m));
        }
        byte[] literal = function.isLiteral() ? function.toString().getBytes(StandardCharsets.UTF_8) : null;
        for (int i = 0; i < addresses.length; i++) {
            if (wanted[moduleNumbers[i]] && isCode(i) && (literal == null ? function.matches(name(i)) : isNamed(i, literal))) {
                action.accept(i);
            }
        }
    }

    /** Text symbols are t or T; weak ones are w or W. */
    private boolean isCode(int i) {
        int type = types[i] | 0x20;
        return type == 't' || type == 'w';
    }

    /** Name of symbol {@code i}. */
    String name(int i) {
        return new String(names, nameStarts[i], nameStarts[i + 1] - nameStarts[i], StandardCharsets.UTF_8);
    }

    /** Module of symbol {@code i}. */
    String module(int i) {
        return modules.get(moduleNumbers[i]);
    }
}
