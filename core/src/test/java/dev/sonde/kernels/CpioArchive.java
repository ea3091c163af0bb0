package dev.sonde.kernels;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes the archive that a kernel unpacks as its first file system: cpio in the {@code newc} form of the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
final class CpioArchive implements AutoCloseable {
    private static final int DIRECTORY = 0040755;
    private static final int PROGRAM = 0100755;
    private static final int LINK = 0120777;
    private static final int CHARACTER_DEVICE = 0020600;

    private final OutputStream out;
    private final Set<String> names = new HashSet<>();
    private long written;
    private int inode;

    CpioArchive(OutputStream out) {
        this.out = out;
    }

    /** A file that may be run; what is there already under that name stays. The directories above it are made. */
    void file(String name, byte[] content) throws IOException {
        if (above(name)) {
            entry(name, PROGRAM, content, 0, 0);
        }
    }

    /** The same with a file's content. */
    void file(String name, Path content) throws IOException {
        if (!names.contains(name)) {
            file(name, Files.readAllBytes(content));
        }
    }

    void directory(String name) throws IOException {
        if (!name.isEmpty() && above(name)) {
            entry(name, DIRECTORY, new byte[0], 0, 0);
        }
    }

    void link(String name, String target) throws IOException {
        if (above(name)) {
            entry(name, LINK, target.getBytes(StandardCharsets.UTF_8), 0, 0);
        }
    }

    void device(String name, int major, int minor) throws IOException {
        if (above(name)) {
            entry(name, CHARACTER_DEVICE, new byte[0], major, minor);
        }
    }

    /** All of a directory, as {@code name}. Links become what they lead to. */
    void tree(String name, Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (Files.isRegularFile(file)) {
                    file(name + "/" + directory.relativize(file), file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Makes the directories above {@code name}; false when it is there already. */
    private boolean above(String name) throws IOException {
        if (!names.add(name)) {
            return false;
        }
        int slash = name.lastIndexOf('/');
        if (slash > 0) {
            directory(name.substring(0, slash));
        }
        return true;
    }

    private void entry(String name, int mode, byte[] content, int major, int minor) throws IOException {
        byte[] text = (name + "\0").getBytes(StandardCharsets.UTF_8);
        var header = new StringBuilder("070701");
        int links = 1;
        int[] fields = {++inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, text.length, 0};
        for (int field : fields) {
            String digits = Integer.toHexString(field);
            header.append("0".repeat(8 - digits.length())).append(digits);
        }
        write(header.toString().getBytes(StandardCharsets.US_ASCII));
        write(text);
        pad(4);
        write(content);
        pad(4);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad(int multiple) throws IOException {
        write(new byte[(int) Math.floorMod(-written, (long) multiple)]);
    }

    @Override
    public void close() throws IOException {
        entry("TRAILER!!!", 0, new byte[0], 0, 0);
        pad(512);
        out.close();
    }
}
