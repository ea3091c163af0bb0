package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.AttachSpec;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import org.junit.jupiter.api.Test;

class CountedEventTest {
    private final Target machine = Machine.builder().build();

    @Test
    void aliasIsTheSameEvent() {
        Bound faults = Bound.on(machine).bind("s:faults:10");
        assertThat(faults.attachment()).isEqualTo(new AttachSpec.Software(100, faults.attachment().span(), 2, 10, -1));
        assertThat(faults.probes()).containsExactly("software:faults:10");
        assertThat(((AttachSpec.Software) Bound.on(machine).bind("software:page-faults:10").attachment()).event()).isEqualTo(2);
    }

    @Test
    void countMayBeLeftToTheEvent() {
        assertThat(((AttachSpec.Software) Bound.on(machine).bind("s:cpu").attachment()).period()).isEqualTo(1_000_000);
        assertThat(((AttachSpec.Software) Bound.on(machine).bind("s:faults:0").attachment()).period()).isEqualTo(100);
        assertThat(((AttachSpec.Hardware) Bound.on(machine).bind("h:branch-misses").attachment()).period()).isEqualTo(100_000);
    }

    @Test
    void hardwareEventsNeedCounters() {
        assertThat(Bound.on(machine).bind("h:cycles:7").probes()).containsExactly("hardware:cycles:7");
        Target virtual = Machine.builder().without(Feature.HARDWARE_EVENTS).build();
        assertThat(Bound.on(virtual).bind("h:cycles").said()).startsWith("UNSUPPORTED_PROBE: This machine has no hardware performance counters")
                .contains("profile:hz:99");
    }

    @Test
    void unknownEventNamesTheNearestAndBadCountIsExplained() {
        assertThat(Bound.on(machine).bind("s:fault").said()).isEqualTo("NO_MATCH: fault is not a software probe [Did you mean 'faults'?]");
        assertThat(Bound.on(machine).bind("h:xyz").said()).startsWith("NO_MATCH: xyz is not a hardware probe [There are: cpu-cycles, cycles");
        assertThat(Bound.on(machine).bind("s:faults:x").said()).isEqualTo("BAD_ATTACH_POINT: Invalid count for software probe: invalid integer: x");
        assertThat(Bound.on(machine).bind("s").said()).contains("requires 1 or 2 arguments, found 0");
    }

    @Test
    void allEventsAreListed() {
        assertThat(Bound.on(machine).list("s", "*")).hasSize(14).first().extracting(ProbeKind.Listing::probe).isEqualTo("software:alignment-faults:");
        assertThat(Bound.on(machine).list("h")).hasSize(12);
    }
}
