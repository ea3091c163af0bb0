package dev.sonde.btf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The blobs that the tests read, and bpftool as their oracle. */
final class BtfSamples {
    static final Path KERNEL = Path.of("/sys/kernel/btf/vmlinux");
    private static final Path BPFTOOL = Path.of("/usr/sbin/bpftool");

    private BtfSamples() {
    }

    /** The blob that {@code mini.c} was compiled to; the source says how. */
    static byte[] mini() {
        try (InputStream in = BtfSamples.class.getResourceAsStream("/dev/sonde/btf/mini.btf")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Btf read(byte[] blob) {
        return Btf.read(MemorySegment.ofArray(blob));
    }

    static Btf read(BtfWriter writer) {
        return read(writer.toBytes());
    }

    /** The running kernel's types; skips the test where it has none. */
    static Btf kernel() throws IOException {
        assumeTrue(Files.isReadable(KERNEL), "this kernel shows no BTF at " + KERNEL);
        return read(Files.readAllBytes(KERNEL));
    }

    /** What {@code bpftool btf dump file FILE ...} prints; skips the test where there is no bpftool. */
    static String bpftool(Path file, String... options) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(BPFTOOL), "no " + BPFTOOL);
        String[] command = new String[5 + options.length];
        System.arraycopy(new String[] {BPFTOOL.toString(), "btf", "dump", "file", file.toString()}, 0, command, 0, 5);
        System.arraycopy(options, 0, command, 5, options.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0, "bpftool does not read " + file + ": " + output.lines().findFirst().orElse(""));
        return output;
    }
}
