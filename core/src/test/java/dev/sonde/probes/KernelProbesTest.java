package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import org.junit.jupiter.api.Test;

class KernelProbesTest {
    private final Target machine = Machine.builder().build();
    private final Target withoutProbes = Machine.builder().without(Feature.KPROBE).without(Feature.KPROBE_MULTI).without(Feature.FENTRY).build();

    @Test
    void kprobeOnAFunctionIsAPerfEvent() {
        Bound bound = Bound.on(machine).context().bind("k:vfs_read");
        assertThat(bound.attachment()).isEqualTo(new AttachSpec.Kprobe(100, bound.attachment().span(), "vfs_read", 0, 0, false));
        assertThat(bound.probes()).containsExactly("kprobe:vfs_read");
        assertThat(bound.context().argN(0)).isPresent();
        assertThat(bound.context().space()).isEqualTo(AddressSpace.KERNEL);
        assertThat(bound.context().reentrant()).isFalse();
        assertThat(Bound.on(machine).bind("kprobe:vfs_read+4").probes()).containsExactly("kprobe:vfs_read+4");
        assertThat(Bound.on(machine).pid(3).bind("kr:vfs_read").group().filterPid()).isEqualTo(3);
    }

    @Test
    void wildcardIsOneLinkWhereTheKernelHasIt() {
        Bound bound = Bound.on(machine).bind("kretprobe:vfs_*");
        assertThat(bound.attachment()).isInstanceOfSatisfying(AttachSpec.KprobeMulti.class, multi -> {
            assertThat(multi.functions()).containsExactly("vfs_read", "vfs_write");
            assertThat(multi.onReturn()).isTrue();
        });
        assertThat(bound.group().program().expectedAttach()).isEqualTo(42);
        Target old = Machine.builder().without(Feature.KPROBE_MULTI).build();
        assertThat(Bound.on(old).bind("k:vfs_*").attachments()).hasSize(2);
        assertThat(Bound.on(old).bind("k:vfs_*").group().cookies()).isTrue();
    }

    @Test
    void moduleIsShownWhenItIsGiven() {
        assertThat(Bound.on(machine).bind("k:nf_tables:nft_do_chain").probes()).containsExactly("kprobe:nf_tables:nft_do_chain");
        assertThat(Bound.on(machine).bind("k:vmlinux:nft_do_chain").said()).startsWith("NO_MATCH");
    }

    @Test
    void copyMadeByTheCompilerStandsForItsFunction() {
        Bound bound = Bound.on(machine).bind("k:ip_output");
        var forced = (AttachSpec.Kprobe) Bound.on(machine).unsafely().bind("k:0xffffffff81000000").attachment();
        assertThat(forced.address()).isEqualTo(0xffffffff81000000L);
        assertThat(bound.said()).startsWith("SUBSTITUTED: ip_output exists only as ip_output.isra.0");
    }

    @Test
    void droppedPacketsAreSeenThroughTheirTracepoint() {
        Bound bound = Bound.on(machine).context().bind("kprobe:tcp_drop");
        assertThat(bound.attachment()).isInstanceOfSatisfying(AttachSpec.Tracepoint.class, t -> assertThat(t.event()).isEqualTo("kfree_skb"));
        assertThat(bound.group().program().kind()).isEqualTo(ProgramKind.TRACEPOINT);
        assertThat(bound.context().argN(0)).contains(new Source.Slot(new Type.Pointer(Type.VOID, AddressSpace.KERNEL), 8, 8, false));
        assertThat(bound.context().argN(1)).isEmpty();
        assertThat(bound.probes()).containsExactly("kprobe:tcp_drop");
        assertThat(bound.said()).startsWith("SUBSTITUTED");
        assertThat(Bound.on(withoutProbes).bind("k:kfree_skb").attachment()).isInstanceOf(AttachSpec.Tracepoint.class);
        Target older = Machine.builder().kernelFunction("vmlinux", "kfree_skb", 0x9000).build();
        assertThat(Bound.on(older).bind("k:kfree_skb").attachment()).isInstanceOf(AttachSpec.Kprobe.class);
    }

