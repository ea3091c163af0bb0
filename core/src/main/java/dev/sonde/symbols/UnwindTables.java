package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.Segment;
import dev.sonde.linux.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which unwind table holds where in the memory of a process. The table of a file is made once, whatever processes map it, and handed over; only its
 * number is remembered. Not thread-safe.
 */
public final class UnwindTables {
    /** The number of a table that is not there. */
    public static final int NONE = -1;

    private static final long PAGE = 4096;
    /** Pages of arm64 may have so many bytes; the place of a mapped segment is rounded down to a page. */
    private static final long LARGEST_PAGE = 1 << 16;

    private final ProcessReader reader = new LiveProcesses();
    private final FileFinder finder = new FileFinder(reader);
    private final Store store;
    private final Map<Part, Placed> parts = new HashMap<>();
    private final Map<FileId, Integer> files = new HashMap<>();
    private Code vdso;

    /** @param store takes the tables */
    public UnwindTables(Store store) {
        this.store = store;
    }

    /** Keeps tables. */
    @FunctionalInterface
    public interface Store {
        /** Keeps a table; gives the number by which {@link Code} will name it, or {@link #NONE} when there is no room. */
        int add(UnwindTable table);
    }

    /**
     * Code of a process.
     *
     * @param start first address
     * @param end address after the last
     * @param offset the offset of the first address, as the table counts
     * @param table {@link #NONE} where only frame pointers can help
     * @param file where the first address is in a file
     */
    public record Code(long start, long end, long offset, int table, FileOffset file) {}

    /**
     * A place in a file.
     *
     * @param device major number in the high, minor number in the low 32 bits
     * @param inode 0 for memory without a file
     * @param offset bytes
     */
    public record FileOffset(long device, long inode, long offset) {}

    /** A part of a file that can be mapped, as it was when it was last written. */
    private record Part(long device, long inode, long offset, FileStamp stamp) {}

    /** Where a part is in a table. */
    private record Placed(long offset, int table) {}

    /**
     * The code of process {@code pid} in order of address; none when it has ended or may not be looked at.
     *
     * @param each gets each part as soon as its table is there
     */
    public List<Code> of(int pid, Consumer<Code> each) {
        List<Code> code = new ArrayList<>();
        Optional<ProcessIdentity> identity = reader.identity(pid);
        if (identity.isPresent()) {
            AddressSpace space = AddressSpace.of(pid, identity.get(), reader.mountNamespace(pid), reader.mappings(pid));
            for (Mapping mapping : space.code()) {
                Placed placed = placed(space, mapping);
                code.add(new Code(mapping.start(), mapping.end(), placed.offset(), placed.table(),
                        new FileOffset(mapping.device(), mapping.inode(), mapping.offset())));
                each.accept(code.getLast());
            }
        }
        return code;
    }

    /**
     * Makes the tables of the program at {@code path} and of the libraries that it names, which a process will soon map; gives their code, whose
     * addresses are offsets in the files.
     */
    public List<Code> expect(Path path) {
        List<Code> code = new ArrayList<>();
        List<String> needed = new ArrayList<>();
        expect(path, needed, code);
        Path directory = libraries();
        for (String name : List.copyOf(needed)) {
            expect(name.startsWith("/") ? Path.of(name) : directory.resolve(name), needed, code);
        }
        return code;
    }

    /** The same for the C library, which most programs need. */
    public List<Code> expectLibrary() {
        List<Code> code = new ArrayList<>();
        expect(libraries().resolve("libc.so.6"), new ArrayList<>(), code);
        return code;
    }

    /** The same for the vdso, which every process has. It has no file: inode and device are 0. */
    public Code expectVdso() {
        if (vdso == null) {
            byte[] image = Vdso.image().orElse(new byte[0]);
            Placed placed = new Placed(0, NONE);
            try {
                placed = place(ElfBytes.of(image, Vdso.NAME), 0, 0, 0);
            } catch (MalformedException e) {
                // Frame pointers have to do.
            }
            vdso = new Code(0, image.length, placed.offset(), placed.table(), new FileOffset(0, 0, 0));
        }
        return vdso;
    }

