package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.target.TracepointFormat.Field;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import org.junit.jupiter.api.Test;

class FieldTypeTest {
    private final KernelTypes types = new KernelTypes(Machine.builder().build()::btf);

    private Source of(Field field) {
        return FieldType.source(field, AddressSpace.KERNEL, types).orElseThrow();
    }

    private Source of(String type, int size, boolean signed) {
        return of(Machine.field(type, "x", 0, 16, size, signed));
    }

    private static Source slot(Type type) {
        return new Source.Slot(type, 16, type.size(), type.isSigned());
    }

    @Test
    void integersOfCHaveTheirWidth() {
        assertThat(of("unsigned char", 1, false)).isEqualTo(slot(Type.UINT8));
        assertThat(of("unsigned short", 2, false)).isEqualTo(slot(Type.UINT16));
        assertThat(of("int", 4, true)).isEqualTo(slot(Type.INT32));
        assertThat(of("unsigned", 4, false)).isEqualTo(slot(Type.UINT32));
        assertThat(of("long", 8, true)).isEqualTo(slot(Type.INT64));
        assertThat(of("unsigned long long", 8, false)).isEqualTo(slot(Type.UINT64));
        assertThat(of("bool", 1, false)).isEqualTo(slot(Type.BOOL));
        assertThat(of("const __u32", 4, false)).isEqualTo(slot(Type.UINT32));
    }

    @Test
    void charTakesItsSignFromTheFormat() {
        assertThat(of("char", 1, false)).isEqualTo(slot(Type.UINT8));
        assertThat(of("char", 1, true)).isEqualTo(slot(Type.INT8));
    }

    @Test
    void narrowArgumentInAWideSlotIsReadWithItsOwnWidth() {
        assertThat(of("int", 8, false)).isEqualTo(slot(Type.INT32));
        assertThat(of("umode_t", 8, false)).isEqualTo(slot(Type.UINT16));
        assertThat(of("pid_t", 8, false)).isEqualTo(slot(Type.INT32));
    }

    @Test
    void typedefOfTheKernelIsAskedForAndAnUnknownOneTakesTheFieldsSize() {
        assertThat(of("u64_alias", 8, true)).isEqualTo(slot(Type.UINT64));
        assertThat(of("xfs_thing_t", 4, true)).isEqualTo(slot(Type.INT32));
        assertThat(of("odd_t", 12, false)).isEqualTo(new Source.Inline(new Type.Array(Type.UINT8, 12), 16));
    }

    @Test
    void enumKeepsItsNames() {
        assertThat(of("enum skb_drop_reason", 4, false).type()).isInstanceOfSatisfying(Type.Enumeration.class,
                e -> assertThat(e.names()).containsEntry(1L, "SKB_CONSUMED"));
        assertThat(of("enum skb_drop_reason", 1, false)).isInstanceOfSatisfying(Source.Slot.class, slot -> {
            assertThat(slot.width()).isEqualTo(1);
            assertThat(slot.type().size()).isEqualTo(1);
        });
    }

    @Test
    void pointerKnowsItsTargetAndItsSpace() {
        assertThat(of("void *", 8, false)).isEqualTo(slot(new Type.Pointer(Type.VOID, AddressSpace.KERNEL)));
        assertThat(of("const struct task_struct *", 8, false).type()).isInstanceOfSatisfying(Type.Pointer.class,
                p -> assertThat(p.target()).isInstanceOfSatisfying(Type.Struct.class, s -> assertThat(s.name()).isEqualTo("task_struct")));
        assertThat(of("const char *const *", 8, false).type())
                .isEqualTo(new Type.Pointer(new Type.Pointer(Type.UINT8, AddressSpace.KERNEL), AddressSpace.KERNEL));
        assertThat(of("const char __user *", 8, false).type()).isEqualTo(new Type.Pointer(Type.UINT8, AddressSpace.USER));
        assertThat(of("struct nobody_knows *", 8, false).type()).isEqualTo(new Type.Pointer(Type.VOID, AddressSpace.KERNEL));
    }

    @Test
    void arraysLieInTheRecord() {
        assertThat(of(Machine.field("char", "comm", 16, 16, 16, false))).isEqualTo(new Source.Inline(new Type.Text(16), 16));
        assertThat(of(Machine.field("__u8", "saddr", 4, 16, 4, false))).isEqualTo(new Source.Inline(new Type.Array(Type.UINT8, 4), 16));
        assertThat(of(Machine.field("unsigned long", "args", 6, 16, 48, false))).isEqualTo(new Source.Inline(new Type.Array(Type.UINT64, 6), 16));
    }

    @Test
    void dynamicDataIsAPointerIntoTheRecord() {
        assertThat(of("__data_loc char[]", 4, false))
                .isEqualTo(new Source.DataLocation(new Type.Pointer(Type.UINT8, AddressSpace.KERNEL), 16, false));
        assertThat(of("__rel_loc u64[]", 4, false))
                .isEqualTo(new Source.DataLocation(new Type.Pointer(Type.UINT64, AddressSpace.KERNEL), 16, true));
        assertThat(of("__data_loc unsigned int[]", 4, false).type()).isEqualTo(new Type.Pointer(Type.UINT32, AddressSpace.KERNEL));
    }

    @Test
    void arrayOfUnknownLengthIsNoArgument() {
        assertThat(FieldType.source(Machine.field("u32", "rest", 0, 16, 0, false), AddressSpace.KERNEL, types)).isEmpty();
    }

    @Test
    void pointersOfSystemCallsAreTheCallers() {
        var format = Machine.format("syscalls", "sys_enter_open", 1, Machine.field("const char *", "filename", 0, 16, 8, false));
        Bound bound = Bound.on(Machine.builder().tracepoint(format).build()).args().bind("t:syscalls:sys_enter_open");
        assertThat(bound.context().argument("filename").orElseThrow().type()).isEqualTo(new Type.Pointer(Type.UINT8, AddressSpace.USER));
        assertThat(bound.context().space()).isEqualTo(AddressSpace.USER);
    }

    @Test
    void fieldsThatAllEventsBeginWithCannotBeRead() {
        ProbeContext context = Bound.on(Machine.builder().build()).args().bind("t:sched:sched_switch").context();
        assertThat(context.arguments()).extracting(ProbeContext.Argument::name).containsExactly("prev_comm", "prev_pid");
        assertThat(context.argument("common_pid")).isEmpty();
        assertThat(context.argument("nothing")).isEmpty();
    }
}
