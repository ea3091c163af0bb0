package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.kernel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every kernel since 5.5 has, asked of the running one. */
class KernelBtfTest {
    @Test
    void userStructsHaveTheirFixedLayout() throws IOException {
        Btf kernel = kernel();
        BtfType.Struct address = kernel.struct("sockaddr_in6").orElseThrow();
        assertThat(address.size()).isEqualTo(28);
        assertThat(kernel.memberOf(address.id(), "sin6_addr").orElseThrow().offset()).isEqualTo(8);
        assertThat(kernel.memberOf(address.id(), "sin6_scope_id").orElseThrow().offset()).isEqualTo(24);
    }

    @Test
    void memberInsideAnonymousUnionsOfSockCommonIsFound() throws IOException {
        Btf kernel = kernel();
        int common = kernel.struct("sock_common").orElseThrow().id();
        Member port = kernel.memberOf(common, "skc_dport").orElseThrow();
        assertThat(kernel.sizeOf(port.type())).hasValue(2);
        assertThat(kernel.memberOf(kernel.struct("sock").orElseThrow().id(), "__sk_common").orElseThrow().bitOffset()).isZero();
        assertThat(port.bitOffset()).isPositive();
    }

    @Test
    void enumeratorsOfTheKernelHaveTheirFixedValues() throws IOException {
        Btf kernel = kernel();
        assertThat(kernel.enumerator("TCP_LISTEN").orElseThrow().value()).isEqualTo(10);
        assertThat(kernel.enumerator("BPF_MAP_TYPE_RINGBUF").orElseThrow().value()).isEqualTo(27);
        assertThat(kernel.enumerator("TCP_NO_SUCH_STATE")).isEmpty();
    }

    @Test
    void rawTracepointHasNamedArgumentsWithoutTheLeadingPointer() throws IOException {
        Btf kernel = kernel();
        assumeTrue(kernel.rawTracepoint("sched_switch").isPresent(), "this kernel describes no raw tracepoint sched_switch");
        BtfType.FuncProto prototype = kernel.rawTracepointPrototype("sched_switch").orElseThrow();
        assertThat(prototype.parameters()).extracting(Parameter::name).startsWith("preempt", "prev", "next");
        CRenderer renderer = new CRenderer(kernel);
        List<String> lines = prototype.parameters().stream().map(p -> renderer.parameter(p.type(), p.name())).toList();
        assertThat(lines).startsWith("bool preempt", "struct task_struct * prev", "struct task_struct * next");
    }

    @Test
    void rawTracepointOfAnEventClassHasItsOwnNames() throws IOException {
        Btf kernel = kernel();
        assumeTrue(kernel.rawTracepoint("sched_wakeup").isPresent(), "this kernel describes no raw tracepoint sched_wakeup");
        assertThat(kernel.rawTracepointPrototype("sched_wakeup").orElseThrow().parameters()).singleElement()
            .extracting(Parameter::name).isEqualTo("p");
    }

    @Test
    void functionThatIsNoTracepointHasNoPrototype() throws IOException {
        Btf kernel = kernel();
        assertThat(kernel.rawTracepointPrototype("no_such_event")).isEmpty();
        assertThat(kernel.rawTracepointPrototype("vfs_read")).isEmpty();
    }
}
