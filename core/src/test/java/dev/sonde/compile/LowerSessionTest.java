package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.BtfWriter;
import dev.sonde.btf.Linkage;
import dev.sonde.builtins.Configuration;
import dev.sonde.builtins.Settings;
import dev.sonde.source.Diagnostics;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.target.Feature;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import dev.sonde.testing.Scene;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LowerSessionTest {
    private static final int KPROBE_MULTI = 42;
    private static final int KPROBE_SESSION = 56;
    /** Offsets in struct pt_regs of the result and of the first two arguments. */
    private static final int RAX = 80;
    private static final int RDI = 112;
    private static final int RSI = 104;
    private static final int PROCESS = 1234;
    private static final String PAIR = """
            kprobe:vfs_* /arg0 != 1/ { @in[func, probe] = sum(arg1); @start[tid] = 5; return }
            kretprobe:vfs_* { @out[func, probe, @start[tid]] = sum(retval); }
            """;

    private final Scene scene = new Scene().pid(PROCESS, PROCESS + 1);
    private boolean returns;

    private static RecordedTarget.Builder machine() {
        BtfWriter btf = new BtfWriter();
        btf.function("bpf_session_is_return", btf.prototype(btf.integer("bool", 1, false)), Linkage.STATIC);
        return RecordedTarget.builder().btf(btf.toBytes()).kernelFunction("vmlinux", "vfs_read", 0x1000)
                .kernelFunction("vmlinux", "vfs_write", 0x2000);
    }

    private ScriptMachine compiled(String script, Target target, Settings settings) {
        int isReturn = target.btf().flatMap(btf -> btf.function("bpf_session_is_return")).orElseThrow().id();
        return ScriptMachine.of(script, target, settings, scene, new Parameters(List.of(), Map.of(), Map.of()))
                .kernelFunction(isReturn, (_, _) -> returns ? 1 : 0xff00);
    }

    private ScriptMachine compiled(String script) {
        return compiled(script, machine().build(), Settings.DEFAULTS);
    }

    /** A run at the entry of function {@code index}; what it gives. */
    private long enter(ScriptMachine machine, int program, int index, long first, long second) {
        returns = false;
        scene.cookie(index);
        return machine.result(program, ByteBuffer.allocate(168).order(ByteOrder.LITTLE_ENDIAN).putLong(RDI, first).putLong(RSI, second).array());
    }

    private long leave(ScriptMachine machine, int program, int index, long result) {
        returns = true;
        scene.cookie(index);
        return machine.result(program, ByteBuffer.allocate(168).order(ByteOrder.LITTLE_ENDIAN).putLong(RAX, result).array());
    }

    private static List<Integer> attachTypes(TraceSpec trace) {
        return trace.programs().stream().map(ProgramSpec::expectedAttach).toList();
    }

    @Test
    void oneProgramRunsAtEntriesAndAtReturns() {
        ScriptMachine machine = compiled(PAIR);
        ProgramSpec program = machine.trace().programs().getFirst();
        assertThat(attachTypes(machine.trace())).containsExactly(KPROBE_SESSION);
        assertThat(program.attachments()).containsExactly(new AttachSpec.KprobeMulti(0, program.attachments().getFirst().span(),
                List.of("vfs_read", "vfs_write"), false, true));
        assertThat(program.attachments().getFirst().count()).isEqualTo(4);
        enter(machine, 0, 1, 7, 100);
        leave(machine, 0, 1, 50);
        enter(machine, 0, 0, 7, 30);
        leave(machine, 0, 0, 20);
        assertThat(machine.end()).contains("@in[vfs_write, kprobe:vfs_write]: 100", "@in[vfs_read, kprobe:vfs_read]: 30",
                "@out[vfs_write, kretprobe:vfs_write, 5]: 50", "@out[vfs_read, kretprobe:vfs_read, 5]: 20");
    }

    @Test
    void entriesThatThePredicateRejectsLetTheReturnRun() {
        ScriptMachine machine = compiled(PAIR);
        assertThat(enter(machine, 0, 0, 1, 100)).isZero();
        assertThat(enter(machine, 0, 0, 2, 100)).isZero();
        assertThat(leave(machine, 0, 0, 3)).isZero();
    }

    @Test
    void otherProcessesAreLeftAtTheEntry() {
        Settings settings = new Configuration(new Diagnostics()).settings(false, 0, PROCESS, false);
        ScriptMachine machine = compiled(PAIR, machine().build(), settings);
        assertThat(enter(machine, 0, 0, 2, 100)).isZero();
        scene.pid(PROCESS + 1, PROCESS + 1);
        assertThat(enter(machine, 0, 1, 2, 100)).isEqualTo(1);
        assertThat(machine.end()).contains("@in[vfs_read").doesNotContain("@in[vfs_write");
    }

    @Test
    void twoProgramsDoItWhereTheKernelHasNoSessions() {
        Target older = machine().features(Feature.KPROBE, Feature.KPROBE_MULTI, Feature.ATTACH_COOKIE).build();
        ScriptMachine machine = compiled(PAIR, older, Settings.DEFAULTS);
        assertThat(attachTypes(machine.trace())).containsExactly(KPROBE_MULTI, KPROBE_MULTI);
        assertThat(machine.trace().programs().get(1).attachments().getFirst().site()).isEqualTo(2);
        enter(machine, 0, 1, 7, 100);
        leave(machine, 1, 3, 50);
        assertThat(machine.end()).contains("@in[vfs_write, kprobe:vfs_write]: 100", "@out[vfs_write, kretprobe:vfs_write, 5]: 50");
    }

    @Test
    void twoProgramsDoItWhenOneWouldUseTooManyMaps() {
        var entry = new StringBuilder();
        var exit = new StringBuilder();
        for (int i = 0; i < 35; i++) {
            entry.append("@a").append(i).append("[1] = count(); ");
            exit.append("@b").append(i).append("[1] = count(); ");
        }
        ScriptMachine machine = compiled("kprobe:vfs_* { " + entry + "} kretprobe:vfs_* { " + exit + "@r[probe] = count() }");
        assertThat(machine.diagnostics()).isEmpty();
        assertThat(attachTypes(machine.trace())).containsExactly(KPROBE_MULTI, KPROBE_MULTI);
        leave(machine, 1, 2, 1);
        assertThat(machine.end()).contains("@b34[1]: 1", "@r[kretprobe:vfs_read]: 1").doesNotContain("@a0");
    }

    @Test
    void aReturnGoesWithOneEntryAndEachKeepsItsPlace() {
        ScriptMachine machine = compiled("""
                kretprobe:vfs_* { @first[1] = count() }
                kprobe:vfs_* { @second[1] = count() }
                kprobe:vfs_* { @third[func] = count() }
                kretprobe:vfs_* { @fourth[func] = count() }
                kprobe:vfs_* { @fifth[probe] = count() }
                """);
        assertThat(attachTypes(machine.trace())).containsExactly(KPROBE_SESSION, KPROBE_SESSION, KPROBE_MULTI);
        leave(machine, 0, 1, 0);
        enter(machine, 1, 4, 0, 0);
        leave(machine, 1, 5, 0);
        enter(machine, 2, 9, 0, 0);
        assertThat(machine.end()).contains("@first[1]: 1", "@third[vfs_read]: 1", "@fourth[vfs_write]: 1", "@fifth[kprobe:vfs_write]: 1")
                .doesNotContain("@second");
    }

    @Test
    void onlyTheSameFunctionsMakeAPair() {
        assertThat(attachTypes(compiled("kprobe:vfs_* { } kretprobe:vfs_*e { }").trace())).doesNotContain(KPROBE_SESSION);
        assertThat(attachTypes(compiled("kprobe:vfs_read { } kretprobe:vfs_read { }").trace())).containsExactly(0, 0);
        assertThat(attachTypes(compiled("kprobe:vfs_* { } kprobe:vfs_* { }").trace())).containsExactly(KPROBE_MULTI, KPROBE_MULTI);
    }

    @Test
    void loopsInBothHalvesReachTheirOwnVariables() {
        ScriptMachine machine = compiled("""
                begin { @m[1] = 10; @m[2] = 20 }
                kprobe:vfs_* { $n = 0; for ($kv : @m) { $n += $kv.1 } @in = $n + (int64)arg0 }
                kretprobe:vfs_* { $a = 1000; $b = 1; for ($kv : @m) { $a += $kv.0; $b++; print(probe) } @out = ($a, $b) }
                """);
        machine.begin();
        enter(machine, 1, 0, 100, 0);
        leave(machine, 1, 1, 0);
        assertThat(machine.end()).contains("kretprobe:vfs_read\nkretprobe:vfs_read\n", "@in: 130", "@out: (1003, 3)");
    }
}
