package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.target.RecordedTarget;
import dev.sonde.testing.Scene;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompilerTest {
    private static String printed(String body) {
        return ScriptMachine.of("begin { " + body + " }").begin();
    }

    @Test
    void variablesAreUpdatedInLoops() {
        assertThat(printed("$n = 0; $i = 0; while ($i < 10) { $i++; if ($i == 3) { continue; } if ($i == 6) { break; } $n += $i; } print($n);"))
                .isEqualTo("12\n");
    }

    @Test
    void rangesAreHalfOpenAndReadTheirEndsOnce() {
        assertThat(printed("$to = 3; for ($i : 0..$to) { $to = 10; print($i); }")).isEqualTo("0\n1\n2\n");
    }

    @Test
    void mapLoopsSeeKeysAndValuesAndChangeOuterVariables() {
        assertThat(printed("@a[1] = 5; @a[2] = 7; $sum = 0; for ($kv : @a) { $sum += $kv.0 * 100 + $kv.1; } print($sum);")).isEqualTo("312\n");
    }

    @Test
    void mapLoopsCanBreakAndReturn() {
        assertThat(printed("@a[1] = 5; @a[2] = 7; $n = 0; for ($kv : @a) { $n++; break; } print($n); for ($kv : @a) { return; } print(9);"))
                .isEqualTo("1\n");
    }

    @Test
    void variablesOfBothBranchesAreReadAfterThem() {
        assertThat(printed("if ($1 == 0) { $x = 5; } else { $x = 6; } print($x);")).isEqualTo("5\n");
    }

    @Test
    void aNewVariableOfTheSameNameInAnotherBlockMayHaveAnotherType() {
        assertThat(printed("if ($1 == 0) { $x = 5; print($x); } else { $x = \"a\"; print($x); }")).isEqualTo("5\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "5 + 3 * 2⇒11", "(5 + 3) * 2⇒16", "7 / 2⇒3", "-7 / 2⇒-3", "7 % 3⇒1", "1 << 4⇒16", "0xff & 0x0f⇒15", "~0⇒18446744073709551615", "!5⇒false",
                "!0⇒true", "5 > 3⇒true",
        "1 == 1 && 2 == 3⇒false", "1 == 1 || 2 == 3⇒true", "5 > 3 ? 10 : 20⇒10", "(uint8)300⇒44", "(int8)200⇒-56", "(int32)0x80000000⇒-2147483648",
        "0xffffffffffffffff⇒18446744073709551615", "sizeof(uint32)⇒4", "1e3⇒1000", "10ms⇒10000000", "{ let $a = 4; $a * 2 }⇒8",
    })
    void constantExpressionsHaveTheirValues(String expression, String value) {
        assertThat(printed("print(" + expression + ");")).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "$a + $b⇒10", "$a - $b⇒-4", "$b - $a⇒4", "$a * $b⇒21", "$b / $a⇒2", "$b % $a⇒1", "$a << $b⇒384", "$b >> 1⇒3", "$a & $b⇒3", "$a | $b⇒7",
                "$a ^ $b⇒4",
        "$a < $b⇒true", "$a >= $b⇒false", "$a != $b⇒true", "$zero / $zero⇒1", "$a % $zero⇒1", "-$a⇒-3", "$a == 3 && $b == 7⇒true",
        "$s == \"abc\"⇒true", "$s != \"abd\"⇒true", "$s == \"ab\"⇒false", "($a, $b) == (3, 7)⇒true", "$neg < $a⇒true", "$neg > $u⇒false",
    })
    void operatorsWorkOnVariables(String expression, String value) {
        assertThat(printed("$a = (int64)3; $b = (int64)7; $zero = (int64)0; $neg = (int64)-5; $u = (uint64)5; $s = \"abc\"; print("
                + expression + ");"))
                .isEqualTo(value + "\n");
    }

    @Test
    void aggregationsAreGatheredAndPrintedAtTheEnd() {
        assertThat(ScriptMachine.of(
                "begin { @c = count(); @c = count(); @s = sum(5); @s = sum(-7); @m = min(4); @m = min(9); @x = max(4); @x = max(9); "
                + "@a = avg(4); @a = avg(8); @k[1, \"a\"] = count(); }").run())
                .isEqualTo("\n\n@a: 6\n@c: 2\n@k[1, a]: 1\n@m: 4\n@s: -2\n@x: 9\n");
    }

    @Test
    void histogramsCountByPowersOfTwo() {
        assertThat(ScriptMachine.of("begin { @h = hist(0); @h = hist(1); @h = hist(5); @h = hist(7); @h = hist(-3); }").run()).isEqualTo("""


                @h:
                (..., 0)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
                [0]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
                [1]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
                [2, 4)                 0 |                                                    |
                [4, 8)                 2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

                """);
    }

    @Test
    void aggregationsCanBeReadAsIntegers() {
        assertThat(printed("@c = count(); @c = count(); @k[5] = sum(4); @k[5] = sum(6); "
                + "if (@c == 2) { print((int64)@c + 1); } print((uint64)@k[5]);"))
                .isEqualTo("3\n10\n");
    }

    @Test
    void missingEntriesReadAsZero() {
        assertThat(printed("@a[1] = 5; @t[1] = (1, \"x\"); print(@a[2]); print(@t[9].0); @s[1] = \"x\"; print(@s[2]);")).isEqualTo("0\n0\n\n");
    }

    @Test
    void entriesAreDeletedInBothForms() {
        assertThat(printed("@a[1] = 5; @a[2] = 6; delete(@a[1]); delete(@a, 2); "
                + "print(has_key(@a, 1)); print(len(@a)); @x = 5; delete(@x); print(@x);"))
                .isEqualTo("false\n0\n@x: 0\n");
    }

    @Test
    void allErrorsAreReportedAtOnce() {
        assertThat(ScriptMachine.of("begin { $x = $y; foo(); @a = \"x\" + 1; }").diagnostics())
                .contains("Undefined or undeclared variable: $y").contains("Unknown function: 'foo'").contains("Type mismatch for '+'");
    }

    @Test
    void macrosTakeVariablesByNameAndExpressionsByText() {
        assertThat(printedWith("macro add($v, n) { $v += n; let $t = 5; $t + $v } macro five { 5 }",
                "$t = 7; $x = add($t, 3) + five; print(($x, $t));"))
                .isEqualTo("(20, 10)\n");
    }

    private static String printedWith(String before, String body) {
        return ScriptMachine.of(before + " begin { " + body + " }").begin();
    }

    @Test
    void structsOfTheScriptAreReadThroughPointers() {
        var scene = new Scene().kernel(0xffff888000001000L, new byte[] {1, 0, 0, 0, 2, 3, (byte) 0xa5, 'h', 'i', 0, 0, 0});
        assertThat(ScriptMachine.of(
                "struct s { int a; union { struct { u8 b; u8 c; }; u16 d; }; unsigned low : 4; unsigned high : 4; char name[4]; }; "
                + "begin { $s = (struct s *)0xffff888000001000; print(($s->a, $s->b, $s.c, $s->d, $s->low, $s->high, $s->name)); }",
                RecordedTarget.builder().build(), scene).begin()).isEqualTo("(1, 2, 3, 770, 5, 10, hi)\n");
    }

    @Test
    void functionsReturnFromAnywhere() {
        assertThat(printedWith("fn first($limit : int64) : int64 { for ($i : 0..10) { if ($i * $i > $limit) { return $i; } } return -1; } "
                + "fn twice($s : string[8]) : string[8] { return $s; }", "print((first(20), first(1000), twice(\"ab\")));"))
                .isEqualTo("(5, -1, ab)\n");
    }

    @Test
    void aFunctionThatCallsItselfIsRefused() {
        assertThat(ScriptMachine.of("fn f($a : int64) : int64 { return f($a); } begin { print(f(1)); }").diagnostics()).contains("f() calls itself");
    }
}