    private void expect(Path path, List<String> needed, List<Code> code) {
        try (ElfBytes bytes = ElfBytes.open(path, 0)) {
            if (bytes != null) {
                needed.addAll(bytes.elf().needed());
                bytes.elf().interpreter().ifPresent(needed::add);
                own(path).ifPresent(file -> expect(bytes, file, code));
            }
        } catch (IOException | MalformedException e) {
            // The process that maps it will show what is there.
            return;
        }
    }

    /** Our own mapping of a file: there the kernel tells device and inode as it has them itself, which stat(2) does not on every file system. */
    private Optional<Mapping> own(Path path) throws IOException {
        String name = path.toRealPath().toString();
        for (Mapping mapping : reader.mappings((int) ProcessHandle.current().pid())) {
            if (mapping.path().equals(name)) {
                return Optional.of(mapping);
            }
        }
        return Optional.empty();
    }

    private void expect(ElfBytes bytes, Mapping file, List<Code> code) {
        for (Segment segment : bytes.elf().segments()) {
            if (segment.isExecutable()) {
                long offset = segment.offset() & -PAGE;
                Placed placed = place(bytes, file.device(), file.inode(), offset);
                code.add(new Code(offset, segment.offset() + segment.fileSize(), placed.offset(), placed.table(),
                        new FileOffset(file.device(), file.inode(), offset)));
            }
        }
    }

    /** Where our own C library is: most others are beside it. */
    private Path libraries() {
        for (Mapping mapping : reader.mappings((int) ProcessHandle.current().pid())) {
            if (mapping.isFile() && mapping.path().contains("/libc.")) {
                return Path.of(mapping.path()).getParent();
            }
        }
        return Path.of("/lib");
    }

    private Placed placed(AddressSpace space, Mapping mapping) {
        if (mapping.path().equals(Vdso.NAME)) {
            return vdso(mapping);
        }
        Optional<FileFinder.Found> found = mapping.inode() == 0 ? Optional.empty() : finder.find(space, mapping);
        if (found.isEmpty()) {
            return new Placed(0, NONE);
        }
        try {
            Part part = new Part(mapping.device(), mapping.inode(), mapping.offset(), FileStamp.of(found.get().path()));
            Placed known = parts.get(part);
            if (known == null) {
                known = place(found.get().path(), mapping);
                parts.put(part, known);
            }
            return known;
        } catch (IOException e) {
            return new Placed(0, NONE);
        }
    }

    private Placed place(Path path, Mapping mapping) throws IOException {
        try (ElfBytes bytes = ElfBytes.open(path, mapping.offset())) {
            return bytes == null ? new Placed(0, NONE) : place(bytes, mapping.device(), mapping.inode(), mapping.offset());
        } catch (MalformedException e) {
            return new Placed(0, NONE);
        }
    }

    private Placed vdso(Mapping mapping) {
        if (mapping.start() >>> 32 == 0) {
            return new Placed(0, NONE);
        }
        return new Placed(expectVdso().offset(), vdso.table());
    }

    private Placed place(ElfBytes bytes, long device, long inode, long offset) {
        for (Segment segment : bytes.elf().segments()) {
            long skipped = offset - bytes.base() - segment.offset();
            if (segment.isExecutable() && skipped < segment.fileSize() && skipped >= -(segment.offset() % LARGEST_PAGE)) {
                Table table = table(bytes, new FileId.Inode(device, inode, bytes.base()));
                return new Placed(skipped + segment.vaddr() - table.base(), table.number());
            }
        }
        return new Placed(0, NONE);
    }

    /** A table in the store. */
    private record Table(long base, int number) {}

    private Table table(ElfBytes bytes, FileId inode) {
        FileId id = bytes.elf().buildId().map(digits -> (FileId) new FileId.BuildId(digits)).orElse(inode);
        Integer known = files.get(id);
        if (known == null) {
            UnwindTable table = UnwindTable.read(bytes.elf());
            known = table.size() == 0 ? NONE : store.add(table);
            files.put(id, known);
        }
        return new Table(UnwindTable.base(bytes.elf()), known);
    }
}
