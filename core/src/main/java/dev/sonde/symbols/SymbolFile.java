package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.DebugFiles;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Segment;
import dev.sonde.elf.SymbolTable;
import dev.sonde.gosym.GoFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The names in one ELF file and in the files that belong to it. Sources are opened when those before them do not know an address; one that is
 * malformed is reported once and counts as empty from then on. Not thread-safe.
 */
final class SymbolFile implements AutoCloseable {
    /** The sources in the order they are asked: full tables first, those with exported names only after them. */
    private enum Kind {
        GO_PCLNTAB, SYMTAB, DEBUG_FILE, MINI_DEBUG_INFO, DYNSYM, PLT
    }

    private static final Kind[] KINDS = Kind.values();
    /** The virtual machine tells by an {@link InternalError} that a mapped file has become shorter. */
    private static final String CUT_SHORT = "the file was cut short";
    private static final long FIXED_WEIGHT = 4096;
    /** How much larger a compressed symbol table is in memory, about. */
    private static final long EXPANSION = 5;

    private final FileId id;
    private final ElfBytes bytes;
    private final ElfFile elf;
    private final Path path;
    private final List<Path> roots;
    private final String buildId;
    private final Consumer<String> log;
    private final List<SymbolSource> sources = new ArrayList<>(KINDS.length);
    private ElfFile debugFile;

    /**
     * @param path absolute path of the file, as its process names it
     * @param roots directories that such paths start from, where separate debug files may be
     */
    SymbolFile(FileId id, ElfBytes bytes, Path path, List<Path> roots, Consumer<String> log) {
        this.id = id;
        this.bytes = bytes;
        this.elf = bytes.elf();
        this.buildId = id instanceof FileId.BuildId(String digits) ? digits : "";
        this.path = path;
        this.roots = List.copyOf(roots);
        this.log = log;
    }

    FileId id() {
        return id;
    }

    /** Offset of the ELF file in the file that processes map. */
    long base() {
        return bytes.base();
    }

    /** In hexadecimal; empty when the file has none. */
    String buildId() {
        return buildId;
    }

    /** The function at {@code offset} bytes from the start of the ELF file, null when no source names one. */
    NamedFunction lookup(long offset) {
        long vaddr = vaddr(offset);
        for (int i = 0; i < KINDS.length; i++) {
            if (i == sources.size()) {
                sources.add(open(KINDS[i]));
            }
            NamedFunction function = lookup(i, vaddr);
            if (function != null) {
                return function;
            }
        }
        return null;
    }

    /** What was inlined where at {@code offset}, innermost first, and the function itself last; empty when the file does not tell. */
    List<GoFrame> inlined(long offset) {
        if (sources.isEmpty() || !(sources.getFirst() instanceof GoTable table)) {
            return List.of();
        }
        try {
            return table.frames(vaddr(offset));
        } catch (MalformedException e) {
            report(e.getMessage());
        } catch (InternalError e) {
            report(CUT_SHORT);
        }
        sources.set(0, new SymbolSource.Nothing());
        return List.of();
    }

    /** The virtual address of an offset; of the same value where no segment holds it. */
    long vaddr(long offset) {
        for (Segment segment : elf.segments()) {
            if (segment.isExecutable() && Long.compareUnsigned(offset - segment.offset(), segment.fileSize()) < 0) {
                return offset - segment.offset() + segment.vaddr();
            }
        }
        return elf.vaddrOf(offset).orElse(offset);
    }

    private NamedFunction lookup(int i, long vaddr) {
        try {
            return sources.get(i).lookup(vaddr);
        } catch (MalformedException e) {
            report(e.getMessage());
        } catch (InternalError e) {
            report(CUT_SHORT);
        }
        sources.set(i, new SymbolSource.Nothing());
        return null;
    }

    private void report(String problem) {
        log.accept("symbols of " + path + ": " + problem);
    }

    private SymbolSource open(Kind kind) {
        try {
            return switch (kind) {
                case GO_PCLNTAB -> GoTable.of(elf);
                case SYMTAB -> SymbolSource.Table.of(elf.symtab(), 0);
                case DEBUG_FILE -> debugFile();
                case MINI_DEBUG_INFO -> miniDebugInfo();
                case DYNSYM -> SymbolSource.Table.of(elf.dynsym(), 0);
                case PLT -> new SymbolSource.Plt(elf);
            };
        } catch (IOException | MalformedException e) {
            report(e.getMessage());
        } catch (InternalError e) {
            report(CUT_SHORT);
        }
        return new SymbolSource.Nothing();
    }

    private SymbolSource debugFile() throws IOException {
        for (Path root : roots) {
            Optional<Path> found = new DebugFiles(root, DebugFiles.system().roots()).find(elf, path);
            if (found.isPresent()) {
                debugFile = ElfFile.open(found.get());
                return SymbolSource.Table.of(debugFile.symtab(), 0);
            }
        }
        return new SymbolSource.Nothing();
    }

    private SymbolSource miniDebugInfo() {
        Optional<ElfFile> inner = elf.miniDebugInfo();
        Optional<SymbolTable> symtab = inner.isPresent() ? inner.get().symtab() : Optional.empty();
        return SymbolSource.Table.of(symtab, EXPANSION * elf.section(".gnu_debugdata").map(Section::size).orElse(0L));
    }

    /** Bytes of heap, about. */
    long weight() {
        long weight = FIXED_WEIGHT;
        for (SymbolSource source : sources) {
            weight += source.weight();
        }
        return weight;
    }

    @Override
    public void close() {
        bytes.close();
        if (debugFile != null) {
            debugFile.close();
        }
    }
}
