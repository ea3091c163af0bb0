package dev.sonde.cli;

import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.target.Feature;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The machine that this process runs on. */
final class LiveMachine implements Machine {
    /** Enough of a file to judge it by: lists of the kernel may have megabytes. */
    private static final int MOST = 1 << 16;
    private static final int BPF_PROG_TYPE_KPROBE = 2;
    /** {@code r0 = 0; exit} */
    private static final byte[] SMALLEST = {(byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};

    private final Kernel kernel;
    private final LiveTarget target;

    LiveMachine(Kernel kernel, LiveTarget target) {
        this.kernel = kernel;
        this.target = target;
    }

    @Override
    public String kernelRelease() {
        return target.kernelRelease();
    }

    @Override
    public boolean isSince(String version) {
        return target.features().isSince(version);
    }

    @Override
    public Optional<String> text(String path) {
        try (FileInputStream in = new FileInputStream(path)) {
            return Optional.of(new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(String path) {
        return new File(path).exists();
    }

    @Override
    public Optional<List<String>> names(String directory) {
        return Optional.ofNullable(new File(directory).list()).map(List::of);
    }

    @Override
    public boolean has(Feature feature) {
        return target.has(feature);
    }

    @Override
    public Optional<String> refusal() {
        try {
            BpfProgram.load(kernel, new Bpf.ProgLoad(BPF_PROG_TYPE_KPROBE, "", SMALLEST, "GPL")).close();
            return Optional.empty();
        } catch (KernelException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name));
    }
}
