package dev.sonde.linux;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.NamePattern;
import dev.sonde.elf.StapNote;
import dev.sonde.elf.StapNotes;
import dev.sonde.elf.Symbol;
import dev.sonde.elf.SymbolTable;
import dev.sonde.gosym.GoFunction;
import dev.sonde.gosym.Pclntab;
import dev.sonde.target.Binary;
import dev.sonde.target.DebugInformation;
import dev.sonde.target.DwarfInformation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A binary over its file. Names and virtual addresses come from whatever table has them, also from another file; file offsets always from the
 * segments of the file that runs, because that is what a probe is put into. Not thread-safe.
 */
final class LiveBinary implements Binary, AutoCloseable {
    private final String path;
    private final ElfFile elf;
    private final SymbolSources sources;
    private final DebugData debugData;
    private Optional<DebugInformation> debug;

    private LiveBinary(String path, ElfFile elf) {
        this.path = path;
        this.elf = elf;
        this.sources = new SymbolSources(elf, path);
        this.debugData = new DebugData(elf, sources, path);
    }

    /** Opens a file; empty when it cannot be read or is no ELF file that can be loaded. */
    static Optional<LiveBinary> open(String path) {
        try {
            return open(path, ElfFile.open(Path.of(path)));
        } catch (IOException | MalformedException e) {
            return Optional.empty();
        }
    }

    private static Optional<LiveBinary> open(String path, ElfFile elf) {
        try {
            return elf.segments().isEmpty() ? Optional.empty() : Optional.of(new LiveBinary(path, elf));
        } catch (MalformedException e) {
            elf.close();
            return Optional.empty();
        }
    }

    @Override
    public String path() {
        return path;
    }

    /** The own table alone decides where it has the name: looking for a debug file takes longer. */
    @Override
    public List<Function> functions(String name) {
        NamePattern pattern = NamePattern.of(name);
        FunctionList found = new FunctionList(elf);
        if (pattern.isLiteral()) {
            each(sources.own(), table -> found.addFunctions(table, pattern));
            if (found.isEmpty()) {
                each(sources.separate(), table -> found.addFunctions(table, pattern));
            }
            if (found.isEmpty()) {
                each(goTables(), table -> table.byName(name).forEach(found::add));
            }
            if (found.isEmpty()) {
                each(sources.own(), table -> found.addUntyped(table, pattern));
            }
        }
        return found.distinct();
    }

    /** Shows each table to {@code reader}. What is found before a malformed place in a table counts. */
    private static <T> void each(List<T> tables, Consumer<T> reader) {
        for (T table : tables) {
            try {
                reader.accept(table);
            } catch (MalformedException e) {
                // The next table may be whole; describing the sources tells of tables that cannot be opened at all.
                continue;
            }
        }
    }

    private List<Pclntab> goTables() {
        return sources.go().map(List::of).orElse(List.of());
    }

    @Override
    public List<Function> matching(String pattern) {
        NamePattern names = NamePattern.of(pattern);
        FunctionList found = new FunctionList(elf);
        each(sources.own(), table -> found.addFunctions(table, names));
        each(sources.separate(), table -> found.addFunctions(table, names));
        each(goTables(), table -> found.addMatching(table, names));
        return found.distinct();
    }

    @Override
    public List<String> names(String pattern) {
        NamePattern names = NamePattern.of(pattern);
        List<SymbolTable> tables = new ArrayList<>(sources.own());
        List<SymbolTable> dynamic = sources.dynamic();
        tables.addAll(dynamic);
        tables.addAll(sources.separate());
        List<String> go = new ArrayList<>();
        each(goTables(), table -> addNames(table, names, go));
        try {
            return SymbolTable.functionNames(tables, names, !dynamic.isEmpty(), go);
        } catch (MalformedException e) {
            return Binary.super.names(pattern);
        }
    }

