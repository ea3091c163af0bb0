package dev.sonde.testing;

import static dev.sonde.asm.Register.R0;
import static dev.sonde.asm.Register.R1;
import static dev.sonde.asm.Register.R10;
import static dev.sonde.asm.Register.R2;
import static dev.sonde.asm.Register.R3;
import static dev.sonde.asm.Register.R4;
import static dev.sonde.asm.Register.R5;
import static dev.sonde.asm.Register.R6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.asm.BpfHelper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Helpers whose answers depend on the scene; those that a kernel can be asked about are compared in KernelHelpersTest, too. */
class HelpersTest {
    private static final long KERNEL = 0xffff_8880_1234_0000L;

    private final Scene scene = new Scene();
    private final BpfMachine machine = new BpfMachine(scene);
    /** What programs leave for the test: 64 bytes. */
    private final FakeMap out = new FakeMap(FakeMap.ARRAY, 4, 64, 1);

    HelpersTest() {
        machine.map(0, out);
    }

    private long run(Snippet snippet) {
        return machine.run(snippet.program(), new byte[32]);
    }

    private long call(BpfHelper helper) {
        return run(new Snippet().copy(R6, R1).call(helper).exit());
    }

    private String text(int length) {
        return new String(out.element(0), 0, length, StandardCharsets.UTF_8);
    }