    @Test
    void kernelWithoutKprobesSaysWhatItOffers() {
        assertThat(Bound.on(withoutProbes).bind("k:tcp_v4_*").said()).isEqualTo("UNSUPPORTED_PROBE: This kernel (6.18.0) cannot attach kprobe "
                + "probes: it was "
                + "built without kernel probes or refuses them [Tracepoints that it has instead: tracepoint:tcp:*.]");
        assertThat(Bound.on(withoutProbes).bind("k:vfs_read").said()).contains("tracepoint:syscalls:sys_enter_read");
        assertThat(Bound.on(withoutProbes).bind("k:__x64_sys_read").said()).contains("tracepoint:syscalls:sys_enter_read");
        assertThat(Bound.on(withoutProbes).bind("k:zzz").said()).contains("It has tracepoints, rawtracepoints and user probes");
        assertThat(Bound.on(Machine.builder().without(Feature.FENTRY).build()).bind("f:vfs_read").said()).contains("kprobe:vfs_read attaches to "
                + "functions here");
    }

    @Test
    void unknownFunctionNamesTheNearest() {
        assertThat(Bound.on(machine).bind("k:vfs_raed").said()).isEqualTo("NO_MATCH: No matches for kprobe vfs_raed. [Did you mean 'vfs_read'?]");
        assertThat(Bound.on(machine).bind("k:zz").said()).contains("It may be inlined");
    }

    @Test
    void addressNeedsUnsafe() {
        assertThat(Bound.on(machine).bind("k:0xffffffff81000000").said()).startsWith("UNSAFE");
        var forced = (AttachSpec.Kprobe) Bound.on(machine).unsafely().bind("k:0xffffffff81000000").attachment();
        assertThat(forced.address()).isEqualTo(0xffffffff81000000L);
        assertThat(Bound.on(machine).bind("kr:vfs_read+1").said()).contains("Offset not allowed");
    }

    @Test
    void fentryHasTypedArgumentsAndFexitTheResultToo() {
        Bound entry = Bound.on(machine).args().bind("fentry:vfs_read");
        assertThat(entry.probes()).containsExactly("fentry:vmlinux:vfs_read");
        assertThat(entry.group().program().kind()).isEqualTo(ProgramKind.TRACING);
        assertThat(entry.group().program().expectedAttach()).isEqualTo(24);
        assertThat(entry.group().program().btfId()).isPositive();
        assertThat(entry.context().argument("count")).contains(new Source.Slot(Type.UINT64, 8, 8, false));
        assertThat(entry.context().result()).isEmpty();
        assertThat(entry.attachment()).isInstanceOf(AttachSpec.Tracing.class);
        Bound exit = Bound.on(machine).context().bind("kretfunc:vfs_read");
        assertThat(exit.group().program().expectedAttach()).isEqualTo(25);
        assertThat(exit.context().result()).contains(new Source.Slot(Type.INT32, 16, 4, true));
        assertThat(Bound.on(machine).bind("f:vfs_write").said()).startsWith("NO_MATCH");
    }

    @Test
    void iteratorHasItsStructAsContext() {
        Bound bound = Bound.on(machine).bind("it:task:list");
        assertThat(bound.attachment()).isEqualTo(new AttachSpec.Iterator(100, bound.attachment().span(), "task", "/sys/fs/bpf/list"));
        assertThat(bound.group().program().expectedAttach()).isEqualTo(28);
        assertThat(bound.context().contextType()).isInstanceOfSatisfying(Type.Pointer.class,
                p -> assertThat(((Type.Struct) p.target()).fields().find("task")).isPresent());
        assertThat(Bound.on(machine).bind("iter:tusk").said()).isEqualTo("NO_MATCH: No matches for iter tusk. [Did you mean 'iter:task'?]");
        assertThat(Bound.on(Machine.builder().without(Feature.ITERATOR).build()).bind("iter:task").said()).startsWith("UNSUPPORTED_PROBE");
        assertThat(Bound.on(machine).list("iter", "t*")).extracting(ProbeKind.Listing::probe).containsExactly("iter:task");
    }

    @Test
    void listingsShowPrototypes() {
        assertThat(Bound.on(machine).list("kprobe", "vfs_read").getFirst().arguments())
                .containsExactly("struct task_struct * arg0", "long unsigned int arg1");
        assertThat(Bound.on(machine).list("kr", "vmlinux", "vfs_read").getFirst().probe()).isEqualTo("kretprobe:vmlinux:vfs_read");
        assertThat(Bound.on(machine).list("kr", "vfs_read").getFirst().arguments()).containsExactly("int retval");
        assertThat(Bound.on(machine).list("fexit", "vfs_read").getFirst().arguments())
                .containsExactly("struct task_struct * task", "long unsigned int count", "int retval");
        assertThat(Bound.on(machine).list("fentry", "*")).extracting(ProbeKind.Listing::probe).contains("fentry:vmlinux:vfs_write")
                .doesNotContain("fentry:nf_tables:nft_do_chain");
    }
}
