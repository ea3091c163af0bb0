package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.linux.Mapping;
import dev.sonde.linux.ProcessMaps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The shared object that the kernel maps into every process (vdso(7)), read from our own memory: the image is the same for all 64-bit processes.
 * Beside it x86-64 has the older page {@code [vsyscall]}, which has no symbols: three functions at fixed places.
 */
final class Vdso {
    static final String NAME = "[vdso]";
    static final String VSYSCALL = "[vsyscall]";
    private static final String[] VSYSCALLS = {"gettimeofday", "time", "getcpu"};
    private static final int VSYSCALL_SIZE = 1024;
    private static final long MAX_SIZE = 1 << 20;

    private final SymbolFile file;
    private final long size;

    private Vdso(SymbolFile file, long size) {
        this.file = file;
        this.size = size;
    }

    /** Reads the image; without symbols when this process has none or may not read it. */
    static Vdso read(Consumer<String> log) {
        try {
            Optional<byte[]> image = image();
            return image.isPresent() ? new Vdso(file(image.get(), log), image.get().length) : new Vdso(null, 0);
        } catch (MalformedException e) {
            log.accept("symbols of " + NAME + ": " + e.getMessage());
            return new Vdso(null, 0);
        }
    }

    /** The image; empty when this process has none or may not read it. */
    static Optional<byte[]> image() {
        try {
            int self = Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/self")).toString());
            for (Mapping mapping : ProcessMaps.read(self).mappings()) {
                long size = mapping.end() - mapping.start();
                if (mapping.path().equals(NAME) && size <= MAX_SIZE) {
                    return Optional.of(image(mapping.start(), (int) size));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] image(long start, int size) throws IOException {
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            byte[] image = new byte[size];
            memory.seek(start);
            memory.readFully(image);
            return image;
        }
    }

    private static SymbolFile file(byte[] image, Consumer<String> log) {
        ElfBytes bytes = ElfBytes.of(image, NAME);
        FileId id = bytes.elf().buildId().map(digits -> (FileId) new FileId.BuildId(digits)).orElse(new FileId.Inode(0, 0, 0));
        return new SymbolFile(id, bytes, Path.of("/"), List.of(), log);
    }

    /** The image as mapped by {@code mapping}; null for another one, such as that of a 32-bit process. */
    SymbolFile file(Mapping mapping) {
        boolean same = mapping.end() - mapping.start() == size && mapping.start() >>> 32 != 0;
        return same ? file : null;
    }

    /** The function of {@code [vsyscall]} at an offset in it, null behind the last. */
    static NamedFunction vsyscall(long offset) {
        int index = (int) (offset / VSYSCALL_SIZE);
        return index >= VSYSCALLS.length ? null : NamedFunction.ofSymbol(VSYSCALLS[index], (long) index * VSYSCALL_SIZE);
    }
}
