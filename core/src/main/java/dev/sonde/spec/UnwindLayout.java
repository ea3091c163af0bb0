package dev.sonde.spec;

/**
 * How unwind tables lie in the maps of a trace whose programs walk user stacks by them. Programs are compiled for this layout; the session fills it.
 *
 * <p>Map {@link #PROCESSES}, by process id (8 bytes): how many ranges there are (4 bytes), whether an address in none of them was met (4 bytes), then
 * at {@link #RANGES} up to {@link #MOST_RANGES} ranges in order of address. The first is empty and starts at 0, so that a search always finds one.
 *
 * <p>Map {@link #FILES}, by inode number and device as the kernel numbers it (8 bytes each): the same, with offsets in the file as addresses.
 * The vdso has inode number and device 0.
 *
 * <p>Map {@link #ROWS}: an array of maps. Each holds one value of {@link #SHARD_ROWS} rows, those of several files or a part of one's.
 *
 * <p>Map {@link #ASKED}: the ids of processes whose tables were asked for.
 *
 * <p>A row is the address from which it holds, as an offset (4 bytes), and a rule (4 bytes). The low bits of a rule, its kind, are the same on every
 * processor. The others are those of x86-64 here, where the return address is always just below the canonical frame address (CFA), and those of
 * {@link Arm64} there.
 */
public final class UnwindLayout {
    public static final String PROCESSES = "unwind_procs";
    public static final String FILES = "unwind_files";
    public static final String ROWS = "unwind_rows";
    public static final String ASKED = "unwind_asked";

    /** In a process's entry: the number of ranges. */
    public static final int COUNT = 0;
    /** In a process's entry: not 0 when an address in no range was met. */
    public static final int MISSED = 4;
    /** In a process's entry: the first range. */
    public static final int RANGES = 16;
    /** A power of two. */
    public static final int MOST_RANGES = 512;

    /** In a range: its first address, 8 bytes. */
    public static final int START = 0;
    /** In a range: its size in bytes, 4 bytes. */
    public static final int SIZE = 8;
    /** In a range: the offset, as rows count it, of its first address; 4 bytes. */
    public static final int OFFSET = 12;
    /** In a range: which map of {@link #ROWS}, 2 bytes; {@link #NO_SHARD} when there are no rows. */
    public static final int SHARD = 16;
    /** In a range: its first row, 2 bytes. It holds at the range's start. */
    public static final int FIRST = 18;
    /** In a range: its last row, 2 bytes. */
    public static final int LAST = 20;
    public static final int RANGE_BYTES = 24;
    public static final int PROCESS_BYTES = RANGES + MOST_RANGES * RANGE_BYTES;
    public static final int MOST_PROCESSES = 4096;

    public static final int SHARD_ROWS = 1 << 16;
    public static final int ROW_BYTES = 8;
    public static final int SHARD_BYTES = SHARD_ROWS * ROW_BYTES;
    public static final int MOST_SHARDS = 512;
    public static final int NO_SHARD = 0xffff;

    /** The low bits of a rule: how the CFA is found. */
    public static final int KIND_BITS = 3;
    /** Nobody knows; the frame pointer may help. */
    public static final int UNKNOWN = 0;
    /** Stack pointer plus offset. */
    public static final int STACK_POINTER = 1;
    /** Frame pointer plus offset. */
    public static final int FRAME_POINTER = 2;
    /**
     * Stack pointer plus offset, and 8 more where the low four bits of the address are at least {@link #slots}: an entry of a procedure linkage
     * table.
     */
    public static final int LINKAGE = 3;
    /** In memory at the frame pointer plus offset; the caller's frame pointer is where the frame pointer points: a function that aligns its stack. */
    public static final int ALIGNED = 4;
    /** The stack pointer points to a struct rt_sigframe, on x86-64 behind its first word: registers are those of what was interrupted. */
    public static final int SIGNAL = 5;
    /** There is no caller. */
    public static final int OUTERMOST = 6;

    /** The next bits: the caller's frame pointer is so many words below the CFA; 0 when the register still has it. */
    public static final int SLOT_BITS = 10;
    /** The other bits, signed: the offset in words. */
    public static final int OFFSET_SHIFT = KIND_BITS + SLOT_BITS;

    private static final int MOST_OFFSET = (1 << 31 - OFFSET_SHIFT) - 1;

    private UnwindLayout() {}

    /** The rule of {@code kind}; {@link #UNKNOWN} when a number does not fit. Offsets are bytes. */
    public static int rule(int kind, long offset, long slots) {
        long words = offset >> 3;
        boolean fits = (offset & 7) == 0 && words <= MOST_OFFSET && words >= -MOST_OFFSET && slots >= 0 && slots < 1 << SLOT_BITS;
        return fits ? (int) words << OFFSET_SHIFT | (int) slots << KIND_BITS | kind : UNKNOWN;
    }

    /** The kind of a rule. */
    public static int kind(int rule) {
        return rule & (1 << KIND_BITS) - 1;
    }

    /** The words between the CFA and where the caller's frame pointer is, or the limit of a {@link #LINKAGE}. */
    public static int slots(int rule) {
        return rule >>> KIND_BITS & (1 << SLOT_BITS) - 1;
    }

    /** The offset in bytes. */
    public static int offset(int rule) {
        return rule >> OFFSET_SHIFT << 3;
    }

    /**
     * Rules of arm64, where a return address comes in the link register x30 and is saved anywhere in a frame, most often with the frame pointer x29
     * just below it. Its kinds are those of the other processors but {@link #LINKAGE} and {@link #ALIGNED}.
     */
    public static final class Arm64 {
        /** Behind the kind: the caller's frame pointer is so many words below the return address; 0 when the register still has it. */
        public static final int BELOW_SHIFT = KIND_BITS;
        public static final int BELOW_BITS = 2;
        /** Then: the return address is so many words below the CFA; 0 when it is still in the link register. */
        public static final int SLOT_SHIFT = BELOW_SHIFT + BELOW_BITS;
        public static final int SLOT_BITS = 14;
        /** The other bits, not signed: the offset in units of 16 bytes, to which stacks are aligned. */
        public static final int OFFSET_SHIFT = SLOT_SHIFT + SLOT_BITS;

        private Arm64() {}

        /** The rule of {@code kind}; {@link #UNKNOWN} when a number does not fit. The offset is in bytes. */
        public static int rule(int kind, long offset, long slots, long below) {
            long units = offset >> 4;
            boolean fits = (offset & 15) == 0 && units >= 0 && units < 1 << 32 - OFFSET_SHIFT && slots >= 0 && slots < 1 << SLOT_BITS && below >= 0
                    && below < 1 << BELOW_BITS;
            return fits ? (int) units << OFFSET_SHIFT | (int) slots << SLOT_SHIFT | (int) below << BELOW_SHIFT | kind : UNKNOWN;
        }

        /** The words between the CFA and where the return address is; 0 when it is in the link register. */
        public static int slots(int rule) {
            return rule >>> SLOT_SHIFT & (1 << SLOT_BITS) - 1;
        }

        /** The words from the return address, or from the CFA where that has none, down to the caller's frame pointer; 0 when the register has it. */
        public static int below(int rule) {
            return rule >>> BELOW_SHIFT & (1 << BELOW_BITS) - 1;
        }

        /** The offset in bytes. */
        public static int offset(int rule) {
            return rule >>> OFFSET_SHIFT << 4;
        }
    }
}
