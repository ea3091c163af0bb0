package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.types.Type;
import org.junit.jupiter.api.Test;

class RawTracepointKindTest {
    private final Target machine = Machine.builder().build();

    @Test
    void argumentsHaveTheNamesAndTypesOfBtf() {
        Bound bound = Bound.on(machine).args().bind("rt:sched_switch");
        assertThat(bound.probes()).containsExactly("rawtracepoint:vmlinux:sched_switch");
        assertThat(bound.context().argument("prev").orElseThrow().type()).isInstanceOf(Type.Pointer.class);
        assertThat(bound.context().argument("prev_state")).contains(new Source.Slot(Type.INT32, 8, 4, true));
        assertThat(bound.context().argN(1)).contains(new Source.Slot(Type.UINT64, 8, 8, false));
        assertThat(bound.context().argN(2)).isEmpty();
        assertThat(bound.attachment()).isInstanceOfSatisfying(AttachSpec.RawTracepoint.class, t -> assertThat(t.event()).isEqualTo("sched_switch"));
        assertThat(bound.group().program().kind()).isEqualTo(ProgramKind.RAW_TRACEPOINT);
    }

    @Test
    void eventWithoutBtfHasNumberedArguments() {
        Bound bound = Bound.on(machine).context().bind("rt:tcp_probe");
        assertThat(bound.context().arguments()).isEmpty();
        assertThat(bound.context().argN(11)).isPresent();
        assertThat(bound.context().argN(12)).isEmpty();
    }

    @Test
    void moduleMayBeGiven() {
        assertThat(Bound.on(machine).bind("rt:vmlinux:sched_switch").probes()).containsExactly("rawtracepoint:vmlinux:sched_switch");
        assertThat(Bound.on(machine).bind("rawtracepoint:*:sched_w*").probes())
                .containsExactly("rawtracepoint:vmlinux:sched_wakeup", "rawtracepoint:vmlinux:sched_waking");
    }

    @Test
    void wildcardWithoutContextSharesAProgramAndWithArgumentsThoseOfOnePrototype() {
        assertThat(Bound.on(machine).bind("rt:*").groups()).hasSize(1);
        Bound typed = Bound.on(machine).args().bind("rt:s*");
        assertThat(typed.groups()).hasSize(3);
        Target old = Machine.builder().without(Feature.RAW_TRACEPOINT_COOKIE).build();
        assertThat(Bound.on(old).site().bind("rt:sched_*").groups()).hasSize(3);
    }

    @Test
    void unknownEventNamesTheNearest() {
        assertThat(Bound.on(machine).bind("rt:kfree_skp").said())
                .isEqualTo("NO_MATCH: No matches for rawtracepoint kfree_skp. [Did you mean 'rawtracepoint:kfree_skb'?]");
        assertThat(Bound.on(machine).bind("rt").said()).contains("requires 1 or 2 arguments, found 0");
    }

    @Test
    void listingShowsPrototypes() {
        var listed = Bound.on(machine).list("rt", "sched_switch");
        assertThat(listed).extracting(ProbeKind.Listing::probe).containsExactly("rawtracepoint:vmlinux:sched_switch");
        assertThat(listed.getFirst().arguments()).containsExactly("struct task_struct * prev", "int prev_state");
        assertThat(Bound.on(machine).list("rt", "ext4", "*")).isEmpty();
    }
}
