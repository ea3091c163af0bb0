package dev.sonde.symbols;

import dev.sonde.linux.Kallsyms;
import java.util.LinkedHashMap;
import java.util.List;
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
    private final KernelSymbols kernel;
    private final UserSymbols user;
    private final LinkedHashMap<Integer, TracedProcess> processes = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param kernel asked for when the first kernel address comes
     * @param log gets a line for each file that is malformed, once
     */
    public Symbolizer(Supplier<Kallsyms> kernel, Consumer<String> log) {
        this(kernel, log, new LiveProcesses());
    }

    Symbolizer(Supplier<Kallsyms> kernel, Consumer<String> log, ProcessReader reader) {
        this.reader = reader;
        this.kernel = new KernelSymbols(kernel);
        this.user = new UserSymbols(new SymbolFiles(new FileFinder(reader), log, MAX_WEIGHT, MAX_FILES), log);
    }

    /**
     * Notes where process {@code pid} has its code. Opens none of its files. May be called for each event of the process: it does nothing unless
     * the last look is some time past, first 1 ms, then twice as long after each look.
     */
    public void remember(int pid) {
        long now = System.nanoTime();
        TracedProcess known = processes.get(pid);
        if (known == null) {
            add(pid, now);
        } else {
            known.seen(now);
        }
    }

    private TracedProcess add(int pid, long now) {
        TracedProcess process = new TracedProcess(pid, reader, now);
        processes.put(pid, process);
        if (processes.size() > MAX_PROCESSES) {
            processes.pollFirstEntry();
        }
        return process;
    }

    /**
     * The frames of a user stack, nearest first: one for each address, and with {@link Naming#source()} those inlined at it before.
     *
     * @param addresses the first is where the code was. The others are return addresses: what is named is the call before them, and the offset is
     *     still their own.
     */
    public List<Frame> frames(long[] addresses, int pid, Naming naming) {
        long now = System.nanoTime();
        TracedProcess process = processes.get(pid);
        if (process == null) {
            process = add(pid, now);
        } else {
            process.check(now);
        }
        return user.frames(process, addresses, naming, now);
    }

    /** The frame of the code at one user address. */
    public Frame frame(long address, int pid, Naming naming) {
        return frames(new long[] {address}, pid, naming).getLast();
    }

    /** The frames of a kernel stack, nearest first, one for each address; the first is where the code was, the others are return addresses. */
    public List<Frame> kernelFrames(long[] addresses) {
        return kernel.frames(addresses);
    }

    /** The frame of the code at one kernel address. */
    public Frame kernelFrame(long address) {
        return kernelFrames(new long[] {address}).getFirst();
    }

    /** Lets go of all files. */
    @Override
    public void close() {
        user.close();
    }
}
