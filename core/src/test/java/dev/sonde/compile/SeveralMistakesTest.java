package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake never hides the next one: those of grammar and of meaning are told at once, in the order of the script. */
class SeveralMistakesTest {
    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "begin { print(1 }\\nend { print(2; }⇒1:17 2:14", "begin { $a = ; $b = 5 +; print(1); }⇒1:14 1:24",
        "begin { print($x); print(@never); print(nothing); nothing(5); }⇒1:15 1:26 1:41 1:51",
        "nothing { print($x) }\\nbegin { print(pid.x) }⇒1:1 1:17 2:15",
        "begin { $a = 1; $a = \"x\"; @b = 1; @b = \"y\"; }⇒1:17 1:35", "begin { print(-\"x\" + (1, 2).5); }⇒1:15 1:22",
        "begin { @a = count(1); @b = hist(\"a\"); @c = lhist(1); }⇒1:14 1:29 1:45", "begin { printf(\"%d\"); printf(5); strncmp(1); }⇒1:9 1:23 1:34",
        "begin { let $a = 1; let $a = 2; break; return \"x\"; }⇒1:21 1:33 1:40",
                "struct s { nothing a; nothing b; };\\nbegin { print($x); }⇒1:12 1:23 2:15",
        "tracepoint:a:b { print(args.x) }\\nuprobe:/no/such:f { print(1) }\\nbegin { print(nothing) }⇒1:1 2:1 3:15",
        "macro m(a) { nothing } begin { print(m(1)); print(m(1, 2)); }⇒1:14 1:51",
                "begin { unroll (101) { print($x) } for ($i : \"a\"..5) { print(nothing) } }⇒1:9 1:30 1:46 1:62",
        "begin { \"open; print($x); }\\nend { print($y); }⇒1:9 2:1 2:13",
        // Mistakes of grammar and of meaning. What the lost text may have assigned or defined is none.
        "begin { print($x); $a = ; print(@never); }⇒1:15 1:25 1:33", "begin { print(nothing); }\\nend { print(2; }⇒1:15 2:14",
        "begin { $a = ; print($a); @b = ; }\\nend { print(@b); print($a); }⇒1:14 1:32",
        "macro m(a) { a + } begin { print($x); print(m(1)); }⇒1:18 1:34", "nothing: { print(1; } begin { print(pid.x); }⇒1:1 1:19 1:37",
    })
    void allMistakesAreToldInOrder(String script, String places) {
        String text = ScriptMachine.of(script.replace("\\n", "\n")).diagnostics();
        List<String> found = text.lines().filter(line -> line.contains(" ERROR: ")).map(SeveralMistakesTest::place).toList();
        assertThat(found).as(text).containsExactly(places.split(" "));
    }

    /** {@code LINE:COLUMN} of {@code stdin:LINE:COLUMN-END: ERROR: …}. */
    private static String place(String line) {
        return line.substring("stdin:".length(), line.indexOf('-'));
    }
}
