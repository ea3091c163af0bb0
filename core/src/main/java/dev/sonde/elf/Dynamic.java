package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * The dynamic table: pairs of tag and value up to {@code DT_NULL} (gABI "Dynamic Section").
 *
 * @param needed file names of {@code DT_NEEDED}, in order
 * @param soname {@code DT_SONAME}, or empty
 * @param debug whether {@code DT_DEBUG} is there, which linkers write into executables only
 * @param flags1 {@code DT_FLAGS_1}
 */
record Dynamic(List<String> needed, String soname, boolean debug, long flags1) {
    static final Dynamic NONE = new Dynamic(List.of(), "", false, 0);
    static final long DF_1_PIE = 0x08000000;
    private static final int DT_NULL = 0;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;
    private static final int DT_STRSZ = 10;
    private static final int DT_SONAME = 14;
    private static final int DT_DEBUG = 21;
    private static final int DT_FLAGS_1 = 0x6ffffffb;
    private static final int MAX_TABLE = 1 << 16;

    static Dynamic read(ElfFile elf, Cursor table) {
        if (table.size() > MAX_TABLE) {
            throw table.malformed("a table of at most " + MAX_TABLE + " bytes");
        }
        List<Integer> neededAt = new ArrayList<>();
        long sonameAt = 0;
        long strings = 0;
        long stringsSize = 0;
        boolean debug = false;
        long flags1 = 0;
        while (table.hasRemaining()) {
            long tag = table.address();
            long value = table.address();
            if (tag == DT_NULL) {
                break;
            }
            switch ((int) tag) {
                case DT_NEEDED -> neededAt.add((int) value);
                case DT_SONAME -> sonameAt = value;
                case DT_STRTAB -> strings = value;
                case DT_STRSZ -> stringsSize = value;
                case DT_DEBUG -> debug = true;
                case DT_FLAGS_1 -> flags1 = value;
                default -> { }
            }
        }
        if (neededAt.isEmpty() && sonameAt == 0) {
            return new Dynamic(List.of(), "", debug, flags1);
        }
        StringTable names = names(elf, table, strings, stringsSize);
        return new Dynamic(names(neededAt, names), sonameAt == 0 ? "" : names.get((int) sonameAt), debug, flags1);
    }

    private static StringTable names(ElfFile elf, Cursor table, long address, long size) {
        long offset = elf.fileOffset(address).orElseThrow(() -> table.malformed("DT_STRTAB within a loaded segment"));
        return StringTable.of(elf.bytes(offset, size, "dynamic strings"));
    }

    private static List<String> names(List<Integer> offsets, StringTable names) {
        List<String> result = new ArrayList<>(offsets.size());
        for (int offset : offsets) {
            result.add(names.get(offset));
        }
        return List.copyOf(result);
    }
}
