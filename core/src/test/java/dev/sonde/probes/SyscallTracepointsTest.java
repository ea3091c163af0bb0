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

    /** Ten calls whose first argument is a descriptor, of two types. */
    private static RecordedTarget.Builder withDescriptors() {
        RecordedTarget.Builder machine = Machine.builder();
        for (String call : CALLS) {
            machine.tracepoint(Machine.format("syscalls", "sys_enter_" + call, 50, Machine.field("int", "__syscall_nr", 0, 8, 4, true),
                    Machine.field(call.length() > 4 ? "int" : "unsigned int", "fd", 0, 16, 8, false),
                    Machine.field("const char *", "name", 0, 24, 8, false)));
        }
        return machine;
    }

    @Test
    void argumentsOfManyCallsAreReadFromTheRegisters() {
        Bound bound = Bound.on(withDescriptors().build()).args("name", "__syscall_nr").bind("t:syscalls:sys_enter_*");
        assertThat(bound.attachment()).isInstanceOf(AttachSpec.Tracing.class);
        assertThat(bound.context().argument("__syscall_nr")).contains(new Source.Slot(Type.INT32, 8, 4, true));
        Type text = new Type.Pointer(Type.UINT8, AddressSpace.USER);
        assertThat(bound.context().argument("name")).contains(new Source.InMemory(text, 0, -1, 1,
                Architecture.X86_64.offsetOf("si").orElseThrow(), 8, false, AddressSpace.PROGRAM));
        assertThat(bound.context().argument("fd")).isEmpty();
        assertThat(bound.context().space()).isEqualTo(AddressSpace.USER);
    }

    @Test
    void callsWithOtherTypesOfAnArgumentHaveProgramsOfTheirOwn() {
        Bound bound = Bound.on(withDescriptors().build()).args("fd").bind("t:syscalls:sys_enter_*");
        assertThat(bound.groups()).hasSize(2);
        assertThat(bound.probes()).hasSize(10);
        assertThat(bound.attachments()).allMatch(AttachSpec.Tracing.class::isInstance);
    }

    @Test
    void callWithoutTheArgumentIsReadFromItsOwnRecord() {
        Target machine = withDescriptors().tracepoint(Machine.format("syscalls", "sys_enter_sync", 90,
                Machine.field("int", "__syscall_nr", 0, 8, 4, true))).build();
        Bound bound = Bound.on(machine).args("name").bind("t:syscalls:sys_enter_*");
        assertThat(bound.attachments()).hasSize(2);
        assertThat(bound.attachments().getLast()).isInstanceOf(AttachSpec.Tracepoint.class);
    }

    @Test
    void manyShapesOfArgumentsStayPerfEvents() {
        RecordedTarget.Builder machine = Machine.builder();
        String[] calls = {"read", "write", "openat", "close", "mmap", "brk", "ioctl", "getpid", "futex", "dup", "pipe", "poll", "lseek", "bind",
            "listen", "accept", "fork"};
        for (int i = 0; i < calls.length; i++) {
            machine.tracepoint(Machine.format("syscalls", "sys_enter_" + calls[i], 50, Machine.field("int", "a" + i, 0, 16, 8, true)));
        }
        assertThat(Bound.on(machine.build()).args().bind("t:syscalls:sys_enter_*").attachments()).hasSize(17)
                .allMatch(AttachSpec.Tracepoint.class::isInstance);
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
