package dev.sonde.session;

import dev.sonde.linux.Processes;
import dev.sonde.spec.TraceSpec;
import dev.sonde.spec.UnwindLayout;
import dev.sonde.symbols.UnwindTables;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills the maps by which programs walk user stacks: with the processes that are named at the start, and with others when a program asks for them,
 * which it does at their first stack and when it meets an address where nothing was mapped before. Questions that had no answer are looked into again
 * after a while that doubles each time.
 */
final class UnwindMaps implements AutoCloseable {
    private static final long MILLISECOND = 1_000_000;
    /** Of the minor number, in the kernel's own dev_t. */
    private static final int DEVICE_BITS = 20;
    private static final long LONGEST = 10_000 * MILLISECOND;

    private final BpfMap processes;
    private final BpfMap files;
    private final BpfMap asked;
    private final UnwindRows rows;
    private final UnwindTables tables;
    /** Files with the number of their parts that are known. */
    private final Map<UnwindTables.FileOffset, Integer> stored = new HashMap<>();
    private final Map<Integer, Known> known = new HashMap<>();
    private final Map<Integer, Known> open = new HashMap<>();

    private UnwindMaps(BpfMap processes, BpfMap files, BpfMap asked, UnwindRows rows) {
        this.processes = processes;
        this.files = files;
        this.asked = asked;
        this.rows = rows;
        this.tables = new UnwindTables(rows);
    }

    /** What was found of a process, and when to look again if there is a question. */
    private static final class Known {
        private List<UnwindTables.Code> code = List.of();
        private long interval = MILLISECOND;
        private long due;
    }

    /** Those of a trace; they stay empty when its programs use none. */
    static UnwindMaps of(Kernel kernel, TraceSpec spec, LoadedMaps maps) {
        int processes = maps.internal(UnwindLayout.PROCESSES);
        if (processes < 0) {
            return new UnwindMaps(null, null, null, null);
        }
        int rows = maps.internal(UnwindLayout.ROWS);
        UnwindRows store = new UnwindRows(kernel, maps.get(rows), spec.maps().get(rows).inner().orElseThrow());
        return new UnwindMaps(maps.get(processes), maps.get(maps.internal(UnwindLayout.FILES)), maps.get(maps.internal(UnwindLayout.ASKED)), store);
    }

    /** Loads what is known before the first probe runs. */
    void start(SessionSettings settings) {
        if (rows == null) {
            return;
        }
        storeFiles(tables.expectLibrary());
        storeFile(tables.expectVdso().file(), new ArrayList<>(List.of(tables.expectVdso())));
        if (settings.pid() >= 0) {
            look(settings.pid());
        }
        settings.unwound().forEach(this::look);
        settings.child().ifPresent(child -> storeFiles(tables.expect(child.program())));
    }

    /** Looks at a process now. */
    void look(int pid) {
        Known process = known.computeIfAbsent(pid, _ -> new Known());
        List<UnwindTables.Code> code = tables.of(pid, part -> storeFiles(List.of(part)));
        boolean changed = !code.equals(process.code);
        if (changed && !code.isEmpty()) {
            process.code = code;
            process.interval = MILLISECOND;
            store(pid, code);
            open.remove(pid);
        } else {
            process.interval = Math.min(2 * process.interval, LONGEST);
            process.due = System.nanoTime() + process.interval;
            open.put(pid, process);
        }
    }

    /** A program wants more of process {@code pid} than is there. */
    void ask(int pid) {
        if (!open.containsKey(pid)) {
            look(pid);
        }
    }

    /** Milliseconds after which to look again, -1 for never. */
    int pause() {
        long next = Long.MAX_VALUE;
        for (Known process : open.values()) {
            next = Math.min(next, process.due);
        }
        return open.isEmpty() ? -1 : (int) Math.max(1, (next - System.nanoTime()) / MILLISECOND);
    }

    /** Takes questions again whose time has come. */
    void lookWhenDue() {
        if (!open.isEmpty()) {
            long now = System.nanoTime();
            open.entrySet().removeIf(entry -> now - entry.getValue().due >= 0 && takeAgain(entry.getKey(), entry.getValue()));
        }
    }

    /** Programs may ask again: they do when they still have reason to. */
    private boolean takeAgain(int pid, Known process) {
        if (process.code.isEmpty()) {
            known.remove(pid);
            asked.delete(MemorySegment.ofArray(new long[] {pid}));
        } else {
            store(pid, process.code);
        }
        return true;
    }

