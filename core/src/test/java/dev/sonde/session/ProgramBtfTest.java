package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Code;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;
import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.Kernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProgramBtfTest {
    private static final Instruction.Label CALLEE = new Instruction.Label(1);

    @BeforeAll
    static void prepare() {
        Run.needsRoot();
    }

    private static Instruction move(Register to, int value) {
        return new Instruction.AluImmediate(AluOperation.MOV, true, to, value);
    }

    /** A program that calls a function of its own. */
    private static TraceSpec spec(Optional<Span> first) {
        Code.Builder code = new Code.Builder().at(first).add(move(Register.R1, 3)).at(Optional.of(Trace.SOURCE.span(22, 25)));
        code.add(new Instruction.CallLocal(CALLEE)).at(Optional.of(Trace.SOURCE.span(27, 32))).add(move(Register.R0, 0)).add(new Instruction.Exit());
        code.function(CALLEE, "round").add(move(Register.R0, 0)).at(Optional.empty()).add(new Instruction.Exit());
        TraceSpec empty = new Trace().spec();
        ProgramSpec program = new ProgramSpec("sonde_calls", ProgramKind.RAW_TRACEPOINT, 0, 0, "GPL", code.build(),
                List.of(new AttachSpec.Self(0, Trace.SPAN, Moment.BEGIN, 0)));
        return new TraceSpec(empty.maps(), List.of(program), List.of(), List.of(), empty.options());
    }

    @Test
    void functionsAndLinesAreTakenByTheKernelWithTheFirstTry() throws SessionException {
        for (Optional<Span> first : List.of(Optional.of(Trace.SPAN), Optional.<Span>empty())) {
            List<Bpf.ProgLoad> loads = new ArrayList<>();
            Kernel kernel = call -> {
                if (call instanceof Bpf.ProgLoad load) {
                    loads.add(load);
                }
                return Run.KERNEL.invoke(call);
            };
            new Run(kernel, spec(first), SessionSettings.DEFAULTS, null).close();
            assertThat(loads).singleElement().satisfies(load -> assertThat(load.btfFd()).isPositive());
        }
    }

    @Test
    void bpftoolShowsTheScriptsLines() throws SessionException, IOException {
        try (Run run = new Run(spec(Optional.of(Trace.SPAN)))) {
            assertThat(run.session.probeCount()).isEqualTo(1);
            String text = bpftool("prog", "dump", "xlated", "name", "sonde_calls", "linum");
            assertThat(text).contains("int sonde_calls():", "int round():", "; probe { two; three } [file:test.bt line_num:2 line_col:1]",
                    "; probe { two; three } [file:test.bt line_num:2 line_col:9]", "line_num:2 line_col:14]");
        }
    }

    private static String bpftool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bpftool"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes());
        } catch (IOException e) {
            Run.skip("needs bpftool");
            throw e;
        }
    }
}
