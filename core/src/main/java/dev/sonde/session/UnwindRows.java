package dev.sonde.session;

import dev.sonde.spec.MapSpec;
import dev.sonde.spec.UnwindLayout;
import dev.sonde.symbols.UnwindTable;
import dev.sonde.symbols.UnwindTables;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.MappedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of unwind tables in the kernel, in the order in which files were met: several in a map, or a large one in several. Rows stay until the
 * end.
 */
final class UnwindRows implements UnwindTables.Store, AutoCloseable {
    private final Kernel kernel;
    private final BpfMap outer;
    private final MapSpec inner;
    private final List<BpfMap> shards = new ArrayList<>();
    private final List<List<Piece>> tables = new ArrayList<>();
    private MappedMemory memory;
    private int used = UnwindLayout.SHARD_ROWS;

    /** @param inner what the maps in {@code outer} are like */
    UnwindRows(Kernel kernel, BpfMap outer, MapSpec inner) {
        this.kernel = kernel;
        this.outer = outer;
        this.inner = inner;
    }

    /**
     * Rows of one table that lie in one map.
     *
     * @param offset the first row's offset
     * @param last the index of the last row
     */
    record Piece(long offset, int shard, int first, int last) {}

    /** The pieces of the table of that number, in order of offset. */
    List<Piece> pieces(int table) {
        return tables.get(table);
    }

    @Override
    public int add(UnwindTable table) {
        int missing = table.size() - (UnwindLayout.SHARD_ROWS - used);
        int more = Math.max(0, missing + UnwindLayout.SHARD_ROWS - 1) / UnwindLayout.SHARD_ROWS;
        if (shards.size() + more > UnwindLayout.MOST_SHARDS) {
            return UnwindTables.NONE;
        }
        try {
            tables.add(write(table));
            return tables.size() - 1;
        } catch (KernelException e) {
            // Memory for BPF maps has run out: the file's code is walked by frame pointers.
            return UnwindTables.NONE;
        }
    }

    private List<Piece> write(UnwindTable table) {
        List<Piece> pieces = new ArrayList<>(1);
        for (int row = 0; row < table.size();) {
            if (used == UnwindLayout.SHARD_ROWS) {
                open();
            }
            int count = Math.min(table.size() - row, UnwindLayout.SHARD_ROWS - used);
            write(table, row, count);
            pieces.add(new Piece(table.offset(row), shards.size() - 1, used, used + count - 1));
            used += count;
            row += count;
        }
        return pieces;
    }

    private void write(UnwindTable table, int row, int count) {
        MemorySegment rows = memory.segment();
        long at = (long) used * UnwindLayout.ROW_BYTES;
        for (int i = 0; i < count; i++, at += UnwindLayout.ROW_BYTES) {
            rows.set(ValueLayout.JAVA_INT, at, (int) table.offset(row + i));
            rows.set(ValueLayout.JAVA_INT, at + 4, table.rule(row + i));
        }
    }

    private void open() {
        BpfMap shard = BpfMap.create(kernel,
                new Bpf.MapCreate(inner.kind().number(), inner.name(), inner.keySize(), inner.valueSize(), inner.maxEntries(), inner.flags()));
        shards.add(shard);
        if (memory != null) {
            memory.close();
        }
        memory = shard.map(true);
        outer.update(word(shards.size() - 1), word(shard.fd().number()), BpfMap.BPF_ANY);
        used = 0;
    }

    private static MemorySegment word(int value) {
        return MemorySegment.ofArray(new int[] {value});
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
        for (BpfMap shard : shards) {
            shard.close();
        }
    }
}
