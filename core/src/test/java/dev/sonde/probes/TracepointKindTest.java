package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.RunOptions;
import dev.sonde.target.Feature;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import org.junit.jupiter.api.Test;

class TracepointKindTest {
    private final Target machine = Machine.builder().build();

    @Test
    void oneEventIsAttachedThroughItsId() {
        Bound bound = Bound.on(machine).bind("t:sched:sched_switch");
        assertThat(bound.attachment()).isEqualTo(new AttachSpec.Tracepoint(100, bound.attachment().span(), "sched", "sched_switch", 7));
        assertThat(bound.group().program().kind()).isEqualTo(ProgramKind.TRACEPOINT);
        assertThat(bound.probes()).containsExactly("tracepoint:sched:sched_switch");
        assertThat(bound.group().cookies()).isFalse();
    }

    @Test
    void wildcardWithoutContextTakesRawTracepointsOfOneProgram() {
        Bound bound = Bound.on(machine).bind("tracepoint:sched:*");
        assertThat(bound.probes()).containsExactly("tracepoint:sched:sched_switch", "tracepoint:sched:sched_wakeup", "tracepoint:sched:sched_waking");
        assertThat(bound.group().program().kind()).isEqualTo(ProgramKind.RAW_TRACEPOINT);
        assertThat(bound.group().cookies()).isTrue();
        assertThat(bound.attachments()).extracting(AttachSpec::site).containsExactly(100, 101, 102);
        assertThat(bound.attachments().getLast()).isInstanceOf(AttachSpec.RawTracepoint.class);
        assertThat(bound.context().reentrant()).isTrue();
    }

    @Test
    void eventsThatNoKernelCodeHasStayPerfEvents() {
        Bound bound = Bound.on(machine).bind("t:*:s*");
        assertThat(bound.groups()).hasSize(2);
        assertThat(bound.attachments()).filteredOn(AttachSpec.Tracepoint.class::isInstance).hasSize(1);
        assertThat(bound.probes()).hasSize(4).contains("tracepoint:syscalls:sys_enter_read");
    }

    @Test
    void eventsOfOneLayoutShareAProgramWhenArgumentsAreRead() {
        Bound bound = Bound.on(machine).args().bind("t:sched:*");
        assertThat(bound.groups()).hasSize(2);
        assertThat(bound.groups().getFirst().sites()).hasSize(1);
        assertThat(bound.groups().getLast().sites()).hasSize(2);
        assertThat(bound.groups().getLast().cookies()).isTrue();
        assertThat(bound.groups().getFirst().context()).isNotEqualTo(bound.groups().getLast().context());
    }

    @Test
    void kernelWithoutCookiesGetsAProgramForEachPlaceWhenTheBodyNamesIt() {
        Target old = Machine.builder().without(Feature.ATTACH_COOKIE).without(Feature.RAW_TRACEPOINT_COOKIE).build();
        assertThat(Bound.on(old).site().bind("t:sched:*").groups()).hasSize(3);
        assertThat(Bound.on(old).bind("t:sched:*").groups()).hasSize(1);
    }

    @Test
    void processFilterIsLeftToTheProgram() {
        assertThat(Bound.on(machine).pid(42).bind("t:sched:sched_switch").group().filterPid()).isEqualTo(42);
        assertThat(Bound.on(machine).bind("t:sched:sched_switch").group().filterPid()).isEqualTo(-1);
    }

    @Test
    void unknownEventNamesTheNearest() {
        assertThat(Bound.on(machine).bind("t:sched:sched_swich").said())
                .isEqualTo("NO_MATCH: No matches for tracepoint sched:sched_swich. [Did you mean 'tracepoint:sched:sched_switch'?]");
    }

    @Test
    void eventOfAnotherCategoryIsFound() {
        assertThat(Bound.on(machine).bind("t:net:kfree_skb").said()).endsWith("[Did you mean 'tracepoint:skb:kfree_skb'?]");
    }

    @Test
    void unknownCategoryNamesTheNearest() {
        assertThat(Bound.on(machine).bind("t:shed:nothing").said()).endsWith("[Did you mean 'tracepoint:sched:nothing'?]");
    }

    @Test
    void wildcardWithoutMatchIsAMistakeOnlyWhenItIsAlone() {
        assertThat(Bound.on(machine).bind("t:sched:x*").said()).startsWith("NO_MATCH");
        assertThat(Bound.on(machine).oneOfSeveral().bind("t:sched:x*").said()).startsWith("MISSING_PROBE");
        assertThat(Bound.on(machine).oneOfSeveral().bind("t:sched:x").said()).startsWith("MISSING_PROBE");
    }

    @Test
    void missingProbesMayBeAWarningOrNothing() {
        assertThat(Bound.on(machine).missing(RunOptions.MissingProbes.WARN).bind("t:sched:x").said()).startsWith("MISSING_PROBE");
        assertThat(Bound.on(machine).missing(RunOptions.MissingProbes.IGNORE).bind("t:sched:x").diagnostics()).isEmpty();
    }

    @Test
    void twoPartsAreNeeded() {
        String hint = " [Write it as tracepoint:CATEGORY:EVENT.]";
        assertThat(Bound.on(machine).bind("t:sched").said()).isEqualTo("BAD_ATTACH_POINT: tracepoint probe type requires 2 arguments, found 1"
                + hint);
        assertThat(Bound.on(machine).bind("t:a:b:c").said()).isEqualTo("BAD_ATTACH_POINT: tracepoint probe type requires 2 arguments, found 3"
                + hint);
        assertThat(Bound.on(machine).bind("t:sched:").said()).startsWith("BAD_ATTACH_POINT: tracepoint probe type requires 2 arguments");
    }

    @Test
    void listingShowsFieldsAsTheFormatSpellsThem() {
        var listed = Bound.on(machine).list("tracepoint", "sched", "sched_sw*");
        assertThat(listed).extracting(ProbeKind.Listing::probe).containsExactly("tracepoint:sched:sched_switch");
        assertThat(listed.getFirst().arguments()).containsExactly("char prev_comm[16]", "pid_t prev_pid");
    }

    @Test
    void machineWithoutAnyTracepointIsToldOfTracefs() {
        Target bare = RecordedTarget.builder().build();
        assertThat(Bound.on(bare).bind("t:sched:sched_switch").said()).contains("No tracepoint can be seen", "/sys/kernel/tracing");
    }
}
