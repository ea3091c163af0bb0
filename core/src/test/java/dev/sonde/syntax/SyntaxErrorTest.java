package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SyntaxErrorTest {
    @ParameterizedTest
    @MethodSource
    void mistakeIsReportedAtItsToken(String text, String message) {
        assertThat(String.join(" | ", Trees.messages(text))).isEqualTo(message);
    }

    static Stream<Arguments> mistakeIsReportedAtItsToken() {
        return Trees.rows("""
                begin { print("a" "b") } => 19-20 syntax: expected ')'
                begin { print(1; } => 16-17 syntax: expected ')'
                begin { print(1,); } => 17-18 syntax: expected expression
                begin { print(1)) } => 17-18 syntax: expected ';'
                begin { print(1) print(2) } => 18-23 syntax: expected ';'
                begin { $a = 1 $b = 2 } => 16-18 syntax: expected ';'
                begin { $x = ; } => 14-15 syntax: expected expression
                begin { $x = 1 + ; } => 18-19 syntax: expected expression
                begin { $x = (1 + 2; } => 20-21 syntax: expected ')'
                begin { $x = $y.; } => 17-18 syntax: expected field name after '.'
                begin { $x = $y->; } => 18-19 syntax: expected field name after '->'
                begin { @x[1 = 2; } => 14-15 syntax: expected ']'
                begin { @[] = 1 } => 11-12 syntax: expected expression
                begin { @x[1,] = 1 } => 14-15 syntax: expected expression
                begin { $x = 1 ? 2; } => 19-20 syntax: expected ':'
                begin { $x = 'a'; } => 14-15 syntax: expected expression
                begin { $x = [1]; } => 14-15 syntax: expected expression
                begin { $ = 1; } => 9-10 syntax: expected identifier after '$'
                begin { ! } => 11-12 syntax: expected expression
                begin { `x` } => 9-10 syntax: expected expression
                begin { if ($x = 1) { } } => 16-17 syntax: expected ')'
                begin { if $x = 1 { } } => 15-16 syntax: expected a condition
                begin { if (x = 1) { } } => 12-19 syntax: expected a condition
                begin { if (1 { } } => 15-16 syntax: expected ')'
                begin { if (1) print(1); } => 16-21 syntax: expected '{'
                begin { else { } } => 9-13 syntax: expected statement
                begin { x = 1; } => 11-12 syntax: expected ';'
                begin { f(1) = 2; } => 14-15 syntax: expected ';'
                begin { *$x = 2; } => 13-14 syntax: expected ';'
                begin { pid++; } => 12-14 syntax: increment/decrement requires a variable or map
                begin { ++pid; } => 11-14 syntax: increment/decrement requires a variable or map
                begin { $x.y++; } => 13-15 syntax: increment/decrement requires a variable or map
                begin { $x = &pid; } => 15-18 syntax: address-of operator (&) can only be used on a map, a variable or a part of one
                begin { let x = 1; } => 13-14 syntax: expected variable after 'let'
                begin { let @m = hash(1); } => 13-15 syntax: expected variable after 'let'
                begin { let $x : = 1; } => 18-19 syntax: expected type name
                begin { for ($x in @y) { } } => 17-19 syntax: expected ':'
                begin { for (x : @y) { } } => 14-15 syntax: expected variable in for loop
                begin { for ($x : f(@y)) { } } => 19-24 syntax: expected map or range in for loop
                begin { for ($i : 1...2) { } } => 22-23 syntax: expected expression
                begin { while ($x { } } => 19-20 syntax: expected ')'
                begin { $x = 1e; } => 15-16 syntax: invalid integer suffix 'e'
                begin { $x = 5abc; } => 15-18 syntax: invalid integer suffix 'abc'
                begin { $x = 08; } => 14-16 syntax: invalid trailing bytes: 08
                begin { $x = 0x; } => 14-16 syntax: invalid integer: 0x
                begin { $x = 1_; } => 15-16 syntax: trailing underscore in integer literal
                begin { $x = 18446744073709551616; } => 14-34 syntax: overflow error, maximum value is 18446744073709551615: 18446744073709551616
                begin { $x = 1e20; } => 14-18 syntax: overflow error, maximum value is 18446744073709551615: 1e20
                begin { $x = 999999999999d; } => 14-27 syntax: overflow error, maximum value is 18446744073709551615: 999999999999d
                begin { $x = $0; } => 14-16 syntax: positional parameters count from $1
                begin { $x = "a\\qb"; } => 16-18 syntax: invalid escape character '\\q'
                begin { $x = "\\x"; } => 15-17 syntax: invalid hex escape sequence
                begin { $x = "open } => 14-21 syntax: unterminated string | 21-21 syntax: expected '}'
                begin { offsetof(struct x, a[0]) } => 29-30 syntax: expected ')'
                begin { $x = ${a } => 14-17 syntax: expected '${NAME}' | 19-19 syntax: expected '}'
                begin { /* open } => 9-11 syntax: unterminated comment | 18-18 syntax: expected '}'
                kprobe:f => 9-9 syntax: expected '{'
                kprobe:f ; { } => 10-11 syntax: expected '{'
                kprobe:f kprobe:g { } => 10-16 syntax: expected '{'
                kprobe:f /pid/; { } => 15-16 syntax: expected '{'
                kprobe:f /pid { } => 15-16 syntax: expected '/' to close predicate
                kprobe:f /$x = 1/ { } => 14-15 syntax: expected '/' to close predicate
                kprobe:f // { } => 16-16 syntax: expected '{'
                kprobe:f, { } /1/ { } => 15-16 syntax: expected attach point
                uprobe:"/x:f { } => 8-17 syntax: unterminated string
                uprobe:/x:${a-b} { } => 11-14 syntax: expected '${NAME}'
                { } => 1-2 syntax: expected attach point
                begin { } } => 11-12 syntax: unexpected '}'
                begin { if (1) { } => 19-19 syntax: expected '}'
                let $x = 1; begin { } => 1-4 syntax: root-level let statements need to be map declarations, e.g. let @a = hash(2);
                let @m; begin { } => 7-8 syntax: expected '='
                import foo; begin { } => 8-11 syntax: expected string after 'import'
                import "a" begin { } => 12-17 syntax: expected ';' after import
                config = { a 1; b = 2 } => 14-15 syntax: expected '='
                config = { a = 1, b = 2 } => 17-18 syntax: expected ';'
                config { a = 1 } => 8-9 syntax: expected '='
                fn f(a : int64) { } => 6-7 syntax: expected variable in function argument
                fn f($a) { } => 8-9 syntax: expected ':'
                macro f(1) { } => 9-10 syntax: expected macro parameter
                struct x { int; int a b; int c; } => 23-24 syntax: expected ';'
                struct x => 9-9 syntax: expected '{'
                enum { A = } => 12-13 syntax: expected expression
                typedef int; => 12-13 syntax: expected field name
                #if X => 1-6 syntax: expected '#endif'
                #endif => 1-7 syntax: #endif without #if
                #frob => 1-6 syntax: unknown directive '#frob'
                #include foo => 10-13 syntax: expected '<header>' or '"header"'
                """);
    }

    @ParameterizedTest
    @MethodSource
    void hintSaysWhatToDo(String text, String hint) {
        assertThat(Trees.mistakes(text)).flatExtracting(d -> d.hints()).containsExactly(hint);
    }

    static Stream<Arguments> hintSaysWhatToDo() {
        return Trees.rows("""
                begin { if ($x = 1) { } } => to compare, write '=='
                begin { if (x = 1) { } } => to compare, write '=='
                kprobe:f /$x = 1/ { } => to compare, write '=='
                kprobe:f /pid/; { } => no ';' follows a predicate
                begin { x = 1; } => a variable is written '$x', a map '@x'
                begin { let x = 1; } => a variable is written '$x'
                begin { for (x : @y) { } } => a variable is written '$x'
                begin { $x = 'a'; } => strings take double quotes
                begin { if (1) print(1); } => a body needs braces, even of one statement
                begin { else { } } => this 'else' has no 'if' right before it
                begin { let @m = hash(1); } => a map is declared outside of probes
                fn f($a) { } => a parameter of a function has a type, as in '$a : int64'
                uprobe:/x:f (int) { } => put a name with spaces or commas in quotes
                """);
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        assertThat(Trees.messages("""
                struct x { int a b; };
                kprobe:f /pid = 1/ {
                  $a = ;
                  if ($b = 1) { print(1 2); }
                  for ($i in @m) { $c = 5x; }
                  while ($d) { ] }
                  @ok = 1;
                  $e.f++
                }
                kprobe:g { print("ok"); $y = 1 + }
                """)).containsExactly("18-19 syntax: expected ';'", "2:15-16 syntax: expected '/' to close predicate",
                "3:8-9 syntax: expected expression", "4:10-11 syntax: expected ')'", "4:25-26 syntax: expected ')'", "5:11-13 syntax: expected ':'",
                "5:26-27 syntax: invalid integer suffix 'x'",
                "6:16-17 syntax: expected expression", "8:7-9 syntax: increment/decrement requires a variable or map",
                "10:34-35 syntax: expected expression");
    }

    @Test
    void missingSemicolonIsReportedAtTheEndOfItsLine() {
        assertThat(Trees.messages("begin {\n  $a = 1\n  $b = 2\n  print($a);\n}"))
                .containsExactly("2:9-9 syntax: expected ';'", "3:9-9 syntax: expected ';'");
    }

    @Test
    void missingBraceIsReportedWhereTheNextProbeBegins() {
        var mistakes = Trees.mistakes("BEGIN {\n  if (1) {\n    f();\n}\nkprobe:f { g(); }\nEND { }\n");
        assertThat(mistakes).hasSize(1);
        assertThat(mistakes.getFirst().message()).isEqualTo("syntax: expected '}'");
        assertThat(mistakes.getFirst().span().orElseThrow().line()).isEqualTo(5);
        assertThat(mistakes.getFirst().notes().getFirst().span().line()).isEqualTo(1);
    }

    @Test
    void whatCouldBeReadIsInTheTree() {
        var source = new Source("t", "kprobe:f { $a = ; $b = 2 } kprobe: /1/ { } end { }");
        Script script = Parser.parse(source, new Diagnostics());
        assertThat(script.probes()).hasSize(3);
        assertThat(script.probes().getFirst().body().statements()).hasSize(1);
    }

    @Test
    void literalsHaveTheirOwnCode() {
        assertThat(Trees.mistakes("begin { $x = 08; }").getFirst().code()).isEqualTo(DiagnosticCode.BAD_LITERAL);
        assertThat(Trees.mistakes("begin { $x = ; }").getFirst().code()).isEqualTo(DiagnosticCode.SYNTAX);
    }

    @ParameterizedTest
    @MethodSource
    void deepNestingIsRefusedOnce(String text) throws InterruptedException {
        var messages = new AtomicReference<List<String>>(List.of());
        var thread = new Thread(null, () -> messages.set(Trees.mistakes(text).stream().map(d -> d.message()).toList()), "small", 768 << 10);
        thread.start();
        thread.join();
        assertThat(messages.get()).containsExactly("syntax: nested more than 200 levels deep");
    }

    static Stream<String> deepNestingIsRefusedOnce() {
        int n = 100_000;
        return Stream.of(
                "begin { $x = " + "(".repeat(n), "begin { $x = " + "-".repeat(n).replace("--", "- "), "begin { $x = 1" + "+1".repeat(n) + "; }",
                "begin " + "{".repeat(n), "begin { $x = 1" + ".a".repeat(n), "begin { $x = " + "f(".repeat(n), "begin { $x = " + "@[".repeat(n),
                "begin { $x = " + "1?".repeat(n), "begin { $x = " + "1?1:".repeat(n), "begin { " + "if (1) {} else ".repeat(n),
                "begin { $x = " + "(int8)".repeat(n), "begin { $x = (int8" + "*".repeat(n) + ")1; }", "struct a {" + " struct {".repeat(n),
                "begin { $x = " + "{".repeat(n), "begin { let $x : " + "(".repeat(n), "begin { $x = " + "if 1 { ".repeat(n),
                "kprobe:f /" + "!".repeat(n), "begin { $x = " + "comptime ".repeat(n), "begin { $x = " + "sizeof(".repeat(n),
                "begin { $x = " + "typeof(typeof(".repeat(n));
    }

    @Test
    void errorsStopAtAHundred() {
        assertThat(Trees.mistakes("begin { " + "$a = ; ".repeat(1000) + "}")).hasSize(100);
    }

    @Test
    void macrosThatDoubleDoNotHang() {
        var text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("#define M").append(i).append(" (M").append(i + 1).append(" + M").append(i + 1).append(")\n");
        }
        assertThat(Trees.mistakes(text + "#if M0\n#endif\nbegin { }")).isEmpty();
    }
}
