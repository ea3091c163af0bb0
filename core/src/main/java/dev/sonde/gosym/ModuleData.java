package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import java.util.Optional;

/**
 * The addresses of {@code runtime.moduledata} that the function table needs but does not hold itself, since Go 1.18.
 *
 * @param text address of {@code runtime.text}, which entries are relative to
 * @param endText address of {@code runtime.etext}
 * @param goFunc address of {@code go:func.*}, which funcdata is relative to; 0 when the layout is unknown
 */
public record ModuleData(long text, long endText, long goFunc) {
    private static final int MIN_PC = 20;
    private static final int TEXT = 22;
    private static final int GO_FUNC_1_18 = 38;
    private static final int GO_FUNC_1_20 = 40;

    /**
     * Finds the module data of {@code table} in {@code data}: a run of pointers that starts with the table's own address and whose
     * {@code minpc} and {@code maxpc} are those of the table. The Go linker puts it into {@code .go.module} (since 1.26),
     * {@code .noptrdata}, {@code .data} or {@code .data.rel.ro}; pointers must be in place, not left to relocations.
     *
     * @param tableAddress virtual address of the start of the table
     * @param data one such section, whole
     */
    public static Optional<ModuleData> find(Pclntab table, long tableAddress, Cursor data) {
        PcHeader header = table.header();
        Cursor in = data.at(0).order(header.table().order()).addressSize(header.table().addressSize());
        if (!header.version().hasOffsets() || tableAddress == 0) {
            return Optional.empty();
        }
        int pointer = in.addressSize();
        for (long at = 0; at + (GO_FUNC_1_20 + 1L) * pointer <= in.size(); at += pointer) {
            if (in.seek(at).address() == tableAddress && isModule(table, in, at)) {
                int goFunc = header.version() == PcHeader.Version.GO_1_18 ? GO_FUNC_1_18 : GO_FUNC_1_20;
                return Optional.of(new ModuleData(word(in, at, TEXT), word(in, at, TEXT + 1), word(in, at, goFunc)));
            }
        }
        return Optional.empty();
    }

    private static boolean isModule(Pclntab table, Cursor in, long at) {
        long text = word(in, at, TEXT) - table.textStart();
        return word(in, at, MIN_PC) == table.entry(0) + text && word(in, at, MIN_PC + 1) == table.entry(table.size()) + text;
    }

    private static long word(Cursor in, long at, int index) {
        return in.seek(at).skip((long) index * in.addressSize()).address();
    }
}
