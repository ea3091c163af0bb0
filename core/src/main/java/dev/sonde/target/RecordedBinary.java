package dev.sonde.target;

import dev.sonde.elf.NamePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A binary that was written down. It has one segment, whose bytes are at the same offset in the file as in memory less {@code base}. */
public final class RecordedBinary implements Binary {
    private static final Comparator<Function> BY_ADDRESS = (a, b) -> Long.compareUnsigned(a.address(), b.address());

    private final String path;
    private final long base;
    private final byte[] bytes;
    private final List<Function> functions = new ArrayList<>();
    private final Map<String, String> demangled = new HashMap<>();
    private final Map<String, Function> data = new HashMap<>();
    private final List<Usdt> usdt = new ArrayList<>();
    private Optional<DebugInformation> debug = Optional.empty();

    private RecordedBinary(String path, long base, byte[] bytes) {
        this.path = path;
        this.base = base;
        this.bytes = bytes;
    }

    /** A binary whose segment is {@code bytes} at virtual address {@code base}; a base of 0 makes it position-independent. */
    public static RecordedBinary of(String path, long base, byte[] bytes) {
        return new RecordedBinary(path, base, bytes.clone());
    }

    /** Adds a function. */
    public RecordedBinary with(String name, long address, long size) {
        functions.add(new Function(name, address, size, address - base));
        functions.sort(BY_ADDRESS);
        return this;
    }

    /** Adds a function with the text that its name demangles to, without parameters. */
    public RecordedBinary with(String name, String plain, long address, long size) {
        demangled.put(name, plain);
        return with(name, address, size);
    }

    /** Adds a data symbol. */
    public RecordedBinary withData(String name, long address, long size) {
        data.put(name, new Function(name, address, size, address - base));
        return this;
    }

    /** Adds a USDT probe. */
    public RecordedBinary with(Usdt probe) {
        usdt.add(probe);
        return this;
    }

    /** Adds what debug information says. */
    public RecordedBinary with(DebugInformation information) {
        debug = Optional.of(information);
        return this;
    }

    @Override
    public Optional<DebugInformation> debugInformation() {
        return debug;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public List<Function> functions(String name) {
        List<Function> found = new ArrayList<>();
        for (Function function : functions) {
            if (function.name().equals(name)) {
                found.add(function);
            }
        }
        return found;
    }

    @Override
    public List<Function> matching(String pattern) {
        NamePattern names = NamePattern.of(pattern);
        List<Function> found = new ArrayList<>();
        for (Function function : functions) {
            boolean repeated = !found.isEmpty() && found.getLast().address() == function.address();
            if (!repeated && names.matches(function.name())) {
                found.add(function);
            }
        }
        return found;
    }

    @Override
    public List<Function> demangled(String name) {
        NamePattern names = NamePattern.of(name);
        List<Function> found = new ArrayList<>();
        for (Function function : functions) {
            if (names.matches(demangled.getOrDefault(function.name(), function.name()))) {
                found.add(function);
            }
        }
        return found;
    }

    @Override
    public Optional<Function> functionAt(long address) {
        for (Function function : functions) {
            if (Long.compareUnsigned(address - function.address(), function.size()) < 0) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Long> fileOffset(long address) {
        return Long.compareUnsigned(address - base, bytes.length) < 0 ? Optional.of(address - base) : Optional.empty();
    }

    @Override
    public List<Usdt> usdt(String provider, String name) {
        NamePattern providers = NamePattern.of(provider);
        NamePattern names = NamePattern.of(name);
        List<Usdt> found = new ArrayList<>();
        for (Usdt probe : usdt) {
            if (providers.matches(probe.provider()) && names.matches(probe.name())) {
                found.add(probe);
            }
        }
        return found;
    }

    @Override
    public Optional<Function> symbol(String name) {
        Function found = data.get(name);
        List<Function> code = functions(name);
        return found != null ? Optional.of(found) : code.isEmpty() ? Optional.empty() : Optional.of(code.getFirst());
    }

    @Override
    public byte[] code(long address, int count) {
        int from = fileOffset(address).orElse((long) bytes.length).intValue();
        return Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, (long) from + count));
    }

    @Override
    public boolean positionIndependent() {
        return base == 0;
    }

    @Override
    public List<String> nearest(String name) {
        List<String> found = new ArrayList<>();
        for (Function function : functions) {
            int difference = function.name().length() - name.length();
            boolean near = Math.abs(difference) <= 1 && !name.isEmpty() && function.name().startsWith(name.substring(0, 1));
            if (near && found.size() < 3) {
                found.add(function.name());
            }
        }
        return found;
    }

    @Override
    public String symbolSources() {
        return functions.isEmpty() ? "no symbols" : functions.size() + " recorded functions";
    }
}
