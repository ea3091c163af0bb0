package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One ELF file over its bytes, of 32 or 64 bits and either byte order.
 *
 * <p>Nothing but the file header is read until it is asked for, and then only once. Every method may throw
 * {@link dev.sonde.bytes.MalformedException} when the part it reads does not follow the format. Not thread-safe.
 */
public final class ElfFile implements AutoCloseable {
    public static final int ET_REL = 1;
    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;
    public static final int ET_CORE = 4;
    public static final int EM_386 = 3;
    public static final int EM_ARM = 40;
    public static final int EM_X86_64 = 62;
    public static final int EM_AARCH64 = 183;
    public static final int EM_RISCV = 243;
    private static final int MAX_INTERPRETER = 4096;
    private static final int MAX_BUILD_ID = 64;

    private final Arena owned;
    private final Cursor file;
    private final ElfHeader header;
    private List<Section> sections;
    private List<Segment> segments;
    private Dynamic dynamic;
    private Optional<SymbolTable> symtab;
    private Optional<SymbolTable> dynsym;

    private ElfFile(MemorySegment bytes, String name, Arena owned) {
        this.owned = owned;
        this.file = ElfHeader.cursor(bytes, name);
        this.header = ElfHeader.read(file);
    }

    /** Reads {@code bytes}, which the caller keeps alive; {@code name} is used in errors. */
    public static ElfFile of(MemorySegment bytes, String name) {
        return new ElfFile(bytes, name, null);
    }

    /**
     * Maps the regular file {@code path} read-only until {@link #close()}.
     *
     * <p>The mapping is the file itself: one that another process truncates meanwhile fails with an {@link InternalError} on access.
     */
    public static ElfFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new ElfFile(map(path, arena), path.toString(), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + (Files.exists(path) ? " is not a regular file" : " does not exist"));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** Whether addresses have 64 bits. */
    public boolean is64() {
        return file.addressSize() == 8;
    }

    /** Byte order of the file. */
    public ByteOrder order() {
        return file.order();
    }

    /** {@code ET_*}. */
    public int type() {
        return header.type();
    }

    /** {@code EM_*}. */
    public int machine() {
        return header.machine();
    }

    /** Virtual address of the entry point, 0 for none. */
    public long entry() {
        return header.entry();
    }

    /** Whether the file is linked to be loaded at any address: a shared object or a position-independent executable. */
    public boolean isDyn() {
        return header.type() == ET_DYN;
    }

    /** Whether the file is a position-independent executable: {@code DF_1_PIE}, or before binutils 2.26 an interpreter and {@code DT_DEBUG}. */
    public boolean isPie() {
        return isDyn() && ((dynamic().flags1() & Dynamic.DF_1_PIE) != 0 || dynamic().debug() && interpreter().isPresent());
    }

    /** Section headers in file order, with the null section first; empty when there are none. */
    public List<Section> sections() {
        if (sections == null) {
            sections = new HeaderTables(file.at(0), header).sections();
        }
        return sections;
    }

