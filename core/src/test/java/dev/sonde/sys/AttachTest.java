package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AttachTest {
    private static final int KPROBE = 2;
    private static final int TRACEPOINT = 5;
    private static final int PERF_EVENT = 7;
    private static final int RAW_TRACEPOINT = 17;
    private static final int BPF_TRACE_KPROBE_MULTI = 42;
    private static final int BPF_TRACE_UPROBE_MULTI = 48;
    private static final int BPF_TRACE_UPROBE_SESSION = 57;

    private final Kernel kernel = Root.kernel();
    private final BpfMap array = BpfMap.create(kernel, new Bpf.MapCreate(2, "count", 4, 16, 1, 1 << 10));
    private final MappedMemory values = array.map(false);

    @BeforeAll
    static void traceDescriptors() {
        Fd.trace(true);
    }

    @AfterEach
    void close() {
        values.close();
        array.close();
    }

    @AfterAll
    static void nothingLeaks() {
        Fd.trace(false);
        assertThat(Fd.open()).isEmpty();
    }

    private long count() {
        return values.segment().get(ValueLayout.JAVA_LONG, 0);
    }

    private long cookie() {
        return values.segment().get(ValueLayout.JAVA_LONG, 8);
    }

    private BpfProgram program(int type, int attachType) {
        byte[] code = type == RAW_TRACEPOINT || !Root.isSince(5, 15) ? Code.counting(array) : Code.cookie(array);
        return BpfProgram.load(kernel, new Bpf.ProgLoad(type, "attached", code, "GPL").withAttach(attachType, 0, 0));
    }

    /** A function of this process's C library: its file, its offset there, and a way to call it. */
    private record Function(String path, long offset, MethodHandle handle) {
        @SuppressWarnings("restricted")
        static Function getppid() throws IOException {
            Linker linker = Linker.nativeLinker();
            MemorySegment symbol = linker.defaultLookup().findOrThrow("getppid");
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = line.split(" +");
                String[] range = fields[0].split("-");
                long start = Long.parseUnsignedLong(range[0], 16);
                if (symbol.address() >= start && symbol.address() < Long.parseUnsignedLong(range[1], 16)) {
                    long offset = symbol.address() - start + Long.parseLong(fields[2], 16);
                    return new Function(fields[5], offset, linker.downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT)));
                }
            }
            throw new AssertionError("getppid is not mapped");
        }

        void call(int times) throws Throwable {
            for (int i = 0; i < times; i++) {
                int parent = (int) handle.invokeExact();
                assertThat(parent).isPositive();
            }
        }
    }

    @Test
    void rawTracepointCountsSystemCalls() {
        try (BpfProgram program = program(RAW_TRACEPOINT, 0);
                BpfLink link = BpfLink.open(kernel, new BpfLink.RawTracepoint("sys_enter", program.fd().number(), 0))) {
            for (int i = 0; i < 100; i++) {
                Task.pid(kernel);
            }
            assertThat(count()).isGreaterThanOrEqualTo(100);
            assertThat(link.fd().number()).isPositive();
        }
        long after = count();
        Task.pid(kernel);
        assertThat(count()).isEqualTo(after);
    }

    @Test
    void unknownRawTracepointIsRefused() {
        try (BpfProgram program = program(RAW_TRACEPOINT, 0)) {
            assertThatThrownBy(() -> BpfLink.open(kernel, new BpfLink.RawTracepoint("no_such", program.fd().number(), 0)))
                    .hasMessage("bpf(BPF_RAW_TRACEPOINT_OPEN): No such file or directory (ENOENT, 2)");
        }
    }

    @Test
    void uprobeByPerfLinkHasItsCookie() throws Throwable {
        Root.since(5, 15);
        Function function = Function.getppid();
        PerfEvent.Attr attr = PerfEvent.Attr.uprobe(PerfEvent.sourceType(kernel, "uprobe"), function.path(), function.offset(), 0, false);
        try (BpfProgram program = program(KPROBE, 0)) {
            try (PerfEvent event = PerfEvent.open(kernel, attr, Task.pid(kernel), -1);
                    BpfLink link = BpfLink.open(kernel, new BpfLink.OnPerfEvent(program.fd().number(), event.fd().number(), 0x1234))) {
                function.call(5);
                assertThat(link.fd().number()).isPositive();
            }
            function.call(5);
        }
        assertThat(count()).isEqualTo(5);
        assertThat(cookie()).isEqualTo(0x1234);
    }

    @Test
    void uretprobeByIoctlCountsReturns() throws Throwable {
        Function function = Function.getppid();
        PerfEvent.Attr attr = PerfEvent.Attr.uprobe(PerfEvent.sourceType(kernel, "uprobe"), function.path(), function.offset(), 0, true);
        try (BpfProgram program = program(KPROBE, 0); PerfEvent event = PerfEvent.open(kernel, attr, -1, 0)) {
            event.attach(program);
            event.enable();
            function.call(4);
        }
        long counted = count();
        function.call(4);
        assertThat(count()).isEqualTo(counted).isGreaterThanOrEqualTo(4);
    }

    @Test
    void uprobeMultiHasACookieAPlace() throws Throwable {
        Root.since(6, 6);
        Function function = Function.getppid();
        try (BpfProgram program = program(KPROBE, BPF_TRACE_UPROBE_MULTI)) {
            BpfLink.UprobeMulti places = new BpfLink.UprobeMulti(program.fd().number(), function.path(), new long[] {function.offset()}, null,
                    new long[] {77}, Task.pid(kernel), false, false);
            try (BpfLink link = BpfLink.open(kernel, places)) {
                function.call(6);
                assertThat(link.fd().number()).isPositive();
            }
            function.call(6);
        }
        assertThat(count()).isEqualTo(6);
        assertThat(cookie()).isEqualTo(77);
    }

    @Test
    void uprobeSessionRunsAtEntryAndReturn() throws Throwable {
        Root.since(6, 13);
        Function function = Function.getppid();
        try (BpfProgram program = program(KPROBE, BPF_TRACE_UPROBE_SESSION)) {
            BpfLink.UprobeMulti places = new BpfLink.UprobeMulti(program.fd().number(), function.path(), new long[] {function.offset()}, null, null,
                    Task.pid(kernel), false, true);
            try (BpfLink link = BpfLink.open(kernel, places)) {
                function.call(3);
                assertThat(link.fd().number()).isPositive();
            }
        }
        assertThat(count()).isEqualTo(6);
    }

    @Test
    void kprobeMultiHasACookieAFunction() {
        Root.since(5, 18);
        BpfProgram program = program(KPROBE, BPF_TRACE_KPROBE_MULTI);
        try (program; BpfLink link = multi(program, new String[] {"__x64_sys_getpid", "__x64_sys_gettid"}, new long[] {5, 6})) {
            Task.tid(kernel);
            assertThat(cookie()).isEqualTo(6);
            Task.pid(kernel);
            assertThat(cookie()).isEqualTo(5);
            assertThat(count()).isGreaterThanOrEqualTo(2);
            assertThat(link.fd().number()).isPositive();
        }
    }

    private BpfLink multi(BpfProgram program, String[] symbols, long[] cookies) {
        try {
            return BpfLink.open(kernel, new BpfLink.KprobeMulti(program.fd().number(), symbols, null, cookies, false, false));
        } catch (KernelException e) {
            program.close();
            assertThat(e.errno()).isIn(Errno.EOPNOTSUPP, Errno.EINVAL);
            return Root.refuse("needs kprobe_multi: " + e.getMessage());
        }
    }

    @Test
    void kprobeByPerfEventCounts() {
        Root.needs("/sys/bus/event_source/devices/kprobe/type");
        PerfEvent.Attr attr = PerfEvent.Attr.kprobe(PerfEvent.sourceType(kernel, "kprobe"), "__x64_sys_getpid", 0, false);
        try (BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(KPROBE, "kprobe", Code.counting(array), "GPL"));
                PerfEvent event = PerfEvent.open(kernel, attr, -1, 0)) {
            event.attach(program);
            Task.pid(kernel);
            assertThat(count()).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void tracepointByPerfLink() throws IOException {
        Root.since(5, 15);
        Path id = Path.of("/sys/kernel/tracing/events/syscalls/sys_enter_getpid/id");
        Root.needs(id.toString());
        PerfEvent.Attr attr = PerfEvent.Attr.tracepoint(Integer.parseInt(Files.readString(id).trim()));
        try (BpfProgram program = program(TRACEPOINT, 0);
                PerfEvent event = PerfEvent.open(kernel, attr, Task.pid(kernel), -1);
                BpfLink link = BpfLink.open(kernel, new BpfLink.OnPerfEvent(program.fd().number(), event.fd().number(), 9))) {
            long before = count();
            Task.pid(kernel);
            Task.pid(kernel);
            assertThat(count() - before).isEqualTo(2);
            assertThat(link.fd().number()).isPositive();
        }
        assertThat(cookie()).isEqualTo(9);
    }

    @Test
    void tracepointFilterIsChecked() throws IOException {
        Path id = Path.of("/sys/kernel/tracing/events/sched/sched_switch/id");
        Root.needs(id.toString());
        try (PerfEvent event = PerfEvent.open(kernel, PerfEvent.Attr.tracepoint(Integer.parseInt(Files.readString(id).trim())), -1, 0)) {
            event.filter("prev_pid == 1");
            assertThatThrownBy(() -> event.filter("no_such_field == 1")).hasMessageStartingWith("ioctl(PERF_EVENT_IOC_SET_FILTER): ");
        }
    }

    @Test
    void softwareClockHitsManyTimesASecond() throws InterruptedException {
        try (BpfProgram program = program(PERF_EVENT, 0)) {
            for (PerfEvent.Attr attr : new PerfEvent.Attr[] {PerfEvent.Attr.counter(1, 0, 1_000_000), PerfEvent.Attr.sampled(1, 0, 1000)}) {
                long before = count();
                try (PerfEvent event = PerfEvent.open(kernel, attr, -1, 0)) {
                    event.attach(program);
                    waitFor(before + 3);
                }
            }
        }
    }

    private void waitFor(long hits) throws InterruptedException {
        for (int i = 0; i < 300 && count() < hits; i++) {
            Thread.sleep(10);
        }
        assertThat(count()).isGreaterThanOrEqualTo(hits);
    }

    @Test
    void disabledEventDoesNotHit() {
        PerfEvent.Attr attr = PerfEvent.Attr.counter(1, 0, 1_000_000).with(PerfEvent.Attr.DISABLED);
        try (PerfEvent event = PerfEvent.open(kernel, attr, -1, 0)) {
            assertThat(event.count()).isZero();
            event.enable();
            assertThat(event.count()).isPositive();
            event.disable();
            assertThat(event.count()).isEqualTo(event.count());
        }
    }

    @Test
    void breakpointHitsOnEachWrite() {
        Root.since(5, 15);
        int writes = 2;
        try (MappedMemory memory = MappedMemory.anonymous(kernel, 4096);
                BpfProgram program = program(PERF_EVENT, 0);
                PerfEvent event = PerfEvent.open(kernel, PerfEvent.Attr.breakpoint(memory.segment().address(), 8, writes), Task.tid(kernel), -1);
                BpfLink link = BpfLink.open(kernel, new BpfLink.OnPerfEvent(program.fd().number(), event.fd().number(), 3))) {
            for (int i = 0; i < 7; i++) {
                memory.segment().set(ValueLayout.JAVA_LONG, 0, i);
            }
            assertThat(count()).isEqualTo(7);
            assertThat(event.count()).isEqualTo(7);
            assertThat(link.fd().number()).isPositive();
        }
        assertThat(cookie()).isEqualTo(3);
    }

    @Test
    void tracingProgramAttachesWhereItWasLoadedFor() {
        Root.since(5, 18);
        int btfId = typedefOfSysEnter();
        try (BpfBtf vmlinux = BpfBtf.ofModule(kernel, "vmlinux").orElseThrow();
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(26, "tp_btf", Code.counting(array), "GPL").withAttach(23, btfId, 0));
                BpfLink link = BpfLink.open(kernel, new BpfLink.Tracing(program.fd().number(), 23, 5))) {
            Task.pid(kernel);
            assertThat(count()).isPositive();
            assertThat(vmlinux.id()).isPositive();
            assertThat(link.fd().number()).isPositive();
        }
        try (BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(26, "tp_btf", Code.counting(array), "GPL").withAttach(23, btfId, 0));
                BpfLink link = BpfLink.open(kernel, new BpfLink.RawTracepoint(null, program.fd().number(), 0))) {
            assertThat(link.fd().number()).isPositive();
        }
    }

    private static int typedefOfSysEnter() {
        return typeId("btf_trace_sys_enter");
    }

    /** Asks bpftool, whose lines are {@code [id] KIND 'name' ...}. */
    private static int typeId(String name) {
        Root.needs("/usr/sbin/bpftool");
        Root.needs("/sys/kernel/btf/vmlinux");
        try {
            Process bpftool = new ProcessBuilder("/usr/sbin/bpftool", "btf", "dump", "file", "/sys/kernel/btf/vmlinux").start();
            for (String line : new String(bpftool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("[") && line.contains("'" + name + "'")) {
                    return Integer.parseInt(line.substring(1, line.indexOf(']')));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Root.refuse("needs " + name + " in BTF");
    }

    @Test
    void iteratorIsReadToItsEnd() {
        int btfId = typeId("bpf_iter_bpf_map");
        try (BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(26, "iter", Code.counting(array), "GPL").withAttach(28, btfId, 0));
                BpfLink link = BpfLink.open(kernel, new BpfLink.Iter(program.fd().number(), null));
                Fd run = link.iterate()) {
            assertThat(run.read(MemorySegment.ofArray(new byte[64]))).isZero();
            assertThat(count()).isPositive();
        }
    }
}
