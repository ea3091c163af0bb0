package dev.sonde.kernels;

import dev.sonde.bytes.Cursor;
import dev.sonde.sidebyside.Case;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.tukaani.xz.XZInputStream;

/**
 * A machine that QEMU emulates, with a kernel and with a file system in memory that has nothing but a Java runtime, the compiled classes and the
 * scripts. It needs no privilege. What the scripts' run reports comes over the serial port.
 */
final class VirtualMachine {
    private static final int MEGABYTES = 1280;
    /** The first program of the machine, up to where it starts the scripts' run. */
    private static final String INIT = """
            #!/bin/sh
            export PATH=/bin:/java/bin
            /bin/busybox --install -s /bin
            mount -t proc proc /proc
            mount -t sysfs sys /sys
            mount -t devtmpfs dev /dev
            mount -t tracefs tracefs /sys/kernel/tracing
            mount -t bpf bpf /sys/fs/bpf
            mount -t tmpfs tmp /tmp
            mount -t cgroup2 cgroup2 /sys/fs/cgroup
            ln -s /proc/self/fd /dev/fd
            ip link set lo up
            for m in /modules/*.ko; do insmod $m; done
            echo 0 >/proc/sys/kernel/kptr_restrict
            echo -1 >/proc/sys/kernel/perf_event_paranoid
            cd /lab
            """;
    private static final String CLASSES = "/classes/main:/classes/test:/classes/xz.jar";

    private final DebianKernel kernel;
    private final Path directory;

    /** One with {@code kernel}; what it needs while it runs is put into {@code directory}. */
    VirtualMachine(DebianKernel kernel, Path directory) {
        this.kernel = kernel;
        this.directory = directory;
    }

    /** Boots, runs the scripts of the directories (below the test resources), and gives what the machine wrote. */
    String run(List<String> scripts, int seconds) throws IOException, InterruptedException {
        Path files = directory.resolve(kernel.name() + ".cpio");
        pack(files, scripts);
        Path output = directory.resolve(kernel.name() + ".out");
        Process process = new ProcessBuilder(words(files)).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                return text(output) + "\nthe machine did not end within " + seconds + " s\n";
            }
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(files);
        }
        return text(output);
    }

    private static String text(Path output) throws IOException {
        return Files.readString(output, StandardCharsets.ISO_8859_1).replace("\r", "");
    }

    private List<String> words(Path files) {
        List<String> words = new ArrayList<>(List.of(kernel.processor().emulator, "-nodefaults", "-no-user-config", "-display", "none",
                "-no-reboot"));
        words.addAll(kernel.processor().machine);
        words.addAll(List.of("-accel", "tcg,thread=multi", "-smp", "2", "-m", MEGABYTES + "M", "-kernel", kernel.image().toString(),
                "-initrd", files.toString(), "-serial", "stdio",
                "-append", "console=" + kernel.processor().console + " quiet loglevel=1 panic=-1 nokaslr mitigations=off"
                        + " random.trust_cpu=on tsc=reliable"));
        return words;
    }

    /** Adds the C programs that the scripts of {@code directory} trace; without a compiler for the processor those that need one are skipped. */
    private void programs(CpioArchive archive, String scripts) throws IOException, InterruptedException {
        try (DirectoryStream<Path> sources = Files.newDirectoryStream(Case.DIRECTORY.resolveSibling(scripts), "program*.c")) {
            for (Path source : sources) {
                String name = source.getFileName().toString().replace(".c", "");
                Path program = directory.resolve(kernel.name() + "-" + scripts + "-" + name);
                Command.run(Path.of("."), List.of(kernel.processor().compiler, "-g", "-O1", "-fno-omit-frame-pointer", "-o", program.toString(),
                        source.toString()));
                archive.file("lab/" + scripts + "/" + name, program);
                if (kernel.processor().isThisOne()) {
                    JavaRuntime.libraries(archive, program);
                }
            }
        }
    }

    private void pack(Path file, List<String> scripts) throws IOException, InterruptedException {
        try (var archive = new CpioArchive(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            for (String name : List.of("proc", "sys", "dev", "tmp", "etc", "root")) {
                archive.directory(name);
            }
            archive.device("dev/console", 5, 1);
            archive.file("bin/busybox", kernel.busybox());
            archive.link("bin/sh", "busybox");
            archive.file("init", init(scripts).getBytes(StandardCharsets.UTF_8));
            archive.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n".getBytes(StandardCharsets.UTF_8));
            for (Path module : kernel.modules()) {
                archive.file("modules/" + module.getFileName(), module);
            }
            for (String name : scripts) {
                if (Command.exists(kernel.processor().compiler)) {
                    programs(archive, name);
                }
                archive.tree("scripts/" + name, Case.DIRECTORY.resolveSibling(name));
            }
            archive.tree("classes/main", location(Cursor.class));
            archive.tree("classes/test", location(VirtualMachine.class));
            archive.file("classes/xz.jar", location(XZInputStream.class));
            JavaRuntime.add(archive, kernel.processor());
        }
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String init(List<String> scripts) {
        return INIT + "java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp " + CLASSES
                + " dev.sonde.kernels.CasesHere" + words(scripts) + "\npoweroff -f\n";
    }

    private static String words(List<String> scripts) {
        var words = new StringBuilder();
        for (String directory : scripts) {
            words.append(" /lab/").append(directory).append("/program /scripts/").append(directory);
        }
        return words.toString();
    }
}