    private static void addNames(Pclntab table, NamePattern pattern, List<String> names) {
        for (int i = 0; i < table.size(); i++) {
            if (pattern.matches(table.name(i))) {
                names.add(table.name(i));
            }
        }
    }

    /** The star of a pointer type is taken for that first, and only then for a wildcard. */
    @Override
    public List<Function> demangled(String name) {
        List<Function> found = demangled(DemangledPattern.literal(name));
        return found.isEmpty() && name.indexOf('*') >= 0 ? demangled(DemangledPattern.of(name)) : found;
    }

    private List<Function> demangled(DemangledPattern pattern) {
        FunctionList found = new FunctionList(elf);
        each(sources.own(), table -> found.addDemangled(table, pattern));
        each(sources.separate(), table -> found.addDemangled(table, pattern));
        return found.distinct();
    }

    @Override
    public Optional<Function> functionAt(long address) {
        Optional<Function> own = first(sources.own(), table -> functionAt(table, address));
        Optional<Function> named = own.isPresent() ? own : first(sources.separate(), table -> functionAt(table, address));
        return named.isPresent() ? named : first(goTables(), table -> table.lookup(address).flatMap(this::function));
    }

    private static <T> Optional<Function> first(List<T> tables, java.util.function.Function<T, Optional<Function>> reader) {
        List<Function> found = new ArrayList<>(1);
        each(tables, table -> {
            if (found.isEmpty()) {
                reader.apply(table).ifPresent(found::add);
            }
        });
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    private Optional<Function> functionAt(SymbolTable table, long address) {
        return table.lookup(address).filter(Symbol::isFunction).flatMap(this::function);
    }

    private Optional<Function> function(Symbol symbol) {
        return fileOffset(symbol.value()).map(offset -> new Function(symbol.name(), symbol.value(), symbol.size(), offset));
    }

    private Optional<Function> function(GoFunction go) {
        return fileOffset(go.entry()).map(offset -> new Function(go.name(), go.entry(), go.end() - go.entry(), offset));
    }

    @Override
    public boolean hasGo() {
        return elf.section(".go.buildinfo").isPresent() || elf.section(".gopclntab").isPresent();
    }

    @Override
    public Optional<DebugInformation> debugInformation() {
        if (debug == null) {
            debug = debugData.find().map(dwarf -> new DwarfInformation(dwarf, debugData::frame));
        }
        return debug;
    }

    @Override
    public Optional<Long> fileOffset(long address) {
        var offset = elf.fileOffset(address);
        return offset.isPresent() ? Optional.of(offset.getAsLong()) : Optional.empty();
    }

    @Override
    public List<Usdt> usdt(String provider, String name) {
        NamePattern providers = NamePattern.of(provider);
        NamePattern names = NamePattern.of(name);
        List<Usdt> found = new ArrayList<>();
        for (StapNote note : notes()) {
            Optional<Long> offset = fileOffset(note.pc());
            if (offset.isPresent() && providers.matches(note.provider()) && names.matches(note.name())) {
                long semaphore = note.semaphore() == 0 ? 0 : fileOffset(note.semaphore()).orElse(0L);
                found.add(new Usdt(note.provider(), note.name(), note.pc(), offset.get(), semaphore, note.arguments()));
            }
        }
        return found;
    }

    private List<StapNote> notes() {
        try {
            return StapNotes.read(elf);
        } catch (MalformedException e) {
            return List.of();
        }
    }

    /** Data in {@code .bss} is in no file: its file offset is given as 0. */
    @Override
    public Optional<Function> symbol(String name) {
        NamePattern pattern = NamePattern.of(name);
        if (!pattern.isLiteral()) {
            return Optional.empty();
        }
        Optional<Function> own = first(sources.own(), table -> symbol(table, pattern));
        Optional<Function> found = own.isPresent() ? own : first(sources.separate(), table -> symbol(table, pattern));
        return found.isPresent() ? found : functions(name).stream().findFirst();
    }

    /** Of several a typed one, then the first. */
    private Optional<Function> symbol(SymbolTable table, NamePattern pattern) {
        Symbol best = null;
        for (Symbol symbol : table.matching(pattern)) {
            boolean placed = switch (symbol.type()) {
                case STT_OBJECT, STT_FUNC, STT_GNU_IFUNC, STT_NOTYPE, STT_COMMON -> true;
                case STT_SECTION, STT_FILE, STT_TLS, STT_UNKNOWN -> false;
            };
            if (placed && (best == null || best.type() == Symbol.Type.STT_NOTYPE && symbol.type() != Symbol.Type.STT_NOTYPE)) {
                best = symbol;
            }
        }
        return Optional.ofNullable(best).map(s -> new Function(s.name(), s.value(), s.size(), fileOffset(s.value()).orElse(0L)));
    }

    @Override
    public byte[] code(long address, int count) {
        try {
            Optional<Cursor> bytes = elf.at(address);
            return bytes.map(code -> code.bytes(Math.min(count, code.remaining()))).orElse(new byte[0]);
        } catch (MalformedException e) {
            return new byte[0];
        }
    }

    @Override
    public boolean positionIndependent() {
        return elf.isDyn();
    }

    @Override
    public List<String> nearest(String name) {
        NearestNames nearest = new NearestNames(name);
        each(sources.own(), nearest::addFunctions);
        each(sources.separate(), nearest::addFunctions);
        each(goTables(), nearest::addFunctions);
        return nearest.names();
    }

    @Override
    public String symbolSources() {
        return sources.describe();
    }

    @Override
    public void close() {
        debugData.close();
        sources.close();
        elf.close();
    }

    @Override
    public String toString() {
        return path;
    }

    /** Functions gathered from several tables. Those that no segment of the running file covers are left out. */
    private static final class FunctionList {
        private final ElfFile elf;
        private final List<Function> functions = new ArrayList<>();

        FunctionList(ElfFile elf) {
            this.elf = elf;
        }

        boolean isEmpty() {
            return functions.isEmpty();
        }

        private void add(String name, long address, long size) {
            elf.fileOffset(address).ifPresent(offset -> functions.add(new Function(name, address, size, offset)));
        }

        void add(GoFunction go) {
            add(go.name(), go.entry(), go.end() - go.entry());
        }

        private void add(SymbolTable table, int i) {
            add(table.name(i), table.value(i), table.size(i));
        }

        void addFunctions(SymbolTable table, NamePattern pattern) {
            table.forEachMatch(pattern, i -> {
                if (table.isDefinedFunction(i)) {
                    add(table, i);
                }
            });
        }

        /** Code written in assembly often has names without a type. */
        void addUntyped(SymbolTable table, NamePattern pattern) {
            table.forEachMatch(pattern, i -> {
                int section = table.section(i);
                boolean inCode = section > 0 && section < elf.sections().size() && elf.sections().get(section).isExecutable();
                if (inCode && table.type(i) == Symbol.Type.STT_NOTYPE) {
                    add(table, i);
                }
            });
        }

        void addMatching(Pclntab table, NamePattern pattern) {
            for (int i = 0; i < table.size(); i++) {
                if (pattern.matches(table.name(i))) {
                    add(table.function(i));
                }
            }
        }

        void addDemangled(SymbolTable table, DemangledPattern pattern) {
            table.forEachMatch(pattern.mangled(), i -> {
                if (table.isDefinedFunction(i) && pattern.matches(table.name(i))) {
                    add(table, i);
                }
            });
        }

        /** In order of address, the first found of those at one address. */
        List<Function> distinct() {
            functions.sort((a, b) -> Long.compareUnsigned(a.address(), b.address()));
            List<Function> distinct = new ArrayList<>();
            for (Function function : functions) {
                if (distinct.isEmpty() || distinct.getLast().address() != function.address()) {
                    distinct.add(function);
                }
            }
            return distinct;
        }
    }
}
