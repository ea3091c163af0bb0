package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyscallTest {
    @Test
    void callsPrintAsTraceLines() {
        assertThat(new Syscall.Close(7).text()).isEqualTo("close(fd=7)");
        assertThat(new Syscall.OpenAt("/proc/self/comm", 1).text()).isEqualTo("openat(AT_FDCWD, path=\"/proc/self/comm\", flags=1)");
        assertThat(new Syscall.Read(3, MemorySegment.ofArray(new byte[16])).text()).isEqualTo("read(fd=3, buf=<16 bytes>, count=16)");
        assertThat(new Syscall.Ioctl(3, Syscall.Request.PERF_EVENT_IOC_SET_BPF, 9).text())
                .isEqualTo("ioctl(fd=3, PERF_EVENT_IOC_SET_BPF, argument=9)");
        assertThat(new Syscall.GetPid().text()).isEqualTo("getpid()");
    }

    @Test
    void structuresPrintWithoutZeroFields() {
        assertThat(new Bpf.MapCreate(2, "counts", 4, 8, 1024, 0).text())
                .isEqualTo("bpf(BPF_MAP_CREATE, {map_type=2, key_size=4, value_size=8, max_entries=1024, map_name=\"counts\"}, size=152)");
        assertThat(new BpfLink.UprobeMulti(5, "/bin/x", new long[] {16, 32}, null, new long[] {1, 2}, 0, true, false).text())
                .contains("prog_fd=5, attach_type=48, uprobe_multi.path=\"/bin/x\", uprobe_multi.offsets=[0x10, 0x20]")
                .contains("uprobe_multi.cookies=[0x1, 0x2], uprobe_multi.cnt=2, uprobe_multi.flags=1}");
        assertThat(new Syscall.PerfEventOpen(PerfEvent.Attr.tracepoint(300), -1, 0, -1, 8).text())
                .isEqualTo("perf_event_open({type=2, size=112, config=300, sample_period=1}, pid=-1, cpu=0, group_fd=-1, flags=8)");
    }

    @Test
    void longListsAreCutShort() {
        String[] symbols = new String[20];
        Arrays.fill(symbols, "f");
        assertThat(new BpfLink.KprobeMulti(5, symbols, null, null, false, false).text()).contains("[f, f, f, f, f, f, f, f, ...]");
    }

    @Test
    void refusalNamesCallErrorAndNumber() {
        Kernel kernel = call -> -1;
        assertThatThrownBy(() -> BpfMap.create(kernel, new Bpf.MapCreate(1, "m", 4, 4, 1, 0)))
                .isInstanceOf(KernelException.class)
                .hasMessage("bpf(BPF_MAP_CREATE): Operation not permitted (EPERM, 1)");
        assertThatThrownBy(() -> kernel.call(new Syscall.Ioctl(1, Syscall.Request.TCGETS, 0))).hasMessageStartingWith("ioctl(TCGETS): ");
        assertThat(new KernelException(new Syscall.GetPid(), 4000)).hasMessage("getpid: Unknown error (4000)");
    }

    @Test
    void fakeSeesTheCallsInOrder() {
        List<String> calls = new ArrayList<>();
        Kernel kernel = call -> {
            calls.add(call.text());
            return switch (call) {
                case Bpf.MapCreate create -> 10;
                case Bpf.MapLookupElem lookup -> {
                    lookup.value().set(ValueLayout.JAVA_INT, 0, 77);
                    yield 0;
                }
                default -> 0;
            };
        };
        MemorySegment value = MemorySegment.ofArray(new int[1]);
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(1, "m", 4, 4, 1, 0))) {
            assertThat(map.lookup(MemorySegment.ofArray(new int[1]), value)).isTrue();
        }
        assertThat(value.get(ValueLayout.JAVA_INT, 0)).isEqualTo(77);
        assertThat(calls).hasSize(3);
        assertThat(calls.get(1)).isEqualTo("bpf(BPF_MAP_LOOKUP_ELEM, {map_fd=10, key=<4 bytes>, value=<4 bytes>}, size=152)");
        assertThat(calls.get(2)).isEqualTo("close(fd=10)");
    }

    @Test
    void descriptorIsClosedOnceAndNotUsedAfterwards() {
        List<Syscall> calls = new ArrayList<>();
        Fd fd = new Fd(call -> {
            calls.add(call);
            return 0;
        }, 5);
        fd.close();
        fd.close();
        assertThat(calls).containsExactly(new Syscall.Close(5));
        assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class).hasMessage("fd 5 is closed");
    }

    @Test
    void tracedDescriptorsTellWhereTheyWereMade() {
        Fd.trace(true);
        Fd fd = new Fd(call -> 0, 6);
        Fd.trace(false);
        assertThat(Fd.open()).contains(fd);
        assertThat(fd.origin().getStackTrace()[1].getMethodName()).isEqualTo("tracedDescriptorsTellWhereTheyWereMade");
        fd.close();
        assertThat(Fd.open()).doesNotContain(fd);
    }

    @Test
    void cpuListsAreRangesAndNumbers() {
        Kernel kernel = file("0-3,8,10-11\n");
        assertThat(PseudoFile.cpus(kernel, "x")).containsExactly(0, 1, 2, 3, 8, 10, 11);
        assertThat(PseudoFile.possibleCpus(file("0\n"))).isEqualTo(1);
        assertThat(PseudoFile.number(file("9\n"), "x")).isEqualTo(9);
    }

    private static Kernel file(String content) {
        return call -> {
            if (call instanceof Syscall.Read read) {
                byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
                MemorySegment.copy(MemorySegment.ofArray(bytes), 0, read.buffer(), 0, bytes.length);
                return bytes.length;
            }
            return 3;
        };
    }
}
