package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiSection;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Segment;
import java.util.Arrays;
import java.util.Optional;

/**
 * How to get from each instruction of a file to its caller: the rows of its {@code .eh_frame}, or of {@code .debug_frame} where there is only that,
 * as rules of {@code UnwindLayout}, for the processors of {@code UnwindMachine}.
 */
public final class UnwindTable {
    private static final long MAX_ROWS = 1 << 24;

    private final long base;
    private final long[] rows;

    private UnwindTable(long base, long[] rows) {
        this.base = base;
        this.rows = rows;
    }

    /** The virtual address that offsets count from. */
    public long base() {
        return base;
    }

    /** How many rows there are. */
    public int size() {
        return rows.length;
    }

    /** The offset from which row {@code index} holds, up to the next row's. */
    public long offset(int index) {
        return rows[index] & 0xffff_ffffL;
    }

    /** The rule of row {@code index}. */
    public int rule(int index) {
        return (int) (rows[index] >>> 32);
    }

    /** The rule that holds at {@code offset}; unknown before the first row. */
    public int ruleAt(long offset) {
        int low = 0;
        int high = rows.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (offset(middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : rule(low - 1);
    }

    /** The lowest virtual address of code, from which offsets count. */
    static long base(ElfFile elf) {
        long base = Long.MAX_VALUE;
        for (Segment segment : elf.segments()) {
            base = segment.isExecutable() ? Math.min(base, segment.vaddr()) : base;
        }
        return base;
    }

    /** The table of a file; without rows when it has none that can be used. */
    static UnwindTable read(ElfFile elf) {
        long base = base(elf);
        long end = 0;
        for (Segment segment : elf.segments()) {
            end = segment.isExecutable() ? Math.max(end, segment.vaddr() + segment.memorySize()) : end;
        }
        Optional<UnwindMachine> machine = UnwindMachine.of(elf);
        if (machine.isEmpty() || end <= base || end - base > Integer.MAX_VALUE) {
            return new UnwindTable(base, new long[0]);
        }
        Rows rows = new Rows(machine.get(), base, end);
        try {
            machine.get().addWithout(elf, rows::add);
            section(elf, machine.get().framePointer()).ifPresent(section -> section.read(rows::add));
        } catch (MalformedException e) {
            // What was read before is as good as it was.
            return new UnwindTable(base, rows.sorted());
        }
        return new UnwindTable(base, rows.sorted());
    }

    private static Optional<CfiSection> section(ElfFile elf, int framePointer) {
        Optional<Section> frames = elf.section(".eh_frame").filter(s -> s.inFile() && s.size() > 0);
        if (frames.isPresent()) {
            long text = elf.section(".text").map(Section::address).orElse(0L);
            return Optional.of(CfiSection.ehFrame(elf.contents(frames.get()), frames.get().address(), text, framePointer));
        }
        return elf.sections().isEmpty()
                ? inMemory(elf, framePointer) : elf.contents(".debug_frame").map(frame -> CfiSection.debugFrame(frame, framePointer));
    }

    private static Optional<CfiSection> inMemory(ElfFile elf, int framePointer) {
        for (Segment segment : elf.segments()) {
            if (segment.type() == Segment.PT_GNU_EH_FRAME) {
                return elf.at(segment.vaddr()).flatMap(header -> CfiSection.inMemory(header, segment.vaddr(), framePointer));
            }
        }
        return Optional.empty();
    }

    /** Rows while they are collected: offset in the high half, so that they sort by it; between functions nothing is known. */
    private static final class Rows {
        private final UnwindMachine machine;
        private final long base;
        private final long end;
        private long[] rows = new long[1024];
        private int count;

        Rows(UnwindMachine machine, long base, long end) {
            this.machine = machine;
            this.base = base;
            this.end = end;
        }

        void add(CfiRow row) {
            boolean inside = row.start() >= base && row.end() <= end && row.start() < row.end();
            if (inside && count < MAX_ROWS) {
                put(row.start() - base, machine.rule(row));
                put(row.end() - base, 0);
            }
        }

        /** The row before may have ended where this one begins: then it has said so for nothing. */
        private void put(long offset, int rule) {
            if (count > 0 && rows[count - 1] == offset << 32) {
                count--;
            }
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = offset << 32 | rule & 0xffff_ffffL;
        }

        /** In order of offset, with the rule in the high half; of two at one offset a known rule counts. */
        long[] sorted() {
            Arrays.sort(rows, 0, count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                boolean replaced = i + 1 < count && rows[i] >>> 32 == rows[i + 1] >>> 32 && (int) rows[i] == 0;
                boolean same = kept > 0 && ((int) rows[i] == (int) (rows[kept - 1] >>> 32) || rows[i] >>> 32 == (rows[kept - 1] & 0xffff_ffffL));
                if (!replaced && !same) {
                    rows[kept++] = rows[i] << 32 | rows[i] >>> 32;
                }
            }
            return Arrays.copyOf(rows, kept);
        }
    }
}