    /** The first section called {@code name}. */
    public Optional<Section> section(String name) {
        for (Section section : sections()) {
            if (section.name().equals(name)) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** Program headers in file order. */
    public List<Segment> segments() {
        if (segments == null) {
            segments = new HeaderTables(file.at(0), header).segments();
        }
        return segments;
    }

    /** The bytes of {@code section} as they are in the file, still compressed if they are; empty for {@code SHT_NOBITS}. */
    public Cursor raw(Section section) {
        return bytes(section.inFile() ? section.offset() : 0, section.inFile() ? section.size() : 0, section.name());
    }

    /** The bytes of {@code section}, inflated when it is compressed, with the file's byte order and address size. */
    public Cursor contents(Section section) {
        Cursor raw = raw(section);
        if (raw.size() > 0 && (section.flags() & Section.SHF_COMPRESSED) != 0) {
            return cursor(CompressedSection.inflate(raw), section.name());
        }
        return raw.size() > 0 && section.name().startsWith(".zdebug_") ? cursor(CompressedSection.inflateZdebug(raw), section.name()) : raw;
    }

    /** The same for the first section called {@code name} whose bytes are in the file; {@code .debug_x} is also found as {@code .zdebug_x}. */
    public Optional<Cursor> contents(String name) {
        Optional<Section> section = section(name).filter(Section::inFile);
        if (section.isEmpty() && name.startsWith(".debug_")) {
            section = section(".z" + name.substring(1)).filter(Section::inFile);
        }
        return section.map(this::contents);
    }

    private Cursor cursor(MemorySegment bytes, String name) {
        return Cursor.of(bytes, name).order(order()).addressSize(file.addressSize());
    }

    /** {@code size} bytes from file offset {@code offset}; {@code name} is used in errors. */
    Cursor bytes(long offset, long size, String name) {
        return file.slice(offset, size, name);
    }

    /** The file offset of the byte loaded at {@code vaddr}: {@code vaddr - p_vaddr + p_offset} of the PT_LOAD that covers it. */
    public OptionalLong fileOffset(long vaddr) {
        for (Segment segment : segments()) {
            if (segment.loads(vaddr)) {
                return OptionalLong.of(vaddr - segment.vaddr() + segment.offset());
            }
        }
        return OptionalLong.empty();
    }

    /** The loaded bytes from {@code vaddr} to the end of what its PT_LOAD has in the file; empty where no such segment covers it. */
    public Optional<Cursor> at(long vaddr) {
        for (Segment segment : segments()) {
            if (segment.loads(vaddr)) {
                long skipped = vaddr - segment.vaddr();
                return Optional.of(bytes(segment.offset() + skipped, segment.fileSize() - skipped, "PT_LOAD"));
            }
        }
        return Optional.empty();
    }

    /** The virtual address that the byte at {@code offset} is loaded at. */
    public OptionalLong vaddrOf(long offset) {
        for (Segment segment : segments()) {
            if (segment.loadsOffset(offset)) {
                return OptionalLong.of(offset - segment.offset() + segment.vaddr());
            }
        }
        return OptionalLong.empty();
    }

    /** The build id in lower-case hexadecimal, from {@code .note.gnu.build-id}, else from the PT_NOTE segments. */
    public Optional<String> buildId() {
        Optional<Section> section = section(".note.gnu.build-id").filter(Section::inFile);
        if (section.isPresent()) {
            return buildId(raw(section.get()), section.get().alignment());
        }
        for (Segment segment : segments()) {
            if (segment.type() == Segment.PT_NOTE) {
                Optional<String> id = buildId(bytes(segment.offset(), segment.fileSize(), "PT_NOTE"), segment.alignment());
                if (id.isPresent()) {
                    return id;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> buildId(Cursor notes, long alignment) {
        while (Note.hasNext(notes)) {
            Note note = Note.next(notes, alignment);
            long size = note.description().size();
            if (note.type() == Note.NT_GNU_BUILD_ID && note.owner().equals("GNU") && size > 0 && size <= MAX_BUILD_ID) {
                return Optional.of(HexFormat.of().formatHex(note.description().bytes(size)));
            }
        }
        return Optional.empty();
    }

    /** The separate debug file that {@code .gnu_debuglink} names. */
    public Optional<DebugLink> debugLink() {
        return section(".gnu_debuglink").filter(Section::inFile).map(section -> {
            Cursor in = raw(section);
            return new DebugLink(in.string(), in.align(4).s32());
        });
    }

    /** The dynamic linker's path, from PT_INTERP. */
    public Optional<String> interpreter() {
        for (Segment segment : segments()) {
            if (segment.type() == Segment.PT_INTERP && segment.fileSize() > 0) {
                long size = Math.min(segment.fileSize(), MAX_INTERPRETER);
                return Optional.of(bytes(segment.offset(), size, "PT_INTERP").string());
            }
        }
        return Optional.empty();
    }

    /** {@code DT_SONAME}. */
    public Optional<String> soname() {
        return dynamic().soname().isEmpty() ? Optional.empty() : Optional.of(dynamic().soname());
    }

    /** File names of {@code DT_NEEDED}, in order. */
    public List<String> needed() {
        return dynamic().needed();
    }

    private Dynamic dynamic() {
        if (dynamic == null) {
            Optional<Cursor> table = dynamicTable();
            dynamic = table.isPresent() ? Dynamic.read(this, table.get()) : Dynamic.NONE;
        }
        return dynamic;
    }

    /** A file with sections is believed about them: a separate debug file keeps a PT_DYNAMIC that points nowhere. */
    private Optional<Cursor> dynamicTable() {
        if (!sections().isEmpty()) {
            return firstOfType(Section.SHT_DYNAMIC).map(this::raw);
        }
        for (Segment segment : segments()) {
            if (segment.type() == Segment.PT_DYNAMIC) {
                return Optional.of(bytes(segment.offset(), segment.fileSize(), "PT_DYNAMIC"));
            }
        }
        return Optional.empty();
    }

    Optional<Section> firstOfType(int type) {
        for (Section section : sections()) {
            if (section.type() == type) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }

    /** The full symbol table, {@code .symtab}. */
    public Optional<SymbolTable> symtab() {
        if (symtab == null) {
            symtab = firstOfType(Section.SHT_SYMTAB).map(section -> SymbolTable.of(this, section));
        }
        return symtab;
    }

    /** The dynamic symbol table, {@code .dynsym}. */
    public Optional<SymbolTable> dynsym() {
        if (dynsym == null) {
            dynsym = firstOfType(Section.SHT_DYNSYM).filter(Section::inFile).map(section -> SymbolTable.of(this, section));
        }
        return dynsym;
    }

    /** {@code .symtab}, or {@code .dynsym} where the file was stripped. */
    public Optional<SymbolTable> symbols() {
        Optional<SymbolTable> full = symtab();
        return full.isPresent() ? full : dynsym();
    }

    /** The file with a fuller symbol table inside section {@code .gnu_debugdata} (MiniDebugInfo), in memory; same addresses as this one. */
    public Optional<ElfFile> miniDebugInfo() {
        return MiniDebugInfo.read(this);
    }

    /** Unmaps a file from {@link #open}; what was read from it must not be used any more. */
    @Override
    public void close() {
        if (owned != null) {
            owned.close();
        }
    }
}
