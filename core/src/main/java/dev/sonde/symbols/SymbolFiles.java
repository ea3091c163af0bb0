package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.linux.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The symbol files in use, each once, whatever processes map it. The least recently used ones are closed when they take too much together. */
final class SymbolFiles implements AutoCloseable {
    private static final int MAX_NOTES = 1 << 13;

    private final FileFinder finder;
    private final Consumer<String> log;
    private final long maxWeight;
    private final int maxFiles;
    private final LinkedHashMap<FileId, SymbolFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Part, FileId> ids = new HashMap<>();
    private final Set<Part> notElf = new HashSet<>();
    private final Set<Attempt> unreachable = new HashSet<>();

    /**
     * @param maxWeight bytes of heap that all files may take, about
     * @param maxFiles how many files may be mapped at a time
     */
    SymbolFiles(FileFinder finder, Consumer<String> log, long maxWeight, int maxFiles) {
        this.finder = finder;
        this.log = log;
        this.maxWeight = maxWeight;
        this.maxFiles = maxFiles;
    }

    /** A mapped part of a file. */
    private record Part(long device, long inode, long offset) {}

    /** A search that found no way to a file, not to be repeated. */
    private record Attempt(int pid, Part part) {}

    /** The file of a mapping of {@code space}; null when it cannot be reached any more or is no ELF file. */
    SymbolFile of(AddressSpace space, Mapping mapping) {
        Part part = new Part(mapping.device(), mapping.inode(), mapping.offset());
        FileId id = ids.get(part);
        SymbolFile file = id == null ? null : open.get(id);
        return file != null || notElf.contains(part) ? file : opened(space, mapping, part);
    }

    private SymbolFile opened(AddressSpace space, Mapping mapping, Part part) {
        Attempt attempt = new Attempt(space.pid(), part);
        if (unreachable.contains(attempt)) {
            return null;
        }
        Optional<FileFinder.Found> found = finder.find(space, mapping);
        if (found.isEmpty()) {
            note(unreachable, attempt);
            return null;
        }
        try {
            return opened(found.get(), mapping, part);
        } catch (IOException e) {
            note(unreachable, attempt);
            return null;
        } catch (MalformedException e) {
            log.accept("symbols of " + mapping.path() + ": " + e.getMessage());
            note(notElf, part);
            return null;
        }
    }

    private SymbolFile opened(FileFinder.Found found, Mapping mapping, Part part) throws IOException {
        ElfBytes bytes = ElfBytes.open(found.path(), mapping.offset());
        if (bytes == null) {
            note(notElf, part);
            return null;
        }
        FileId id = id(bytes, part);
        if (ids.size() >= MAX_NOTES) {
            ids.clear();
        }
        ids.put(part, id);
        SymbolFile known = open.get(id);
        if (known != null) {
            bytes.close();
            return known;
        }
        return add(new SymbolFile(id, bytes, Path.of(mapping.path()), roots(found), log));
    }

    private static List<Path> roots(FileFinder.Found found) {
        Path ours = Path.of("/");
        return found.root().equals(ours) ? List.of(ours) : List.of(found.root(), ours);
    }

    private static FileId id(ElfBytes bytes, Part part) {
        try {
            Optional<String> buildId = bytes.elf().buildId();
            return buildId.isPresent() ? new FileId.BuildId(buildId.get()) : new FileId.Inode(part.device(), part.inode(), bytes.base());
        } catch (MalformedException e) {
            bytes.close();
            throw e;
        }
    }

    private SymbolFile add(SymbolFile file) {
        open.put(file.id(), file);
        return file;
    }

    /** Closes what was not used for longest until the rest is light enough. The file used last always stays. */
    void trim() {
        long weight = 0;
        for (SymbolFile file : open.values()) {
            weight += file.weight();
        }
        Iterator<SymbolFile> oldest = open.values().iterator();
        while ((weight > maxWeight || open.size() > maxFiles) && open.size() > 1) {
            SymbolFile file = oldest.next();
            weight -= file.weight();
            oldest.remove();
            file.close();
        }
    }

    /** Number of files held open. */
    int size() {
        return open.size();
    }

    private static <T> void note(Set<T> notes, T note) {
        if (notes.size() >= MAX_NOTES) {
            notes.clear();
        }
        notes.add(note);
    }

    @Override
    public void close() {
        for (SymbolFile file : open.values()) {
            file.close();
        }
        open.clear();
    }
}
