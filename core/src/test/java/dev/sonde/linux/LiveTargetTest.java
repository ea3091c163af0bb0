package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.sys.Syscall;
import dev.sonde.target.Feature;
import dev.sonde.target.KernelFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTargetTest {
    private static LiveTarget target;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        target = new LiveTarget(Live.root(), List.of());
    }

    @AfterAll
    static void close() {
        if (target != null) {
            target.close();
        }
    }

    @Test
    void makingOneCallsNothing() {
        List<Syscall> calls = new ArrayList<>();
        try (LiveTarget fresh = new LiveTarget(call -> {
            calls.add(call);
            return -1;
        }, List.of())) {
            assertThat(fresh.kernelRelease()).isNotEmpty();
            assertThat(fresh.possibleCpus()).isPositive();
            fresh.has(Feature.RING_BUFFER);
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void machineIsAsToolsSay() {
        assertThat(target.kernelRelease()).isEqualTo(Tool.lines("uname", "-r").getFirst());
        assertThat(target.pageSize()).isEqualTo(Integer.parseInt(Tool.lines("getconf", "PAGE_SIZE").getFirst()));
        assertThat(target.possibleCpus()).isEqualTo(Integer.parseInt(Tool.lines("getconf", "_NPROCESSORS_CONF").getFirst()));
    }

    @Test
    void typesOfTheKernelAreRead() {
        Live.needs("/sys/kernel/btf/vmlinux");
        assertThat(target.btf().orElseThrow().struct("task_struct")).isPresent();
        assertThat(target.btf()).isSameAs(target.btf());
    }

    @Test
    void rawTracepointsAreThoseOfBpftool() {
        Live.needs("/sys/kernel/btf/vmlinux");
        TreeSet<String> expected = new TreeSet<>();
        Pattern typedef = Pattern.compile(".*TYPEDEF 'btf_trace_(.*)' .*");
        for (String line : Tool.lines("bpftool", "btf", "dump", "file", "/sys/kernel/btf/vmlinux")) {
            if (line.contains("TYPEDEF 'btf_trace_")) {
                expected.add(typedef.matcher(line).replaceFirst("$1"));
            }
        }
        assertThat(target.rawTracepoints("*")).containsAll(expected).isSorted().doesNotHaveDuplicates();
        assertThat(target.rawTracepoints("sched_switch")).containsExactly("sched_switch");
        assertThat(target.rawTracepoints("sched_sw*")).contains("sched_switch").allMatch(name -> name.startsWith("sched_sw"));
        assertThat(target.rawTracepoints("sys_enter*")).containsExactly("sys_enter");
        assertThat(target.rawTracepoints("no_such")).isEmpty();
    }

    @Test
    void kernelFunctionsAreFoundByNameAndPattern() {
        assertThat(target.kernelFunctions("", "vfs_read")).containsExactly(new KernelFunction("vmlinux", "vfs_read"));
        boolean any = target.has(Feature.KPROBE) || target.has(Feature.FENTRY);
        if (any) {
            assertThat(target.kernelFunctions("vmlinux", "vfs_rea*")).contains(new KernelFunction("vmlinux", "vfs_read"))
                    .allMatch(function -> function.name().startsWith("vfs_rea"));
            assertThat(target.kernelFunctions("", "*")).hasSizeGreaterThan(10_000);
        } else {
            assertThat(target.kernelFunctions("", "*")).as("functions of a kernel that attaches to none").isEmpty();
        }
        assertThat(target.kernelFunctions("no_such_module", "*")).isEmpty();
        assertThat(target.kernelAddress("vfs_read")).isPresent();
        assertThat(target.kernelAddress("no_such_symbol")).isEmpty();
    }

    @Test
    void listOfFunctionsCanBeGiven() throws IOException {
        Path list = Files.writeString(directory.resolve("functions"),
                "vfs_write\nvfs_read\nrcu_read_lock_held\nvfs_read\nxfs_read [xfs]\n__ftrace_invalid_address___64\n");
        try (LiveTarget with = new LiveTarget(Live.KERNEL, List.of())) {
            assertThat(with.traceableFunctions(list.toString())).isTrue();
            assertThat(with.kernelFunctions("", "*")).containsExactly(new KernelFunction("vmlinux", "vfs_read"),
                    new KernelFunction("vmlinux", "vfs_write"), new KernelFunction("xfs", "xfs_read"));
            assertThat(with.kernelFunctions("xfs", "*read")).containsExactly(new KernelFunction("xfs", "xfs_read"));
            assertThat(with.traceableFunctions("/no/such/file")).isFalse();
        }
    }

    @Test
    void headersAreLookedUpInTheGivenDirectoriesFirst() throws IOException {
        Files.createDirectories(directory.resolve("linux"));
        Path own = Files.writeString(directory.resolve("linux/in.h"), "own");
        try (LiveTarget with = new LiveTarget(Live.KERNEL, List.of(directory.toString()))) {
            assertThat(with.header("linux/in.h")).contains(own.toString());
            assertThat(with.header(own.toString())).contains(own.toString());
            assertThat(with.text(own.toString())).contains("own");
            assertThat(with.text(directory.toString())).isEmpty();
            assertThat(with.directory(directory.resolve("linux").toString())).contains(List.of(own.toString()));
            assertThat(with.directory(own.toString())).isEmpty();
            assertThat(with.header("no/such.h")).isEmpty();
            assertThat(with.header("linux")).isEmpty();
        }
    }

    @Test
    void binaryIsOpenedOnce() {
        String path = target.executables("bash").getFirst();
        assertThat(target.binary(path)).isPresent().isEqualTo(target.binary(path));
        assertThat(target.binary("/etc/passwd")).isEmpty();
        assertThat(target.mappedFiles((int) ProcessHandle.current().pid())).isNotEmpty();
    }
}
