package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Comparisons of strings that are read from memory only as far as they are looked at; "abcdefghij" is there. */
class StringComparisonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '⇒', value = {
        "str(TEXT) == \"abcdefghij\"⇒true", "str(TEXT) == \"abcdefghi\"⇒false", "str(TEXT) == \"abcdefghijk\"⇒false", "str(TEXT) == \"\"⇒false",
        "\"abcdefghij\" == str(TEXT)⇒true", "str(TEXT) != \"abcdefghij\"⇒false", "str(TEXT) != \"b\"⇒true",
        "str(TEXT, 4) == \"abc\"⇒true", "str(TEXT, 4) == \"abcd\"⇒false", "str(TEXT, 3) == \"abc\"⇒false", "str(TEXT, 1) == \"\"⇒true",
        "str(TEXT, 200) == \"abcdefghij\"⇒true", "str(TEXT, $four) == \"abc\"⇒true", "str(TEXT, $four) == \"abcd\"⇒false",
        "str(TEXT) == str($1)⇒true", "str(TEXT) == str($2)⇒false", "str(TEXT) == str(TEXT)⇒true", "str(TEXT) == str(TEXT, 10)⇒false",
        "str(TEXT) == comm⇒false", "comm == str(TEXT)⇒false", "str(uptr(8)) == \"\"⇒true", "str(uptr(8)) == \"a\"⇒false",
        "strncmp(str(TEXT), \"abcxyz\", 3)⇒0", "strncmp(str(TEXT), \"abcxyz\", 4)⇒1", "strncmp(\"abc\", str(TEXT), 3)⇒0",
        "strncmp(\"abc\", str(TEXT), 9)⇒1", "strncmp(str(TEXT), str(TEXT), 20)⇒0", "strncmp(str(TEXT), comm, 1)⇒1", "strncmp(str(TEXT), \"\", 0)⇒0",
        "strncmp(str(TEXT, 3), \"abc\", 5)⇒1", "strncmp(\"abc\", \"abd\", 2)⇒0", "strncmp(\"abc\", \"abd\", 3)⇒1",
        "str(TEXT) == \"abcdefghij0123456789012345678901234567890123456789012345678901234567890123456789\"⇒false",
    })
    void isOfTheWholeString(String expression, String value) {
        String script = "begin { $four = (int64)4; if (nsecs == 1) { $four = 5; } print("
                + expression.replace("TEXT", "uptr(0x700000000000)") + "); }";
        var machine = ScriptMachine.of(script, BuiltinsMachine.target().build(), BuiltinsMachine.scene(), "abcdefghij", "abcdefghijk");
        assertThat(machine.begin()).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17})
    void endsAtTheFirstNul(int length) {
        String letters = "abcdefghijklmnopqrs";
        String script = "begin { @left = \"" + "z".repeat(19) + "\"; @left = str($1); @right = \"" + "y".repeat(19)
                + "\"; @right = str($2); print(@left == @right); print(@right != @left); }";
        for (int other = 0; other <= letters.length(); other++) {
            String right = letters.substring(0, other);
            assertThat(compared(script, letters.substring(0, length), right)).as(right).isEqualTo(length == other);
            assertThat(compared(script, letters.substring(0, length), right + "Z")).as(right + "Z").isFalse();
        }
    }

    private static boolean compared(String script, String left, String right) {
        String printed = ScriptMachine.of(script, BuiltinsMachine.target().build(), BuiltinsMachine.scene(), left, right).begin();
        assertThat(printed).isIn("true\nfalse\n", "false\ntrue\n");
        return printed.startsWith("true");
    }
}
