package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.BtfType;
import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.target.Target;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LoadedFunctionsTest {
    @BeforeAll
    static void prepare() {
        Run.needsRoot();
    }

    @Test
    void functionsOfLoadedProgramsAreFoundWithTheirTypes() throws SessionException {
        try (Run run = new Run(new Trace().begin(b -> {}).spec()); LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            List<Target.BpfFunction> found = target.bpfFunctions(0, "sonde_te*");
            assertThat(found).isNotEmpty().allSatisfy(function -> assertThat(function.name()).isEqualTo("sonde_test"));
            Target.BpfFunction first = found.getFirst();
            assertThat(first.types().type(first.type())).isInstanceOf(BtfType.Func.class);
            assertThat(target.bpfFunctions(first.program(), "sonde_test")).hasSize(1);
            assertThat(target.bpfFunctions(first.program(), "another")).isEmpty();
            assertThat(run.session).isNotNull();
        }
    }
}
