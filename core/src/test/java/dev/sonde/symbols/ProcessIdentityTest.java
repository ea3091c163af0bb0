package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessIdentityTest {
    private static final String REST = " S 12457 12457 556 0 -1 4194304 114 0 0 0 0 0 0 0 20 0 1 0 459558 2990080 417 18446744073709551615 "
            + "94091948199936 94091948217865 140733659624320 0 0 0 0\n";

    private static Optional<ProcessIdentity> parse(String stat) {
        return ProcessIdentity.parse(stat.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fieldsAreThoseOfTheManual() {
        assertThat(parse("12459 (sleep)" + REST)).contains(new ProcessIdentity(459558, 94091948199936L, 140733659624320L));
    }

    @Test
    void nameMayHoldAnything() {
        assertThat(parse("1 (a) R 1 2) (b)" + REST)).isEqualTo(parse("1 (x)" + REST)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 (x", "1 (x)", "1 (x) S 1 2 3", "))))", "1 (x) "})
    void whatIsNoSuchLineIsNothing(String stat) {
        assertThat(parse(stat)).isEmpty();
    }

    @Test
    void ownIdentityIsStableAndAnotherProcessHasAnother() {
        LiveProcesses live = new LiveProcesses();
        int self = (int) ProcessHandle.current().pid();
        assertThat(live.identity(self)).isPresent().isEqualTo(live.identity(self));
        assertThat(live.identity(1)).isPresent().isNotEqualTo(live.identity(self));
        assertThat(live.identity(Integer.MAX_VALUE)).isEmpty();
        assertThat(live.mountNamespace(self)).isNotEmpty().isEqualTo(live.ownMountNamespace());
    }
}
