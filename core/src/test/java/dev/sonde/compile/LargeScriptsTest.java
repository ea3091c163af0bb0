package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LargeScriptsTest {
    private static final int MANY = 150;

    @Test
    void moreLiveVariablesThanTheStackHoldsKeepTheirValues() {
        var script = new StringBuilder("begin { $one = (uint64)ncpus / ncpus; ");
        var sum = new StringBuilder("0");
        long expected = 0;
        for (int i = 0; i < MANY; i++) {
            script.append("$v").append(i).append(" = $one * ").append(i * i).append("; ");
            sum.append(" + $v").append(i).append(" * ").append(i % 7);
            expected += (long) i * i * (i % 7);
        }
        assertThat(ScriptMachine.of(script + "print(" + sum + "); }").begin()).isEqualTo(expected + "\n");
    }

    @Test
    void soDoThoseThatALoopOverAMapUses() {
        var script = new StringBuilder("begin { @m[1] = 10; @m[2] = 20; ");
        var body = new StringBuilder();
        var sum = new StringBuilder("0");
        for (int i = 0; i < MANY; i++) {
            script.append("$v").append(i).append(" = ").append(i).append("; ");
            body.append("$v").append(i).append(" += $kv.1; ");
            sum.append(" + $v").append(i);
        }
        script.append("for ($kv : @m) { ").append(body).append("} print(").append(sum).append("); }");
        assertThat(ScriptMachine.of(script.toString()).begin()).isEqualTo((MANY * (MANY - 1) / 2 + 30 * MANY) + "\n");
    }

    @Test
    void aPredicateHasHundredsOfTerms() {
        var script = "begin /comm != \"x\"" + " && (pid != 5 || comm != \"y\")".repeat(700) + "/ { print(1" + " + 2".repeat(700) + "); }";
        assertThat(ScriptMachine.of(script).begin()).isEqualTo("1401\n");
    }

    @Test
    void loopsOfAMillionRoundsAreCountedByTheKernel() {
        assertThat(ScriptMachine.of("begin { $n = 0; for ($i : 0..20000) { $n += $i; } print($n); }").begin()).isEqualTo("199990000\n");
    }
}