    private static byte[] longs(long... values) {
        var bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    @Test
    void sceneAnswersSimpleHelpers() {
        scene.pid(10, 11).uid(5, 6).cpu(2, 8).numaNode(1).clocks(100, 200, 300).jiffies(400).task(KERNEL).cgroup(77).cookie(88).functionIp(99);
        assertThat(call(BpfHelper.GET_CURRENT_PID_TGID)).isEqualTo(10L << 32 | 11);
        assertThat(call(BpfHelper.GET_CURRENT_UID_GID)).isEqualTo(6L << 32 | 5);
        assertThat(call(BpfHelper.GET_SMP_PROCESSOR_ID)).isEqualTo(2);
        assertThat(call(BpfHelper.GET_NUMA_NODE_ID)).isEqualTo(1);
        assertThat(call(BpfHelper.KTIME_GET_NS)).isEqualTo(100);
        assertThat(call(BpfHelper.KTIME_GET_BOOT_NS)).isEqualTo(200);
        assertThat(call(BpfHelper.KTIME_GET_TAI_NS)).isEqualTo(300);
        assertThat(call(BpfHelper.JIFFIES64)).isEqualTo(400);
        assertThat(call(BpfHelper.GET_CURRENT_TASK)).isEqualTo(KERNEL);
        assertThat(call(BpfHelper.GET_CURRENT_TASK_BTF)).isEqualTo(KERNEL);
        assertThat(call(BpfHelper.GET_CURRENT_CGROUP_ID)).isEqualTo(77);
        assertThat(call(BpfHelper.GET_ATTACH_COOKIE)).isEqualTo(88);
        assertThat(call(BpfHelper.GET_FUNC_IP)).isEqualTo(99);
        assertThat(call(BpfHelper.GET_PRANDOM_U32)).isBetween(0L, 0xffff_ffffL);
    }

    @Test
    void clocksMoveByTheStep() {
        scene.clocks(100, 200, 300).clockStep(7);
        assertThat(call(BpfHelper.KTIME_GET_NS)).isEqualTo(100);
        assertThat(call(BpfHelper.KTIME_GET_BOOT_NS)).isEqualTo(207);
    }

    @Test
    void commIsPaddedAndCut() {
        scene.comm("a-name-that-is-too-long");
        run(new Snippet().value(R1, 0, 0).set(R2, 16).call(BpfHelper.GET_CURRENT_COMM).exit());
        assertThat(text(17)).isEqualTo("a-name-that-is-\0\0");
        scene.comm("x");
        run(new Snippet().value(R1, 0, 0).set(R2, 16).call(BpfHelper.GET_CURRENT_COMM).exit());
        assertThat(text(16)).isEqualTo("x" + "\0".repeat(15));
        run(new Snippet().value(R1, 0, 8).set(R2, 4).call(BpfHelper.GET_CURRENT_COMM).exit());
        assertThatThrownBy(() -> run(new Snippet().frame(R1, -8).set(R2, 16).call(BpfHelper.GET_CURRENT_COMM).exit())).hasMessageContaining("stack");
    }

    @ParameterizedTest
    @CsvSource({"PROBE_READ_USER,true,0", "PROBE_READ_USER,false,-14", "PROBE_READ_KERNEL,true,-34", "PROBE_READ_KERNEL,false,0", "PROBE_READ,true,0",
        "PROBE_READ,false,0", "COPY_FROM_USER,true,0"})
    void readsReachTheirOwnAddressSpace(BpfHelper helper, boolean user, long result) {
        scene.user(0x7fff_1000L, longs(1, 42)).kernel(KERNEL, longs(1, 42));
        var snippet = new Snippet().frame(R1, -8).set(R2, 8).set(R3, (user ? 0x7fff_1000L : KERNEL) + 8).call(helper).keep(0)
                .load(R0, R10, -8).keep(8).exit(0);
        run(snippet);
        assertThat(out.element(0)).startsWith(longs(result, result == 0 ? 42 : 0));
    }

    @Test
    void readThatRunsIntoNothingFails() {
        scene.user(0x1000, new byte[12]);
        var snippet = new Snippet().put(-8, -1).frame(R1, -8).set(R2, 8).set(R3, 0x1008).call(BpfHelper.PROBE_READ_USER).keep(0)
                .load(R0, R10, -8).exit();
        assertThat(run(snippet)).isZero();
        assertThat(out.element(0)).startsWith(longs(-14));
    }

    @Test
    void kernelReadsReachMapsAndStack() {
        var snippet = new Snippet().put(-8, 9).frame(R1, -16).set(R2, 8).frame(R3, -8).call(BpfHelper.PROBE_READ_KERNEL).load(R0, R10, -16).exit();
        assertThat(run(snippet)).isEqualTo(9);
    }

    @Test
    void programsMayNotTouchUserMemory() {
        scene.user(0x1000, longs(1)).kernel(KERNEL, longs(5));
        assertThatThrownBy(() -> run(new Snippet().set(R1, 0x1000).load(R0, R1, 0).exit())).hasMessageContaining("invalid mem access");
        assertThatThrownBy(() -> run(new Snippet().set(R1, KERNEL).load(R0, R1, 0).exit())).hasMessageContaining("invalid mem access");
        scene.directKernelLoads();
        assertThat(run(new Snippet().set(R1, KERNEL).load(R0, R1, 0).exit())).isEqualTo(5);
        assertThat(run(new Snippet().set(R1, KERNEL + 4096).load(R0, R1, 0).exit())).isZero();
    }

    @Test
    void stringsEndWithNul() {
        scene.user(0x1000, "hello");
        assertThat(run(new Snippet().value(R1, 0, 0).set(R2, 64).set(R3, 0x1000).call(BpfHelper.PROBE_READ_USER_STR).exit())).isEqualTo(6);
        assertThat(text(6)).isEqualTo("hello\0");
        assertThat(run(new Snippet().value(R1, 0, 0).set(R2, 4).set(R3, 0x1000).call(BpfHelper.PROBE_READ_USER_STR).exit())).isEqualTo(4);
        assertThat(text(6)).isEqualTo("hel\0o\0");
        scene.user(0x2000, new byte[] {'a', 'b'});
        assertThat(run(new Snippet().value(R1, 0, 0).set(R2, 8).set(R3, 0x2000).call(BpfHelper.PROBE_READ_USER_STR).exit())).isEqualTo(-14);
        assertThat(text(8)).isEqualTo("\0".repeat(8));
    }

    @Test
    void userMemoryIsWritten() {
        scene.user(0x1000, longs(1, 2));
        var snippet = new Snippet().put(-8, 7).set(R1, 0x1008).frame(R2, -8).set(R3, 8).call(BpfHelper.PROBE_WRITE_USER).exit();
        assertThat(run(snippet)).isZero();
        assertThat(scene.userBytes(0x1000, 16)).hasValue(longs(1, 7));
        assertThat(run(new Snippet().put(-8, 7).set(R1, 0x100c).frame(R2, -8).set(R3, 8).call(BpfHelper.PROBE_WRITE_USER).exit())).isEqualTo(-14);
    }

    @Test
    void ringRecordsAreKeptInOrderOfReservation() {
        var ring = new FakeMap(FakeMap.RINGBUF, 0, 0, 4096);
        machine.map(1, ring);
        var snippet = reserve(8).copy(R6, R0).set(R1, 1).store(R6, 0, R1);
        snippet.put(-8, 2).map(R1, 1).frame(R2, -8).set(R3, 8).set(R4, 0).call(BpfHelper.RINGBUF_OUTPUT);
        run(snippet.copy(R1, R6).set(R2, 0).call(BpfHelper.RINGBUF_SUBMIT).exit(0));
        run(reserve(8).copy(R1, R0).set(R2, 0).call(BpfHelper.RINGBUF_DISCARD).exit(0));
        assertThat(ring.records()).containsExactly(longs(1), longs(2));
        assertThat(ring.available()).isEqualTo(48);
        assertThat(ring.drain()).hasSize(2);
        assertThat(ring.available()).isZero();
    }

    private static Snippet reserve(int size) {
        return new Snippet().map(R1, 1).set(R2, size).set(R3, 0).call(BpfHelper.RINGBUF_RESERVE);
    }

    @Test
    void misuseOfRingRecordsIsRefused() {
        machine.map(1, new FakeMap(FakeMap.RINGBUF, 0, 0, 4096));
        assertThatThrownBy(() -> run(reserve(8).exit(0))).hasMessageContaining("Unreleased reference");
        assertThatThrownBy(() -> run(reserve(8).load(R0, R0, 8).exit(0))).hasMessageContaining("ring record, which has 8");
        assertThatThrownBy(() -> run(reserve(8).copy(R6, R0).copy(R1, R0).set(R2, 0).call(BpfHelper.RINGBUF_SUBMIT).load(R0, R6, 0).exit()))
                .hasMessageContaining("use of ring record after its end");
        assertThatThrownBy(() -> run(new Snippet().frame(R1, -8).set(R2, 0).call(BpfHelper.RINGBUF_SUBMIT).exit()))
                .hasMessageContaining("where a reserved record is expected");
    }

    @Test
    void perfEventsAreRecorded() {
        var events = new FakeMap(FakeMap.PERF_EVENT_ARRAY, 4, 4, 4);
        machine.map(1, events);
        var snippet = new Snippet().put(-8, 3).map(R2, 1).set(R3, 0xffff_ffffL).frame(R4, -8).set(R5, 8).call(BpfHelper.PERF_EVENT_OUTPUT).exit();
        assertThat(run(snippet)).isZero();
        assertThat(events.records()).containsExactly(longs(3));
    }

    @Test
    void perCpuValuesAreTheCurrentCpus() {
        var map = new FakeMap(FakeMap.PERCPU_HASH, 8, 8, 10);
        machine.map(1, map);
        for (int cpu = 0; cpu < 3; cpu++) {
            scene.cpu(cpu, 4);
            run(new Snippet().put(-8, 1).put(-16, 10 + cpu).frame(R3, -16).set(R4, 0).on(1, BpfHelper.MAP_UPDATE_ELEM).exit());
        }
        assertThat(run(new Snippet().put(-8, 1).on(1, BpfHelper.MAP_LOOKUP_ELEM).orMinusOne().exit())).isEqualTo(12);
        assertThat(map.value(longs(1), 1)).hasValue(longs(11));
        for (int cpu = -1; cpu < 5; cpu++) {
            long expected = cpu < 0 || cpu > 3 ? -1 : cpu < 3 ? 10 + cpu : 0;
            assertThat(run(new Snippet().put(-8, 1).set(R3, cpu).on(1, BpfHelper.MAP_LOOKUP_PERCPU_ELEM).orMinusOne().exit())).isEqualTo(expected);
        }
    }

    @Test
    void fullLruMapDropsTheLeastRecentlyUsed() {
        var map = new FakeMap(FakeMap.LRU_HASH, 8, 8, 2).put(longs(1), longs(10)).put(longs(2), longs(20));
        machine.map(1, map);
        run(new Snippet().put(-8, 1).on(1, BpfHelper.MAP_LOOKUP_ELEM).exit());
        run(new Snippet().put(-8, 3).put(-16, 30).frame(R3, -16).set(R4, 0).on(1, BpfHelper.MAP_UPDATE_ELEM).exit());
        assertThat(map.entries()).extracting(FakeMap.Entry::key).containsExactly(longs(1), longs(3));
    }

    @Test
    void valuePointersChangeTheMap() {
        var map = new FakeMap(FakeMap.HASH, 8, 8, 2).put(longs(1), longs(10));
        machine.map(1, map);
        run(new Snippet().put(-8, 1).on(1, BpfHelper.MAP_LOOKUP_ELEM).set(R1, 11).store(R0, 0, R1).exit(0));
        assertThat(map.value(longs(1))).hasValue(longs(11));
    }

    @Test
    void taskStorageIsMadeOnDemand() {
        machine.map(1, new FakeMap(FakeMap.TASK_STORAGE, 4, 8, 0));
        scene.task(KERNEL);
        var get = new Snippet().call(BpfHelper.GET_CURRENT_TASK_BTF).copy(R2, R0).map(R1, 1).set(R3, 0).set(R4, 0).call(BpfHelper.TASK_STORAGE_GET);
        assertThat(run(get.orMinusOne().exit())).isEqualTo(-1);
        var create = new Snippet().put(-8, 5).set(R2, KERNEL).map(R1, 1).frame(R3, -8).set(R4, 1).call(BpfHelper.TASK_STORAGE_GET);
        assertThat(run(create.orMinusOne().exit())).isEqualTo(5);
        assertThat(run(new Snippet().map(R1, 1).set(R2, KERNEL).call(BpfHelper.TASK_STORAGE_DELETE).exit())).isZero();
    }

    @Test
    void stacksAreCopiedInnermostFirst() {
        scene.userStack(0x1000, 0x2000, 0x3000).kernelStack(KERNEL);
        assertThat(run(stack(64, 256))).isEqualTo(24);
        assertThat(out.element(0)).startsWith(longs(0x1000, 0x2000, 0x3000, 0));
        assertThat(run(stack(8, 257))).isEqualTo(8);
        assertThat(out.element(0)).startsWith(longs(0x2000));
        assertThat(run(stack(64, 0))).isEqualTo(8);
        assertThat(run(stack(64, 260))).isEqualTo(-14);
        assertThat(run(stack(60, 256))).isEqualTo(-22);
    }

    private static Snippet stack(int size, int flags) {
        return new Snippet().value(R2, 0, 0).set(R3, size).set(R4, flags).call(BpfHelper.GET_STACK).exit();
    }

    @Test
    void stackIdsNameStacks() {
        var stacks = new FakeMap(FakeMap.STACK_TRACE, 4, 64, 1);
        machine.map(1, stacks);
        scene.kernelStack(1, 2);
        assertThat(run(stackId(0))).isZero();
        assertThat(stacks.value(FakeMap.indexKey(0)).orElseThrow()).startsWith(longs(1, 2, 0));
        scene.kernelStack(3);
        assertThat(run(stackId(0))).isEqualTo(-17);
        assertThat(run(stackId(1 << 10))).isZero();
        assertThat(run(stackId(256))).isEqualTo(-14);
    }

    private static Snippet stackId(int flags) {
        return new Snippet().map(R2, 1).set(R3, flags).call(BpfHelper.GET_STACKID).exit();
    }

    @ParameterizedTest
    @CsvSource({"abc,3,abc,0", "abc,3,abd,-1", "abc,2,abd,0", "ab,3,abc,-1", "b,1,a,1"})
    void stringsAreCompared(String left, int size, String right, long result) {
        byte[] value = new byte[64];
        System.arraycopy(left.getBytes(StandardCharsets.US_ASCII), 0, value, 0, left.length());
        System.arraycopy(right.getBytes(StandardCharsets.US_ASCII), 0, value, 32, right.length());
        out.put(new byte[4], value);
        assertThat(run(new Snippet().value(R1, 0, 0).set(R2, size).value(R3, 0, 32).call(BpfHelper.STRNCMP).exit())).isEqualTo(result);
    }

    @Test
    void signalsPrintsAndOverridesAreRecorded() {
        assertThat(run(new Snippet().set(R1, 9).call(BpfHelper.SEND_SIGNAL).exit())).isZero();
        assertThat(run(new Snippet().set(R1, 10).call(BpfHelper.SEND_SIGNAL_THREAD).exit())).isZero();
        assertThat(run(new Snippet().set(R1, 65).call(BpfHelper.SEND_SIGNAL).exit())).isEqualTo(-22);
        assertThat(machine.signals()).containsExactly(new BpfMachine.Signal(9, false), new BpfMachine.Signal(10, true));
        out.put(new byte[4], Arrays.copyOf("x=%d %%\0".getBytes(StandardCharsets.US_ASCII), 64));
        run(new Snippet().value(R1, 0, 0).set(R2, 8).set(R3, 5).call(BpfHelper.TRACE_PRINTK).exit());
        assertThat(machine.prints()).containsExactly(new BpfMachine.Print("x=%d %%", List.of(5L)));
        run(new Snippet().set(R2, -1).call(BpfHelper.OVERRIDE_RETURN).exit());
        assertThat(machine.overrides()).containsExactly(-1L);
    }

    @Test
    void namespaceIdsNeedTheRightNamespace() {
        scene.pidNamespace(4, 0xf000_0001L, 2, 3);
        assertThat(run(namespace(4, 0xf000_0001L))).isEqualTo(2L << 32 | 3);
        assertThat(run(namespace(4, 1))).isZero();
    }

    private static Snippet namespace(long device, long inode) {
        return new Snippet().set(R1, device).set(R2, inode).frame(R3, -8).set(R4, 8).call(BpfHelper.GET_NS_CURRENT_PID_TGID).load(R0, R10, -8).exit();
    }

    @Test
    void trampolineArgumentsAndResultAreRead() {
        scene.arguments(10, 20);
        assertThat(run(new Snippet().call(BpfHelper.GET_FUNC_ARG_CNT).exit())).isEqualTo(2);
        assertThat(run(new Snippet().set(R2, 1).frame(R3, -8).call(BpfHelper.GET_FUNC_ARG).load(R0, R10, -8).exit())).isEqualTo(20);
        assertThat(run(new Snippet().set(R2, 2).frame(R3, -8).call(BpfHelper.GET_FUNC_ARG).exit())).isEqualTo(-22);
        assertThat(run(new Snippet().frame(R2, -8).call(BpfHelper.GET_FUNC_RET).exit())).isEqualTo(-95);
        scene.result(-5);
        assertThat(run(new Snippet().frame(R2, -8).call(BpfHelper.GET_FUNC_RET).load(R0, R10, -8).exit())).isEqualTo(-5);
    }

    @Test
    void pathsAndRegistersOfTheTask() {
        scene.path(KERNEL, "/etc/hosts").taskRegisters(longs(1, 2, 3)).task(KERNEL);
        assertThat(run(new Snippet().set(R1, KERNEL).value(R2, 0, 0).set(R3, 64).call(BpfHelper.D_PATH).exit())).isEqualTo(11);
        assertThat(text(11)).isEqualTo("/etc/hosts\0");
        assertThat(run(new Snippet().set(R1, KERNEL).value(R2, 0, 0).set(R3, 10).call(BpfHelper.D_PATH).exit())).isEqualTo(-36);
        var registers = new Snippet().call(BpfHelper.GET_CURRENT_TASK_BTF).copy(R1, R0).call(BpfHelper.TASK_PT_REGS).load(R0, R0, 16).exit();
        assertThat(run(registers)).isEqualTo(3);
    }

    @Test
    void callbackMayReturnOnlyZeroOrOne() {
        var snippet = new Snippet().set(R1, 1).function(R2, 1).set(R3, 0).set(R4, 0).call(BpfHelper.LOOP).exit().start(1, "f").exit(2);
        assertThatThrownBy(() -> run(snippet)).hasMessageContaining("should have been in [0, 1]");
    }

    @Test
    void contextIsAsked() {
        assertThatThrownBy(() -> run(new Snippet().set(R1, 0).call(BpfHelper.GET_ATTACH_COOKIE).exit())).hasMessageContaining("context");
    }
}
