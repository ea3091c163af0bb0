package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Code;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.Syscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class LoadFailureTest {
    private static final int BPF_TRACE_FENTRY = 24;

    private final List<Syscall> calls = new ArrayList<>();

    /** A kernel that opens everything but what {@code refusal} gives an error for. */
    private Kernel kernel(Function<Syscall, Errno> refusal) {
        int[] next = {100};
        return call -> {
            calls.add(call);
            Errno errno = refusal.apply(call);
            return errno != null ? -errno.number() : call instanceof Syscall.Close || call instanceof Bpf.MapUpdateElem ? 0 : next[0]++;
        };
    }

    private Diagnostic refused(TraceSpec spec, Function<Syscall, Errno> refusal) {
        Fd.trace(true);
        try {
            Session.open(kernel(refusal), spec, SessionSettings.DEFAULTS, new Run.Numbers(), resolver -> null).close();
        } catch (SessionException e) {
            assertThat(Fd.open()).isEmpty();
            return e.diagnostics().getFirst();
        } finally {
            Fd.trace(false);
        }
        return Assertions.fail("was opened");
    }

    private static TraceSpec spec() {
        return new Trace().begin(b -> {}).spec();
    }

    private static Errno when(boolean it, Errno errno) {
        return it ? errno : null;
    }

    @Test
    void mapWithoutPrivilegeNamesTheCapabilities() {
        Diagnostic diagnostic = refused(spec(), call -> when(call instanceof Bpf.MapCreate || call instanceof Syscall.PrLimit, Errno.EPERM));
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.REFUSED);
        assertThat(diagnostic.message()).isEqualTo("the kernel refused the map ring: bpf(BPF_MAP_CREATE): Operation not permitted (EPERM, 1)");
        assertThat(diagnostic.hints()).singleElement().asString().contains("CAP_BPF");
    }

    @Test
    void lockedMemoryIsRaisedBeforeAMapIsGivenUp() {
        int[] tries = {0};
        refused(spec(), call -> call instanceof Bpf.MapCreate
                ? when(tries[0]++ == 0, Errno.EPERM) : when(call instanceof Bpf.ProgLoad, Errno.EPERM));
        assertThat(calls).filteredOn(call -> call instanceof Syscall.PrLimit).hasSize(1);
        assertThat(tries[0]).isEqualTo(3);
    }

    @Test
    void mapTypeThatTheKernelDoesNotKnowSaysSinceWhen() {
        Diagnostic diagnostic = refused(spec(), call -> when(call instanceof Bpf.MapCreate, Errno.EINVAL));
        assertThat(diagnostic.hints()).containsExactly("RINGBUF maps need kernel 5.8");
    }

    @Test
    void keyTooLongForAnOldKernelNamesTheSetting() {
        TraceSpec empty = new Trace().spec();
        var map = new MapSpec("AT_x", MapKind.HASH, 1024, 8, 10, 0, new byte[0], Optional.empty());
        Diagnostic diagnostic = refused(new TraceSpec(List.of(map), List.of(), List.of(), List.of(), empty.options()),
                call -> when(call instanceof Bpf.MapCreate, Errno.E2BIG));
        assertThat(diagnostic.hints()).singleElement().asString().contains("512 bytes").contains("max_strlen");
    }

    @Test
    void helperThatTheKernelDoesNotKnowSaysSinceWhen() {
        Diagnostic diagnostic = refused(spec(), call -> {
            if (call instanceof Bpf.ProgLoad load && load.log() != null) {
                load.log().setString(0, "5: (85) call unknown#195\ninvalid func unknown#195\n");
            }
            return when(call instanceof Bpf.ProgLoad, Errno.EINVAL);
        });
        assertThat(diagnostic.hints()).contains("The helper map_lookup_percpu_elem is there since kernel 5.19.");
    }

    @Test
    void programThatIsTooLargeSaysSo() {
        Diagnostic diagnostic = refused(spec(), call -> when(call instanceof Bpf.ProgLoad, Errno.E2BIG));
        assertThat(diagnostic.message()).isEqualTo("the kernel refused the program: bpf(BPF_PROG_LOAD): Argument list too long (E2BIG, 7)");
        assertThat(diagnostic.span()).contains(Trace.SPAN);
        assertThat(diagnostic.hints()).singleElement().asString().contains("split it over several probes");
    }

    @Test
    void fentryThatIsForbiddenNamesOtherProbes() {
        Code code = new Code.Builder().add(new Instruction.AluImmediate(AluOperation.MOV, true, Register.R0, 0)).add(new Instruction.Exit()).build();
        AttachSpec place = new AttachSpec.Tracing(0, Trace.SPAN, "vfs_read");
        ProgramSpec program = new ProgramSpec("p", ProgramKind.TRACING, BPF_TRACE_FENTRY, 1, "GPL", code, List.of(place));
        TraceSpec empty = new Trace().spec();
        Diagnostic diagnostic = refused(new TraceSpec(empty.maps(), List.of(program), List.of(), List.of(), empty.options()),
                call -> when(call instanceof Bpf.ProgLoad, Errno.EPERM));
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.UNSUPPORTED_PROBE);
        assertThat(diagnostic.hints()).containsExactly("use a tracepoint, a rawtracepoint or a kprobe");
    }

    @Test
    void programsAreLoadedWithoutBtfWhereTheKernelTakesNone() {
        refused(spec(), call -> call instanceof Bpf.BtfLoad ? Errno.EINVAL : when(call instanceof Syscall.Mmap, Errno.ENOMEM));
        assertThat(calls).filteredOn(call -> call instanceof Bpf.ProgLoad).singleElement()
                .satisfies(call -> assertThat(((Bpf.ProgLoad) call).btfFd()).isZero());
        calls.clear();
        refused(spec(), call -> call instanceof Bpf.ProgLoad load && load.btfFd() != 0
                ? Errno.EINVAL : when(call instanceof Syscall.Mmap, Errno.ENOMEM));
        assertThat(calls).filteredOn(call -> call instanceof Bpf.ProgLoad load && load.btfFd() == 0).hasSize(1);
    }

    @Test
    void otherRefusalsAreToldWithTheirCall() {
        Diagnostic diagnostic = refused(spec(), call -> when(call instanceof Syscall.Mmap, Errno.ENOMEM));
        assertThat(diagnostic.message()).isEqualTo("the trace could not be started: mmap: Cannot allocate memory (ENOMEM, 12)");
        assertThat(diagnostic.span()).isEqualTo(Optional.empty());
    }
}
