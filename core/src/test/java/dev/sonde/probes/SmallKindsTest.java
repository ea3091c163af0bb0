package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.syntax.Parser;
import dev.sonde.target.Target;
import dev.sonde.types.AddressSpace;
import org.junit.jupiter.api.Test;

/** begin, end, self, test, bench, watchpoint, and the table of kinds. */
class SmallKindsTest {
    private final Target machine = Machine.builder().kernelAddress("jiffies", 0xffffffff82000000L).build();

    private AttachSpec.Self self(String attachPoint) {
        return (AttachSpec.Self) Bound.on(machine).bind(attachPoint).attachment();
    }

    @Test
    void momentsOfTheSessionAreSelfProbes() {
        assertThat(self("BEGIN").moment()).isEqualTo(AttachSpec.Self.Moment.BEGIN);
        assertThat(Bound.on(machine).bind("BEGIN").probes()).containsExactly("begin");
        assertThat(self("end").moment()).isEqualTo(AttachSpec.Self.Moment.END);
        assertThat(self("self:signal:SIGUSR1").signal()).isEqualTo(10);
        assertThat(self("test:a").moment()).isEqualTo(AttachSpec.Self.Moment.TEST);
        assertThat(Bound.on(machine).bind("bench:b").probes()).containsExactly("bench:b");
    }

    @Test
    void partsThatDoNotFitAreExplained() {
        assertThat(Bound.on(machine).bind("begin:x").said()).isEqualTo("BAD_ATTACH_POINT: begin probe type requires 0 arguments, found 1");
        assertThat(Bound.on(machine).bind("self:signal:SIGFOO").said()).startsWith("BAD_ATTACH_POINT: SIGFOO is not a supported signal");
        assertThat(Bound.on(machine).bind("self:x:y").said()).startsWith("BAD_ATTACH_POINT: x is not an event of self");
        assertThat(Bound.on(machine).bind("test").said()).contains("test probe type requires 1 arguments, found 0");
    }

    @Test
    void watchpointTakesAddressesAndKernelSymbols() {
        Bound user = Bound.on(machine).pid(4).bind("w:0x1000:8:wr");
        assertThat(user.attachment()).isEqualTo(new AttachSpec.Watchpoint(100, user.attachment().span(), 0x1000, 8, "rw", -1));
        assertThat(user.group().filterPid()).isEqualTo(4);
        assertThat(user.probes()).containsExactly("watchpoint:4096:8:rw");
        assertThat(user.context().space()).isEqualTo(AddressSpace.USER);
        assertThat(Bound.on(machine).bind("w:jiffies:8:w").context().space()).isEqualTo(AddressSpace.KERNEL);
    }

    @Test
    void watchpointThatTheHardwareHasNotIsRefused() {
        assertThat(Bound.on(machine).bind("w:0x1000:3:w").said()).contains("watchpoint length must be one of (1,2,4,8)");
        assertThat(Bound.on(machine).bind("w:0x1000:8:q").said()).contains("watchpoint mode must be combination of (r,w,x)");
        assertThat(Bound.on(machine).bind("w:0x1001:8:w").said()).contains("must be a multiple of its length");
        assertThat(Bound.on(machine).bind("w:nothing:8:w").said()).contains("neither an address nor a kernel symbol");
        assertThat(Bound.on(machine).bind("w:0x1000").said()).contains("watchpoint probe type requires 3 arguments, found 1");
    }

    @Test
    void everyKindIsFoundByItsNames() {
        for (ProbeKind kind : ProbeKinds.all()) {
            for (String name : kind.names()) {
                assertThat(ProbeKinds.find(name)).as(name).contains(kind);
            }
        }
        assertThat(ProbeKinds.all()).hasSize(20).extracting(ProbeKind::name).doesNotHaveDuplicates();
    }

    @Test
    void caseCountsInShortNamesOnly() {
        assertThat(ProbeKinds.find("u").orElseThrow().name()).isEqualTo("uprobe");
        assertThat(ProbeKinds.find("U").orElseThrow().name()).isEqualTo("usdt");
        assertThat(ProbeKinds.find("TracePoint").orElseThrow().name()).isEqualTo("tracepoint");
        assertThat(ProbeKinds.find("T")).isEmpty();
        assertThat(ProbeKinds.find("nothing")).isEmpty();
    }

    @Test
    void everyKindIsDocumentedWithAScriptThatParses() {
        for (ProbeKind kind : ProbeKinds.all()) {
            var diagnostics = new Diagnostics();
            var script = Parser.parse(new Source("example", kind.example()), diagnostics);
            assertThat(diagnostics.sorted()).as(kind.example()).isEmpty();
            assertThat(script.probes()).anyMatch(probe -> kind.names().contains(probe.attachPoints().getFirst().parts().getFirst().text()));
            assertThat(kind.forms()).isNotEmpty();
            assertThat(kind.documentation()).endsWith(".");
            assertThat(kind.since()).matches("[456]\\.\\d+");
        }
    }
}
