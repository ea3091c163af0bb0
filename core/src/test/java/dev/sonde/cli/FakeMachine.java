package dev.sonde.cli;

import dev.sonde.target.Feature;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A machine on which everything works, until a test takes something away. */
final class FakeMachine implements Machine {
    private static final String ROOT = "Name:\tjava\nCapEff:\t000001ffffffffff\nSeccomp:\t0\n";
    private static final String LIMITS = "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max open files            1024                 1048576              files     \n"
            + "Max locked memory         8388608              8388608              bytes     \n";

    private final Map<String, String> files = new HashMap<>(Map.of("/proc/self/status", ROOT, "/proc/self/limits", LIMITS,
            "/proc/self/uid_map", "         0          0 4294967295\n", "/proc/kallsyms", "ffffffff81000000 T _text\n",
            "/proc/sys/net/core/bpf_jit_enable", "1\n", "/proc/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
            "/proc/modules", "xfs 1 0 - Live 0x0\n", "/sys/kernel/tracing/available_filter_functions", "vfs_read\n",
            "/sys/kernel/security/lockdown", "[none] integrity confidentiality\n"));
    private final Map<String, List<String>> directories = new HashMap<>(Map.of("/sys/kernel/tracing/events", List.of("sched"),
            "/sys/kernel/btf", List.of("vmlinux", "xfs"), "/usr/lib/debug", List.of(".build-id")));
    private final Set<Feature> features = EnumSet.allOf(Feature.class);
    private final Set<String> paths = new HashSet<>(Set.of("/sys/kernel/btf/vmlinux", "/sys/bus/event_source/devices/uprobe/type"));
    private String release = "6.18.44";
    private String refusal = "";

    FakeMachine file(String path, String text) {
        files.put(path, text);
        return this;
    }

    FakeMachine without(String path) {
        files.remove(path);
        directories.remove(path);
        paths.remove(path);
        return this;
    }

    FakeMachine without(Feature feature) {
        features.remove(feature);
        return this;
    }

    FakeMachine capabilities(long set) {
        return file("/proc/self/status", ROOT.replace("000001ffffffffff", Long.toHexString(set)));
    }

    FakeMachine release(String value) {
        release = value;
        return this;
    }

    FakeMachine refusing(String message) {
        refusal = message;
        return this;
    }

    /** What the check of that name finds. */
    Finding check(String name) {
        for (Check check : Checks.all()) {
            if (check.name().equals(name)) {
                return check.probe().apply(this);
            }
        }
        throw new AssertionError("no check is called " + name);
    }

    @Override
    public String kernelRelease() {
        return release;
    }

    @Override
    public boolean isSince(String version) {
        return Double.parseDouble(padded(release)) >= Double.parseDouble(padded(version));
    }

    private static String padded(String version) {
        String[] numbers = version.split("[.-]");
        return numbers[0] + "." + "0".repeat(3 - numbers[1].length()) + numbers[1];
    }

    @Override
    public Optional<String> text(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public boolean exists(String path) {
        return paths.contains(path) || files.containsKey(path) || directories.containsKey(path);
    }

    @Override
    public Optional<List<String>> names(String directory) {
        return Optional.ofNullable(directories.get(directory));
    }

    @Override
    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    @Override
    public Optional<String> refusal() {
        return refusal.isEmpty() ? Optional.empty() : Optional.of(refusal);
    }

    @Override
    public Optional<String> variable(String name) {
        return Optional.empty();
    }
}
