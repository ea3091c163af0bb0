package dev.sonde.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.Code;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfLink;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Syscall;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final Span SPAN = new Source("test", "probe").span(0, 5);
    private static final AttachSpec UPROBE = new AttachSpec.Uprobe(5, SPAN, "/bin/x", 0x40, 0, false, -1);
    private static final AttachSpec PROFILE = new AttachSpec.Profile(5, SPAN, 0, 99, -1);
    private static final String LINK = "bpf(BPF_LINK_CREATE)";

    private FakeKernel kernel;
    private BpfProgram program;

    private Attempt attach(AttachSpec place, Function<Syscall, Errno> refusal) {
        kernel = new FakeKernel(refusal);
        program = BpfProgram.load(kernel, new Bpf.ProgLoad(2, "p", new byte[16], "GPL"));
        ProgramSpec spec = new ProgramSpec("p", ProgramKind.KPROBE, 24, 0, "GPL", new Code.Builder().build(), List.of(place));
        return new Attacher(kernel).attach(program, spec, place);
    }

    private Refusal refused(AttachSpec place, Function<Syscall, Errno> refusal) {
        Attempt attempt = attach(place, refusal);
        assertThat(attempt.link()).isEmpty();
        assertThat(kernel.open).containsExactly(program.fd().number());
        return attempt.refusals().getFirst();
    }

    private static Function<Syscall, Errno> perfEvents(Errno errno) {
        return call -> call.title().equals("perf_event_open") ? errno : null;
    }

    @Test
    void missingPrivilegeNamesTheCapabilities() {
        for (Errno errno : List.of(Errno.EPERM, Errno.EACCES)) {
            Refusal refusal = refused(UPROBE, perfEvents(errno));
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_PERMITTED);
            assertThat(refusal.message()).contains("/bin/x at offset 0x40: perf_event_open: " + errno.words());
            assertThat(refusal.hints()).isNotEmpty();
        }
    }

    @Test
    void everyErrorHasAReason() {
        assertThat(refused(UPROBE, perfEvents(Errno.ENOENT)).reason()).isEqualTo(Refusal.Reason.NOT_THERE);
        assertThat(refused(UPROBE, perfEvents(Errno.EILSEQ)).reason()).isEqualTo(Refusal.Reason.NOT_PROBEABLE);
        assertThat(refused(UPROBE, perfEvents(Errno.EIO)).reason()).isEqualTo(Refusal.Reason.NOT_PROBEABLE);
        assertThat(refused(UPROBE, perfEvents(Errno.EMFILE)).hints()).singleElement().asString().contains("ulimit -n");
        assertThat(refused(UPROBE, perfEvents(Errno.ENOSYS)).reason()).isEqualTo(Refusal.Reason.NOT_SUPPORTED);
        assertThat(refused(UPROBE, perfEvents(Errno.EXDEV)).reason()).isEqualTo(Refusal.Reason.OTHER);
        AttachSpec hardware = new AttachSpec.Hardware(0, SPAN, 0, 0, 1000, -1);
        assertThat(refused(hardware, perfEvents(Errno.ENOENT)).hints()).singleElement().asString().contains("PMU");
        AttachSpec kprobe = new AttachSpec.Kprobe(0, SPAN, "f", 3, 0, false);
        assertThat(refused(kprobe, perfEvents(Errno.EADDRNOTAVAIL)).hints()).singleElement().asString().contains("several functions");
        assertThat(refused(kprobe, perfEvents(Errno.EILSEQ)).message()).contains("kernel function f+3");
        AttachSpec watchpoint = new AttachSpec.Watchpoint(0, SPAN, 0x10, 8, "rw", -1);
        assertThat(refused(watchpoint, perfEvents(Errno.ENOSPC)).reason()).isEqualTo(Refusal.Reason.LIMIT);
        AttachSpec tracing = new AttachSpec.Tracing(0, SPAN, "vfs_read");
        assertThat(refused(tracing, call -> call instanceof BpfLink.Create ? Errno.EBUSY : null).reason()).isEqualTo(Refusal.Reason.LIMIT);
    }

    @Test
    void aKernelWithoutTheEventSourceIsToldFromAFileThatIsGone() {
        Refusal refusal = refused(UPROBE, call -> call.title().equals("openat") && call.text().contains("uprobe") ? Errno.ENOENT : null);
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_SUPPORTED);
        assertThat(refusal.hints()).singleElement().asString().contains("CONFIG_UPROBE_EVENTS");
    }

    @Test
    void beforePerfLinksProgramsAreSetOnTheEventAndLinksAreTriedOnce() {
        Attempt attempt = attach(PROFILE, call -> call.title().equals(LINK) ? Errno.EINVAL : null);
        assertThat(attempt.attached()).isEqualTo(1);
        assertThat(kernel.count(LINK)).isEqualTo(1);
        assertThat(kernel.calls.stream().filter(call -> call instanceof Syscall.Ioctl)).hasSize(4);
        attempt.link().orElseThrow().close();
        assertThat(kernel.open).containsExactly(program.fd().number());
    }

    @Test
    void whatWasOpenedBeforeARefusalIsClosed() {
        int[] links = {0};
        Refusal refusal = refused(PROFILE, call -> call.title().equals(LINK) && ++links[0] == 3 ? Errno.ENOMEM : null);
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.LIMIT);
    }

    @Test
    void rawTracepointGoesWithoutACookieWhereTheKernelTakesNone() {
        AttachSpec place = new AttachSpec.RawTracepoint(9, SPAN, "sys_enter");
        Attempt attempt = attach(place, call -> call instanceof BpfLink.RawTracepoint raw && raw.cookie() != 0 ? Errno.EINVAL : null);
        assertThat(attempt.attached()).isEqualTo(1);
    }

    @Test
    void tracingIsOpenedAsARawTracepointWhereLinksDoNotKnowIt() {
        Attempt attempt = attach(new AttachSpec.Tracing(9, SPAN, "vfs_read"), call -> call.title().equals(LINK) ? Errno.EINVAL : null);
        assertThat(attempt.attached()).isEqualTo(1);
        assertThat(kernel.calls.getLast()).isEqualTo(new BpfLink.RawTracepoint(null, program.fd().number(), 0));
    }

    @Test
    void missingFunctionsOfManyAreFoundByHalving() {
        List<String> functions = List.of("a", "b", "missing", "d", "e");
        AttachSpec place = new AttachSpec.KprobeMulti(10, SPAN, functions, false, false);
        Attempt attempt = attach(place,
                call -> call instanceof BpfLink.KprobeMulti multi && List.of(multi.symbols()).contains("missing") ? Errno.ESRCH : null);
        assertThat(attempt.attached()).isEqualTo(4);
        assertThat(attempt.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.message()).startsWith("could not attach to kernel function missing: ");
            assertThat(refusal.place().site()).isEqualTo(12);
        });
        assertThat(kernel.calls).filteredOn(call -> call instanceof BpfLink.KprobeMulti multi && multi.cookies()[0] == 13).isNotEmpty();
    }

    @Test
    void halvesOfASessionAreSessionsAndEachFunctionIsTwoProbes() {
        AttachSpec place = new AttachSpec.KprobeMulti(10, SPAN, List.of("a", "missing", "c"), false, true);
        Attempt attempt = attach(place,
                call -> call instanceof BpfLink.KprobeMulti multi && List.of(multi.symbols()).contains("missing") ? Errno.ESRCH : null);
        assertThat(attempt.attached()).isEqualTo(4);
        assertThat(attempt.refusals()).singleElement().satisfies(refusal -> assertThat(refusal.message()).contains("kernel function missing: "));
        assertThat(kernel.calls).filteredOn(BpfLink.KprobeMulti.class::isInstance)
                .allSatisfy(call -> assertThat(((BpfLink.KprobeMulti) call).session()).isTrue())
                .extracting(call -> ((BpfLink.KprobeMulti) call).cookies()).contains(new long[] {10, 11, 12}, new long[] {10}, new long[] {12});
    }

    @Test
    void anErrorOfAllIsNotSoughtInEach() {
        AttachSpec place = new AttachSpec.KprobeMulti(10, SPAN, List.of("a", "b"), false, false);
        Refusal refusal = refused(place, call -> call.title().equals(LINK) ? Errno.EOPNOTSUPP : null);
        assertThat(refusal.place()).isEqualTo(place);
        assertThat(kernel.count(LINK)).isEqualTo(1);
    }

    @Test
    void iteratorThatCannotBePinnedTellsWhatToDo() {
        AttachSpec place = new AttachSpec.Iterator(0, SPAN, "task", "/sys/fs/bpf/list");
        assertThat(refused(place, pins(Errno.EPERM)).hints()).containsExactly(
                "there is no BPF file system, or no such directory in it: mount -t bpf bpf /sys/fs/bpf");
        assertThat(refused(place, pins(Errno.EEXIST)).hints()).singleElement().asString().endsWith("rm /sys/fs/bpf/list");
        assertThat(refused(place, pins(Errno.ENOENT)).message()).startsWith("could not attach to iterator task at /sys/fs/bpf/list: ");
    }

    private static Function<Syscall, Errno> pins(Errno errno) {
        return call -> call.title().contains("BPF_OBJ_PIN") ? errno : null;
    }
}
