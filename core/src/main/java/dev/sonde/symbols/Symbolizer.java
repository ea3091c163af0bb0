package dev.sonde.symbols;

import dev.sonde.gosym.GoFrame;
import dev.sonde.linux.Kallsyms;
import dev.sonde.linux.Mapping;
import dev.sonde.linux.PerfMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Turns addresses into frames. {@link #remember} is to be called when something of a process is first seen: afterwards its addresses have names even
 * when it has ended, as long as the files it had mapped are still there. Nothing is read before it is needed. Not thread-safe.
 */
public final class Symbolizer implements AutoCloseable {
    private static final int MAX_PROCESSES = 4096;
    private static final long MAX_WEIGHT = 48 << 20;
    private static final int MAX_FILES = 256;

    private final ProcessReader reader;
    private final Consumer<String> log;
    private final Supplier<Kallsyms> kernel;
    private final SymbolFiles files;
    private final LinkedHashMap<Integer, TracedProcess> processes = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<Integer, JitMap> jitMaps = new LinkedHashMap<>(16, 0.75f, true);
    private Vdso vdso;

    /**
     * @param kernel asked for when the first kernel address comes
     * @param log gets a line for each file that is malformed, once
     */
    public Symbolizer(Supplier<Kallsyms> kernel, Consumer<String> log) {
        this(kernel, log, new LiveProcesses());
    }

    Symbolizer(Supplier<Kallsyms> kernel, Consumer<String> log, ProcessReader reader) {
        this.reader = reader;
        this.log = log;
        this.kernel = kernel;
        this.files = new SymbolFiles(new FileFinder(reader), log, MAX_WEIGHT, MAX_FILES);
    }
}
