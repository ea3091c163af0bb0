package dev.sonde.linux;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.DebugFiles;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.SymbolTable;
import dev.sonde.gosym.ModuleData;
import dev.sonde.gosym.Pclntab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Every table that names the functions of one binary: its own symbols, those of its separate debug file and of {@code .gnu_debugdata}, and the
 * function table of a Go program. Each is opened when it is first asked for. A table that is malformed is passed over and told of in
 * {@link #describe}. Not thread-safe.
 */
public final class SymbolSources implements AutoCloseable {
    private static final String[] MODULE_SECTIONS = {".go.module", ".noptrdata", ".data", ".data.rel.ro"};

    private final ElfFile elf;
    private final String path;
    private final List<String> notes = new ArrayList<>();
    private List<SymbolTable> own;
    private List<SymbolTable> separate;
    private Optional<ElfFile> debugFile;
    private Path debugPath = Path.of("");
    private Optional<Pclntab> go;

    /** Tables for {@code elf}, which the caller keeps open; {@code path} is where this process opened it. */
    public SymbolSources(ElfFile elf, String path) {
        this.elf = elf;
        this.path = path;
    }

    /** {@code .symtab}, or {@code .dynsym} of a stripped file; at most one. */
    public List<SymbolTable> own() {
        if (own == null) {
            own = read("symbols", elf::symbols).map(List::of).orElse(List.of());
        }
        return own;
    }

    /** {@code .dynsym} where it is not {@link #own} already; at most one. */
    List<SymbolTable> dynamic() {
        return isStripped() ? List.of() : read(".dynsym", elf::dynsym).map(List::of).orElse(List.of());
    }

    private boolean isStripped() {
        return read(".symtab", elf::symtab).isEmpty();
    }

    /** Further tables of a stripped file: the separate debug file's, then that of {@code .gnu_debugdata}. None when the file has its own symbols. */
    public List<SymbolTable> separate() {
        if (separate == null) {
            separate = new ArrayList<>();
            if (isStripped()) {
                debugFile().flatMap(file -> read("separate debug file", file::symtab)).ifPresent(separate::add);
                read(".gnu_debugdata", () -> elf.miniDebugInfo().flatMap(ElfFile::symtab)).ifPresent(separate::add);
            }
        }
        return separate;
    }

    /** The separate debug file, found by build id or debug link; one that belongs to another build is not taken. */
    public Optional<ElfFile> debugFile() {
        if (debugFile == null) {
            debugFile = read("debug link", this::findDebugFile);
        }
        return debugFile;
    }

    /** Where {@link #debugFile} found it. */
    Path debugPath() {
        return debugPath;
    }

    private Optional<ElfFile> findDebugFile() {
        String root = Executables.root(path);
        Path inside = Path.of(path.substring(root.length()));
        Optional<ElfFile> found = root.isEmpty() ? Optional.empty() : open(new DebugFiles(Path.of(root), DebugFiles.system().roots()), inside);
        return found.isPresent() ? found : open(DebugFiles.system(), root.isEmpty() ? real(Path.of(path)) : inside);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private Optional<ElfFile> open(DebugFiles places, Path inside) {
        Optional<Path> file = places.find(elf, inside);
        if (file.isEmpty()) {
            places.candidates(elf, inside).forEach(this::noteOther);
        }
        return file.flatMap(this::open);
    }

    private Optional<ElfFile> open(Path file) {
        try {
            ElfFile opened = ElfFile.open(file);
            notes.add("separate debug file " + file);
            debugPath = file;
            return Optional.of(opened);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void noteOther(Path candidate) {
        if (Files.isRegularFile(candidate) && !real(candidate).equals(real(Path.of(path)))) {
            notes.add(candidate + " was passed over, for it belongs to another build");
        }
    }

    /** The function table of a Go program, placed. Only asked of a stripped file: others have the same names in their symbols. */
    public Optional<Pclntab> go() {
        if (go == null) {
            go = isStripped() ? read(".gopclntab", this::findGo) : Optional.empty();
        }
        return go;
    }

    private Optional<Pclntab> findGo() {
        Optional<Section> plain = elf.section(".gopclntab").or(() -> elf.section(".data.rel.ro.gopclntab"));
        if (plain.isEmpty() && elf.section(".go.buildinfo").isEmpty()) {
            return Optional.empty();
        }
        // A C linker puts the table of a position-independent program somewhere into this section.
        Optional<Section> section = plain.isPresent() ? plain : elf.section(".data.rel.ro");
        if (section.isEmpty() || !section.get().inFile()) {
            return Optional.empty();
        }
        Cursor bytes = elf.raw(section.get());
        OptionalLong at = plain.isPresent() ? OptionalLong.of(0) : Pclntab.find(bytes);
        return at.isEmpty() ? Optional.empty() : Optional.of(place(bytes, at.getAsLong(), section.get().address()));
    }

    private Pclntab place(Cursor bytes, long at, long address) {
        Pclntab table = Pclntab.read(bytes.slice(at, bytes.size() - at, "pclntab"), 0);
        for (String name : MODULE_SECTIONS) {
            Optional<Section> section = elf.section(name).filter(Section::inFile);
            Optional<ModuleData> module = section.flatMap(data -> ModuleData.find(table, address + at, elf.raw(data)));
            if (module.isPresent()) {
                return table.within(module.get());
            }
        }
        return table;
    }

    private <T> Optional<T> read(String what, Supplier<Optional<T>> reader) {
        try {
            return reader.get();
        } catch (MalformedException e) {
            notes.add(what + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What there is, in words: {@code .dynsym (412 symbols); separate debug file /usr/lib/debug/...}. */
    public String describe() {
        List<String> parts = new ArrayList<>();
        for (SymbolTable table : own()) {
            parts.add((isStripped() ? ".dynsym (" : ".symtab (") + table.size() + " symbols)");
        }
        separate();
        go().ifPresent(table -> parts.add(".gopclntab (" + table.size() + " Go functions)"));
        boolean mini = read(".gnu_debugdata", () -> elf.section(".gnu_debugdata")).isPresent();
        if (mini) {
            parts.add(".gnu_debugdata");
        }
        parts.addAll(notes);
        if (isStripped() && debugFile().isEmpty()) {
            parts.add(read("build id", elf::buildId).map(id -> "no debug file for build id " + id).orElse("no build id"));
        }
        return parts.isEmpty() ? "no symbols" : String.join("; ", parts);
    }

    @Override
    public void close() {
        if (debugFile != null) {
            debugFile.ifPresent(ElfFile::close);
        }
    }
}
