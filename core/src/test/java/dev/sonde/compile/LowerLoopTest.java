package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.target.Feature;
import dev.sonde.target.RecordedTarget;
import dev.sonde.testing.Scene;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowerLoopTest {
    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "for ($i : 3..30) { $n += $i; } print($n);⇒432",
        "$to = 25; for ($i : 0..$to) { $to = 10; $n++; } print($n);⇒25",
        "$from = -3; for ($i : $from..2) { $n = $n * 10 + $i; } print($n);⇒-32099",
        "for ($i : 5..$n) { $n = 1; } print($n);⇒0",
        "$to = 1; for ($i : 5..$to) { $n = 7; } print($n);⇒0",
        "for ($i : 0..100) { if ($i == 40) { break; } if ($i % 2 == 0) { continue; } $n += $i; } print($n);⇒400",
        "for ($i : 0..100) { for ($j : $i..100) { if ($j - $i == 2) { break; } $n += $j; } } print($n);⇒9900",
        "for ($i : 0..100) { for ($j : 0..3) { if ($i * $j == 38) { print($i); return; } } } print($n);⇒19",
        "@m[(9, \"a\")] = 1; for ($kv : @m) { for ($k : 0..30) { $n += $kv.0.0; } } print($n);⇒270",
        "let $s : string[90] = \"abc\"; for ($i : 0..30) { if ($i == 7) { $s = comm; } $n += $i; } print(($s == comm, $n));⇒(true, 435)",
    })
    void loopsOverNumbersDoTheSameWhereTheyAreCalledBack(String body, String printed) {
        String script = "begin { $n = 0; " + body + " }";
        var older = RecordedTarget.builder().without(Feature.MAY_GOTO).build();
        assertThat(ScriptMachine.of(script, older, new Scene()).begin()).isEqualTo(printed + "\n");
        assertThat(ScriptMachine.of(script).begin()).isEqualTo(printed + "\n");
    }
}