    private void store(int pid, List<UnwindTables.Code> code) {
        storeFiles(code);
        MemorySegment key = MemorySegment.ofArray(new long[] {pid});
        if (!update(processes, key, entry(code))) {
            forgetEnded();
            update(processes, key, entry(code));
        }
    }

    /** What the tables say of each file, so that the next process that maps it is known before it was looked at. */
    private void storeFiles(List<UnwindTables.Code> code) {
        Map<UnwindTables.FileOffset, List<UnwindTables.Code>> byFile = new LinkedHashMap<>();
        for (UnwindTables.Code part : code) {
            UnwindTables.FileOffset file = new UnwindTables.FileOffset(part.file().device(), part.file().inode(), 0);
            if (file.inode() != 0 && part.table() != UnwindTables.NONE) {
                long offset = part.file().offset();
                byFile.computeIfAbsent(file, _ -> new ArrayList<>())
                        .add(new UnwindTables.Code(offset, offset + part.end() - part.start(), part.offset(), part.table(), file));
            }
        }
        byFile.forEach(this::storeFile);
    }

    private void storeFile(UnwindTables.FileOffset file, List<UnwindTables.Code> parts) {
        if (stored.getOrDefault(file, 0) < parts.size()) {
            stored.put(file, parts.size());
            parts.sort((a, b) -> Long.compare(a.start(), b.start()));
            long device = file.device() >>> 32 << DEVICE_BITS | file.device() & (1 << DEVICE_BITS) - 1;
            update(files, MemorySegment.ofArray(new long[] {file.inode(), device}), entry(parts));
        }
    }

    /** Where there is no room for more, frame pointers have to do. */
    private static boolean update(BpfMap map, MemorySegment key, MemorySegment value) {
        try {
            map.update(key, value, BpfMap.BPF_ANY);
            return true;
        } catch (KernelException e) {
            if (e.errno() != Errno.E2BIG && e.errno() != Errno.ENOMEM) {
                throw e;
            }
            return false;
        }
    }

    private void forgetEnded() {
        known.keySet().removeIf(pid -> !Processes.exists(pid) && processes.delete(MemorySegment.ofArray(new long[] {pid})));
    }

    private MemorySegment entry(List<UnwindTables.Code> code) {
        MemorySegment entry = MemorySegment.ofArray(new byte[UnwindLayout.PROCESS_BYTES]);
        int count = 1;
        for (UnwindTables.Code part : code) {
            count = add(entry, count, part);
        }
        entry.set(ValueLayout.JAVA_INT_UNALIGNED, UnwindLayout.COUNT, count);
        return entry;
    }

    private int add(MemorySegment entry, int count, UnwindTables.Code code) {
        if (code.table() == UnwindTables.NONE) {
            return add(entry, count, code.start(), code.end(), new UnwindRows.Piece(0, UnwindLayout.NO_SHARD, 0, 0), 0);
        }
        List<UnwindRows.Piece> pieces = rows.pieces(code.table());
        for (int i = 0; i < pieces.size(); i++) {
            UnwindRows.Piece piece = pieces.get(i);
            long start = Math.max(code.start(), code.start() + piece.offset() - code.offset());
            long next = i + 1 < pieces.size() ? code.start() + pieces.get(i + 1).offset() - code.offset() : code.end();
            count = add(entry, count, start, Math.min(code.end(), next), piece, start - code.start() + code.offset());
        }
        return count;
    }

    private static int add(MemorySegment entry, int count, long start, long end, UnwindRows.Piece piece, long offset) {
        if (start >= end || count == UnwindLayout.MOST_RANGES - 1) {
            return count;
        }
        long at = UnwindLayout.RANGES + (long) count * UnwindLayout.RANGE_BYTES;
        entry.set(ValueLayout.JAVA_LONG_UNALIGNED, at + UnwindLayout.START, start);
        entry.set(ValueLayout.JAVA_INT_UNALIGNED, at + UnwindLayout.SIZE, (int) Math.min(end - start, 0xffff_ffffL));
        entry.set(ValueLayout.JAVA_INT_UNALIGNED, at + UnwindLayout.OFFSET, (int) offset);
        entry.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + UnwindLayout.SHARD, (short) piece.shard());
        entry.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + UnwindLayout.FIRST, (short) piece.first());
        entry.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + UnwindLayout.LAST, (short) piece.last());
        return count + 1;
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
    }
}
