package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.target.Architecture;
import dev.sonde.target.Target;
import dev.sonde.types.Type;
import org.junit.jupiter.api.Test;

class UsdtKindTest {
    private final Target machine = Machine.builder().build();

    @Test
    void placesOfOneProbeShareALinkWhenNoArgumentIsRead() {
        Bound bound = Bound.on(machine).bind("U:/bin/app:prov:one");
        assertThat(bound.attachment()).isInstanceOfSatisfying(AttachSpec.UprobeMulti.class, multi -> {
            assertThat(multi.offsets()).containsExactly(0x204L, 0x224L);
            assertThat(multi.refCounters()).containsExactly(0x300L, 0x300L);
        });
        assertThat(bound.probes()).containsExactly("usdt:/bin/app:prov:one", "usdt:/bin/app:prov:one");
        assertThat(bound.group().sites().getFirst().function()).isEmpty();
    }

    @Test
    void placesWithOtherOperandsAreGroupsOfTheirOwn() {
        Bound bound = Bound.on(machine).context().bind("usdt:/bin/app:one");
        assertThat(bound.groups()).hasSize(2);
        ProbeContext first = bound.groups().getFirst().context();
        assertThat(first.argN(0)).contains(new Source.Slot(Type.INT64, Architecture.X86_64.offsetOf("di").orElseThrow(), 8, false));
        assertThat(first.argN(1)).contains(new Source.Slot(Type.INT64, Architecture.X86_64.offsetOf("si").orElseThrow(), 4, true));
        assertThat(first.argN(2)).isEmpty();
        assertThat(bound.groups().getLast().context().argN(1)).contains(new Source.Constant(Type.INT64, 7));
        assertThat(first.register("ip")).isPresent();
        assertThat(first.reentrant()).isTrue();
    }

    @Test
    void unknownProbeNamesTheNearest() {
        assertThat(Bound.on(machine).bind("U:/bin/app:prov:ones").said())
                .isEqualTo("NO_MATCH: No matches for usdt /bin/app:prov:ones. [Did you mean 'one'?]");
        assertThat(Bound.on(machine).bind("U:/bin/app").said()).contains("usdt probe type requires 2 or 3 arguments, found 1");
        assertThat(Bound.on(machine).bind("U:/nope:x").said()).contains("usdt target file '/nope' does not exist");
    }

    @Test
    void listingNamesEachOnce() {
        assertThat(Bound.on(machine).list("usdt", "/bin/app", "*")).extracting(ProbeKind.Listing::probe).containsExactly("usdt:/bin/app:prov:one");
    }
}
