package dev.sonde.linux;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiSection;
import dev.sonde.dwarf.Dwarf;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the DWARF of a binary: in itself, else in its separate debug file. */
final class DebugData implements AutoCloseable {
    /** No register: nobody asks for the caller's frame pointer. */
    private static final int NONE = -1;

    private final ElfFile elf;
    private final SymbolSources sources;
    private final String path;
    private Optional<ElfFile> shared = Optional.empty();

    DebugData(ElfFile elf, SymbolSources sources, String path) {
        this.elf = elf;
        this.sources = sources;
        this.path = path;
    }

    Optional<Dwarf> find() {
        Optional<Dwarf> own = of(elf, Path.of(path));
        return own.isPresent() ? own : sources.debugFile().flatMap(file -> of(file, sources.debugPath()));
    }

    private Optional<Dwarf> of(ElfFile file, Path path) {
        try {
            boolean any = file.section(".debug_info").filter(Section::inFile).or(() -> file.section(".zdebug_info")).isPresent();
            return any ? Optional.of(Dwarf.of(file::contents, () -> shared(file, path))) : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The file that dwz took out of several: {@code .gnu_debugaltlink} has its path, from the file's own directory on, and its build id. */
    private Optional<Dwarf> shared(ElfFile file, Path path) {
        try {
            Optional<Cursor> link = file.contents(".gnu_debugaltlink");
            if (link.isEmpty()) {
                return Optional.empty();
            }
            ElfFile other = ElfFile.open(path.toRealPath().resolveSibling(link.get().string()));
            shared = Optional.of(other);
            return Optional.of(Dwarf.of(other::contents));
        } catch (IOException | MalformedException e) {
            return Optional.empty();
        }
    }

    /** The rule for the frame's address at {@code address}, from {@code .eh_frame}. */
    CfaRule frame(long address) {
        CfaRule[] found = {CfaRule.UNSET};
        try {
            frames().ifPresent(frames -> frames.read(row -> {
                boolean within = Long.compareUnsigned(address, row.start()) >= 0 && Long.compareUnsigned(address, row.end()) < 0;
                found[0] = within ? row.cfa() : found[0];
            }));
        } catch (MalformedException e) {
            // What came before the malformed place holds.
            return found[0];
        }
        return found[0];
    }

    private Optional<CfiSection> frames() {
        long text = elf.section(".text").map(Section::address).orElse(0L);
        Optional<Section> section = elf.section(".eh_frame").filter(Section::inFile);
        return section.map(found -> CfiSection.ehFrame(elf.contents(found), found.address(), text, NONE));
    }

    @Override
    public void close() {
        shared.ifPresent(ElfFile::close);
    }
}
