package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.linux.Mapping;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The symbol files in use, each once, whatever processes map it. The least recently used ones are closed when they take too much together. */
final class SymbolFiles implements AutoCloseable {
    private static final int MAX_NOTES = 1 << 13;

    private final FileFinder finder;
    private final Consumer<String> log;
    private final long maxWeight;
    private final int maxFiles;
    private final LinkedHashMap<FileId, SymbolFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Part, Version> versions = new HashMap<>();
    private final Map<Part, FileStamp> broken = new HashMap<>();
    /** What was found for each process's mapping; empty for one that is no ELF file or cannot be reached. */
    private final Map<Use, Optional<FileId>> uses = new HashMap<>();

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

    /** A part of a file that can be mapped. */
    private record Part(long device, long inode, long offset) {}

    /** What a part belonged to when it was last looked at. */
    private record Version(FileId id, FileStamp stamp) {}

    /** A mapping of a part by a process. Each is looked at once: the file may have been rewritten since another process mapped it. */
    private record Use(ProcessIdentity process, Part part) {}

    /** The file of a mapping of {@code space}; null when it cannot be reached any more or is no ELF file. */
    SymbolFile of(AddressSpace space, Mapping mapping) {
        Part part = new Part(mapping.device(), mapping.inode(), mapping.offset());
        Use use = new Use(space.identity(), part);
        Optional<FileId> id = uses.get(use);
        SymbolFile file = id == null || id.isEmpty() ? null : open.get(id.get());
        if (file != null || id != null && id.isEmpty()) {
            return file;
        }
        file = find(space, mapping, part);
        note(uses, use, file == null ? Optional.empty() : Optional.of(file.id()));
        return file;
    }

    private SymbolFile find(AddressSpace space, Mapping mapping, Part part) {
        Optional<FileFinder.Found> found = finder.find(space, mapping);
        if (found.isEmpty()) {
            Version last = versions.get(part);
            return last == null ? null : open.get(last.id());
        }
        try {
            FileStamp stamp = FileStamp.of(found.get().path());
            SymbolFile known = unchanged(part, stamp);
            return known != null || stamp.equals(broken.get(part)) ? known : open(found.get(), stamp, mapping, part);
        } catch (IOException e) {
            // The process ended after the search.
            return null;
        }
    }

    /** The open file of a part that was not rewritten since; one that was is closed. */
    private SymbolFile unchanged(Part part, FileStamp stamp) {
        Version last = versions.get(part);
        if (last == null || last.stamp().equals(stamp)) {
            return last == null ? null : open.get(last.id());
        }
        SymbolFile old = open.remove(last.id());
        if (old != null) {
            old.close();
        }
        return null;
    }

    private SymbolFile open(FileFinder.Found found, FileStamp stamp, Mapping mapping, Part part) throws IOException {
        try {
            return openElf(found, stamp, mapping, part);
        } catch (MalformedException e) {
            log.accept("symbols of " + mapping.path() + ": " + e.getMessage());
            note(broken, part, stamp);
            return null;
        }
    }

    private SymbolFile openElf(FileFinder.Found found, FileStamp stamp, Mapping mapping, Part part) throws IOException {
        ElfBytes bytes = ElfBytes.open(found.path(), mapping.offset());
        if (bytes == null) {
            return null;
        }
        FileId id = id(bytes, part);
        note(versions, part, new Version(id, stamp));
        SymbolFile known = open.get(id);
        if (known != null) {
            bytes.close();
            return known;
        }
        SymbolFile file = new SymbolFile(id, bytes, path(mapping), roots(found), log);
        open.put(id, file);
        return file;
    }

    /** The root where the locale has no characters for the path: then no debug file is found beside the file. */
    private static Path path(Mapping mapping) {
        try {
            return Path.of(mapping.path());
        } catch (InvalidPathException e) {
            return Path.of("/");
        }
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

    private static <K, V> void note(Map<K, V> notes, K key, V value) {
        if (notes.size() >= MAX_NOTES) {
            notes.clear();
        }
        notes.put(key, value);
    }

    @Override
    public void close() {
        for (SymbolFile file : open.values()) {
            file.close();
        }
        open.clear();
    }
}
