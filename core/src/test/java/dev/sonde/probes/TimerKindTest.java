package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Target;
import org.junit.jupiter.api.Test;

class TimerKindTest {
    private final Target machine = Machine.builder().build();

    private AttachSpec.Interval interval(String attachPoint) {
        return (AttachSpec.Interval) Bound.on(machine).bind(attachPoint).attachment();
    }

    @Test
    void unitsAreNanosecondsExceptHertz() {
        assertThat(interval("i:us:10").nanoseconds()).isEqualTo(10_000);
        assertThat(interval("i:ms:5").nanoseconds()).isEqualTo(5_000_000);
        assertThat(interval("interval:s:2").nanoseconds()).isEqualTo(2_000_000_000L);
        assertThat(interval("i:hz:99").hertz()).isEqualTo(99);
        assertThat(interval("i:s:1e1").nanoseconds()).isEqualTo(10_000_000_000L);
    }

    @Test
    void durationIsShownInMicroseconds() {
        assertThat(interval("i:1m").nanoseconds()).isEqualTo(60_000_000_000L);
        assertThat(Bound.on(machine).bind("i:1s").probes()).containsExactly("interval:us:1000000");
        assertThat(Bound.on(machine).bind("i:1_000_000").probes()).containsExactly("interval:us:1000");
        assertThat(Bound.on(machine).bind("p:hz:99").probes()).containsExactly("profile:hz:99");
    }

    @Test
    void profileLooksAtAProcessInTheProgramAndIntervalAtNone() {
        Bound profile = Bound.on(machine).pid(5).bind("p:10ms");
        assertThat(profile.attachment()).isEqualTo(new AttachSpec.Profile(100, profile.attachment().span(), 10_000_000, 0, -1));
        assertThat(profile.group().filterPid()).isEqualTo(5);
        assertThat(profile.group().program().kind()).isEqualTo(ProgramKind.PERF_EVENT);
        assertThat(Bound.on(machine).pid(5).bind("i:s:1").group().filterPid()).isEqualTo(-1);
    }

    @Test
    void registersOfWhateverRanCanBeRead() {
        ProbeContext context = Bound.on(machine).bind("p:hz:99").context();
        assertThat(context.register("ip")).isPresent();
        assertThat(context.argN(0)).isEmpty();
        assertThat(context.reentrant()).isFalse();
    }

    @Test
    void badRatesAreExplained() {
        assertThat(Bound.on(machine).bind("i:s").said()).startsWith("BAD_ATTACH_POINT: Invalid rate of interval probe: invalid integer: s");
        assertThat(Bound.on(machine).bind("i:s:0").said()).contains("interval frequency should be a positive integer");
        assertThat(Bound.on(machine).bind("p:ms:-1").said()).contains("profile frequency should be a positive integer");
        assertThat(Bound.on(machine).bind("i:x:1").said()).contains("x is not an accepted unit of time");
        assertThat(Bound.on(machine).bind("i:s:a").said()).contains("invalid integer: a");
        assertThat(Bound.on(machine).bind("i:100").said()).contains("Minimum is 1000 or 1us. Found: 100 nanoseconds");
        assertThat(Bound.on(machine).bind("i:s:1:2").said()).contains("interval probe type requires 1 or 2 arguments, found 3");
        assertThat(Bound.on(machine).bind("i:s:9223372036854775807").said()).contains("positive integer");
    }

    @Test
    void listingNamesTheUnits() {
        assertThat(Bound.on(machine).list("interval", "*")).extracting(ProbeKind.Listing::probe)
                .containsExactly("interval:hz:", "interval:ms:", "interval:s:", "interval:us:");
        assertThat(Bound.on(machine).list("p", "m*")).extracting(ProbeKind.Listing::probe).containsExactly("profile:ms:");
    }
}
