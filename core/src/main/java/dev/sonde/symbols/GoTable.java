package dev.sonde.symbols;

import dev.sonde.bytes.Cursor;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Symbol;
import dev.sonde.elf.SymbolTable;
import dev.sonde.gosym.GoFrame;
import dev.sonde.gosym.GoFunction;
import dev.sonde.gosym.ModuleData;
import dev.sonde.gosym.Pclntab;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The function table of a Go program: there even when the program was stripped, and the only source that knows lines and inlined calls. */
final class GoTable implements SymbolSource {
    private static final String[] TABLE_SECTIONS = {".gopclntab", ".data.rel.ro.gopclntab"};
    private static final String[] MODULE_SECTIONS = {".go.module", ".noptrdata", ".data", ".data.rel.ro"};
    /** Smaller entries are offsets. */
    private static final long LOWEST_ENTRY = 0x1000;
    private static final int BYTES_PER_PLACE = 512;
    private static final int MAX_KEPT = 1 << 13;

    private final ElfFile elf;
    private final Pclntab table;
    private final long address;
    private final Map<Long, List<GoFrame>> kept = new HashMap<>();
    private final Map<Long, NamedFunction> functions = new HashMap<>();
    private Pclntab withInlining;

    private GoTable(ElfFile elf, Pclntab table, long address) {
        this.elf = elf;
        this.table = table;
        this.address = address;
    }

    /** The table of {@code elf}, if that is a Go program and the table can be placed. */
    static SymbolSource of(ElfFile elf) {
        for (String name : TABLE_SECTIONS) {
            Optional<Section> section = elf.section(name).filter(Section::inFile);
            if (section.isPresent()) {
                return in(elf, section.get());
            }
        }
        // A C linker puts the table of position-independent code among other data.
        Optional<Section> data = elf.section(".go.buildinfo").isPresent() ? elf.section(".data.rel.ro").filter(Section::inFile) : Optional.empty();
        return data.isPresent() ? in(elf, data.get()) : new Nothing();
    }

    private static SymbolSource in(ElfFile elf, Section section) {
        Cursor bytes = elf.raw(section);
        OptionalLong start = Pclntab.find(bytes);
        if (start.isEmpty()) {
            return new Nothing();
        }
        Cursor from = bytes.slice(start.getAsLong(), bytes.size() - start.getAsLong(), section.name());
        return placed(elf, Pclntab.read(from, 0), from, section.address() + start.getAsLong());
    }

    /** Entries of a table that does not say where the code starts count from runtime.text. */
    private static SymbolSource placed(ElfFile elf, Pclntab table, Cursor from, long address) {
        if (table.size() == 0) {
            return new Nothing();
        }
        if (table.textStart() != 0 || table.entry(0) >= LOWEST_ENTRY) {
            return new GoTable(elf, table, address);
        }
        Optional<ModuleData> module = module(elf, table, address);
        OptionalLong text = module.isPresent() ? OptionalLong.of(module.get().text()) : runtimeText(elf);
        return text.isPresent() ? new GoTable(elf, Pclntab.read(from, text.getAsLong()), address) : new Nothing();
    }

    private static Optional<ModuleData> module(ElfFile elf, Pclntab table, long address) {
        for (String name : MODULE_SECTIONS) {
            Optional<Section> section = elf.section(name).filter(Section::inFile);
            Optional<ModuleData> found = section.isEmpty() ? Optional.empty() : ModuleData.find(table, address, elf.raw(section.get()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** By its symbol; in a stripped program the code starts with it unless there is C code as well. */
    private static OptionalLong runtimeText(ElfFile elf) {
        Optional<SymbolTable> symtab = elf.symtab();
        List<Symbol> named = symtab.isPresent() ? symtab.get().byName("runtime.text") : List.of();
        if (!named.isEmpty()) {
            return OptionalLong.of(named.getFirst().value());
        }
        Optional<Section> text = elf.section(".text");
        return text.isPresent() && elf.needed().isEmpty() ? OptionalLong.of(text.get().address()) : OptionalLong.empty();
    }

    @Override
    public NamedFunction lookup(long vaddr) {
        NamedFunction function = functions.get(vaddr);
        if (function == null) {
            Optional<GoFunction> found = table.lookup(vaddr);
            if (found.isEmpty()) {
                return null;
            }
            limit(functions);
            function = NamedFunction.ofGo(found.get().name(), found.get().entry());
            functions.put(vaddr, function);
        }
        return function;
    }

    /** What was inlined where at {@code vaddr}, innermost first, and the function itself last; never empty where {@link #lookup} finds one. */
    List<GoFrame> frames(long vaddr) {
        List<GoFrame> frames = kept.get(vaddr);
        if (frames == null) {
            limit(kept);
            frames = withInlining().frames(vaddr);
            kept.put(vaddr, frames);
        }
        return frames;
    }

    private static void limit(Map<Long, ?> map) {
        if (map.size() >= MAX_KEPT) {
            map.clear();
        }
    }

    private Pclntab withInlining() {
        if (withInlining == null) {
            Optional<ModuleData> module = module(elf, table, address);
            Optional<Cursor> goFunc = module.isPresent() && module.get().goFunc() != 0 ? elf.at(module.get().goFunc()) : Optional.empty();
            withInlining = goFunc.isPresent() ? table.withInlining(goFunc.get()) : table;
        }
        return withInlining;
    }

    @Override
    public long weight() {
        return (long) (kept.size() + functions.size()) * BYTES_PER_PLACE;
    }
}
