package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Architecture;
import dev.sonde.target.Feature;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyscallTracepointsTest {
    private static final List<String> CALLS = List.of("read", "write", "openat", "close", "newfstat", "mmap", "brk", "ioctl", "getpid", "futex");
    private final Target machine = machine().build();

    private static RecordedTarget.Builder machine() {
        RecordedTarget.Builder machine = Machine.builder();
        for (String call : CALLS) {
            machine.tracepoint(Machine.format("syscalls", "sys_enter_" + call, 50, Machine.field("int", "__syscall_nr", 0, 8, 4, true)));
            machine.tracepoint(Machine.format("syscalls", "sys_exit_" + call, 60, Machine.field("long", "ret", 0, 16, 8, true)));
        }
        return machine;
    }

    @Test
    void manyCallsAreOneTypedRawTracepoint() {
        Bound bound = Bound.on(machine).bind("t:syscalls:sys_enter_*");
        assertThat(bound.attachment()).isEqualTo(new AttachSpec.Tracing(100, bound.attachment().span(), "sys_enter", 10));
        assertThat(bound.attachment().count()).isEqualTo(10);
        assertThat(bound.group().program().kind()).isEqualTo(ProgramKind.TRACING);
        assertThat(bound.group().program().expectedAttach()).isEqualTo(23);
        assertThat(bound.group().cookies()).isFalse();
    }

    @Test
    void numberLeadsToTheSite() {
        ProbeGroup group = Bound.on(machine).bind("t:syscalls:sys_enter_*").group();
        ProbeGroup.Selector selector = group.selector().orElseThrow();
        assertThat(selector.number()).isEqualTo(new Source.Slot(Type.INT64, 8, 8, true));
        assertThat(selector.sites()).hasSize(258);
        assertThat(group.sites().get(selector.sites().get(0)).probe()).isEqualTo("tracepoint:syscalls:sys_enter_read");
        assertThat(group.sites().get(selector.sites().get(5)).probe()).isEqualTo("tracepoint:syscalls:sys_enter_newfstat");
        assertThat(selector.sites().get(4)).isEqualTo(-1);
        assertThat(selector.condition().orElseThrow().mask()).isEqualTo(0x10);
    }

    @Test
    void resultsOfManyCallsCanBeRead() {
        Bound bound = Bound.on(machine).args().bind("t:syscalls:sys_exit_*");
        assertThat(bound.context().argument("ret")).contains(new Source.Slot(Type.INT64, 8, 8, true));
        assertThat(bound.context().argument("__syscall_nr")).contains(new Source.InMemory(Type.INT32, 0, -1, 1,
                Architecture.X86_64.offsetOf("orig_ax").orElseThrow(), 4, true, AddressSpace.PROGRAM));
    }

    @Test
    void argumentsOfCallsAreReadFromTheirOwnRecords() {
        Bound bound = Bound.on(machine).args().bind("t:syscalls:sys_enter_*");
        assertThat(bound.attachments()).hasSize(10).allMatch(AttachSpec.Tracepoint.class::isInstance);
    }

    @Test
    void fewCallsAndUnknownOnesStayPerfEvents() {
        assertThat(Bound.on(machine).bind("t:syscalls:sys_enter_*e").attachments()).allMatch(AttachSpec.Tracepoint.class::isInstance);
        Target strange = machine().tracepoint(Machine.format("syscalls", "sys_enter_of_tomorrow", 70)).build();
        Bound bound = Bound.on(strange).bind("t:syscalls:sys_enter_*");
        assertThat(bound.groups()).hasSize(2);
        assertThat(bound.probes()).hasSize(11);
    }

    @Test
    void kernelWithoutTypesIsReadWithHelpers() {
        Target plain = machine().without(Feature.BTF_TRACEPOINT).build();
        Bound bound = Bound.on(plain).pid(8).bind("t:syscalls:sys_exit_*");
        assertThat(bound.attachment()).isInstanceOf(AttachSpec.RawTracepoint.class);
        assertThat(bound.attachment().count()).isEqualTo(10);
        assertThat(((Source.InMemory) bound.group().selector().orElseThrow().number()).space()).isEqualTo(AddressSpace.KERNEL);
        assertThat(bound.group().filterPid()).isEqualTo(8);
    }

    @Test
    void entryAndExitTogetherAreTwoPrograms() {
        assertThat(Bound.on(machine).bind("t:syscalls:sys_*").attachments()).extracting(AttachSpec::site).containsExactly(100, 110);
    }
}
