package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Source;
import java.util.Optional;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormatterTest {
    /** Formats and checks that the text means the same and is formatted as itself. */
    static String format(String text) {
        Script script = Trees.parse(text);
        String once = Formatter.format(script);
        Script again = Trees.parse(once);
        assertThat(Trees.difference(script, again)).as("tree of%n%s%nformatted as%n%s", text, once).isEmpty();
        assertThat(Formatter.format(again)).isEqualTo(once);
        return once;
    }

    @Test
    void scriptInItsCanonicalForm() {
        assertThat(format("""
                #!/usr/bin/env bpftrace
                // What it is.
                #include   <linux/in.h>
                #define N   4 // four
                struct  s {int a; /* first */
                   struct {char b[N];} c;unsigned d:3; } __attribute__((packed))
                config={ max_strlen=64;license="GPL" }
                import "a.bt";let @m=hash(0x10);
                macro add($a,b) { $a+b }
                fn f($a:int64):void{return}
                BEGIN,END{ @m [ 1,"a" ]=count( );
                  // own line
                  $x=(struct s*)arg0;   // behind


                  if($x->a==1&&!$y){exit()}else if(2){}else{ ++@n }
                  for($i:0 .. 5){ while(1){break;} } unroll 3{ }
                  let $t:int8[4]; $z=$a?1:2 }
                kprobe:f/pid/{ }
                kprobe:g   /pid==$1 && (uid==0||gid==0)/{ } // last
                """)).isEqualTo("""
                #!/usr/bin/env bpftrace
                // What it is.
                #include <linux/in.h>
                #define N 4 // four

                struct s {
                  int a; /* first */
                  struct {
                    char b[N];
                  } c;
                  unsigned d : 3;
                } __attribute__((packed));

                config = {
                  max_strlen = 64;
                  license = "GPL";
                }

                import "a.bt";
                let @m = hash(0x10);

                macro add($a, b)
                {
                  $a + b
                }

                fn f($a : int64) : void
                {
                  return;
                }

                BEGIN,
                END
                {
                  @m[1, "a"] = count();
                  // own line
                  $x = (struct s *)arg0; // behind

                  if ($x->a == 1 && !$y) {
                    exit();
                  } else if (2) {} else {
                    ++@n;
                  }
                  for ($i : 0..5) {
                    while (1) {
                      break;
                    }
                  }
                  unroll (3) {}
                  let $t : int8[4];
                  $z = $a ? 1 : 2;
                }

                kprobe:f/pid/
                {}

                kprobe:g
                /pid == $1 && (uid == 0 || gid == 0)/
                {} // last
                """);
    }

    @ParameterizedTest
    @MethodSource
    void expressionKeepsItsMeaning(String text, String formatted) {
        assertThat(format("begin { $x = " + text + " }")).isEqualTo("begin\n{\n  $x = " + formatted + ";\n}\n");
    }

    static Stream<Arguments> expressionKeepsItsMeaning() {
        return Trees.rows("""
                ((1)) => 1
                (1 + 2) * 3 => (1 + 2) * 3
                1 - (2 - 3) => 1 - (2 - 3)
                (1 - 2) - 3 => 1 - 2 - 3
                1 | 2 & 3 << 4 => 1 | (2 & (3 << 4))
                1 & 2 == 3 => 1 & (2 == 3)
                1 || 2 && 3 => 1 || (2 && 3)
                - - $a => -(-$a)
                - --$a => -(--$a)
                (foo)(-1) => (foo)(-1)
                (uint8)-1 => (uint8)(-1)
                (uint8)$a.b => (uint8)$a.b
                ((uint8)$a).b => ((uint8)$a).b
                (int8 *)&$a[1] => ((int8 *)(&$a))[1]
                (*$p).y => (*$p).y
                *$p->y => *$p->y
                ($a ? 1 : 2) ? 3 : 4 => ($a ? 1 : 2) ? 3 : 4
                $a ?: $b => $a ?: $b
                { 1 } + 2 => ({ 1 }) + 2
                if (1) { 2 } => if (1) { 2 }
                if 1 {2} else if 3 {4} else {5} => if (1) { 2 } else if (3) { 4 } else { 5 }
                f(typeof(struct x), typeof($a)) => f(typeof(struct x), typeof($a))
                sizeof(struct x) + sizeof(foo) => sizeof(struct x) + sizeof(foo)
                offsetof(struct x,a.b) => offsetof(struct x, a.b)
                (1,) => (1,)
                (a=1,b="x\\x41") => (a=1, b="x\\x41")
                0x00FF_00 => 0x00FF_00
                1_0ms => 1_0ms
                comptime 1 + 2 => comptime 1 + 2
                comptime (1 + 2) => comptime (1 + 2)
                &@m[1] => &@m[1]
                """);
    }

    @Test
    void statementsThatBeginWithABlockKeepTheirParentheses() {
        assertThat(format("begin { ({ 1 }); ({ 1 }) + 2; (if 1 {2} else {3}); { 1 } }")).isEqualTo("""
                begin
                {
                  ({ 1 });
                  ({ 1 }) + 2;
                  (if (1) { 2 } else { 3 });
                  {
                    1;
                  }
                }
                """);
    }

    @Test
    void predicateThatBeginsWithAStarIsNoComment() {
        assertThat(format("kprobe:f /(*$x) == 1/ { }")).contains("/(*$x == 1)/");
    }

    @Test
    void longCallsAreCutAtTheirArguments() {
        assertThat(format("begin { printf(\"%d %d %d %d %d %d %d %d\\n\", 111111111111, 222222222222, 333333333333, 444444444444); }")).isEqualTo("""
                begin
                {
                  printf("%d %d %d %d %d %d %d %d\\n", 111111111111, 222222222222, 333333333333,
                         444444444444);
                }
                """);
    }

    @Test
    void commentsInsideAStatementGoBeforeIt() {
        assertThat(format("begin {\n  f(1, // one\n    2); /* end */\n  if (1 /* c */) { // open\n    // only\n  }\n}\n// last\n")).isEqualTo("""
                begin
                {
                  // one
                  f(1, 2); /* end */
                  /* c */
                  if (1) { // open
                    // only
                  }
                }
                // last
                """);
    }

    @Test
    void branchThatIsNotTakenStaysInTheText() {
        String text = "#ifndef BPFTRACE_HAVE_BTF\n#include <net/sock.h>\n#else\n#define A 1\n#endif\n\nbegin\n{}\n";
        assertThat(format(text)).isEqualTo(text);
    }

    @Test
    void treesWithoutATextAreWrittenFromTheirValues() {
        var span = new Source("none", "").span(0, 0);
        var string = new Expression.StringLiteral(span, "a\"\n\u0001");
        var number = new Expression.IntegerLiteral(span, 255, false);
        var sum = new Expression.Binary(span, BinaryOperator.ADD, number, string);
        assertThat(Formatter.format(sum)).isEqualTo("255 + \"a\\\"\\n\\x01\"");
        var type = new TypeName.Array(span, new TypeName.Pointer(span, new TypeName.Tagged(span, "struct", "x")), Optional.of(number));
        assertThat(Formatter.format(type)).isEqualTo("struct x *[255]");
    }

    @Test
    void statementsOfEveryKindComeBack() {
        for (String statement : List.of(
                "_ = f()", "let ($a, $b) = (1, 2)", "import \"x\"", "continue", "return 1", "@x[1] <<= 2",
                "let $a : (int8, u32) = 1", "let $a : (a=int8, b=string[3])", "let $a : (int8,)", "$a.b = 1",
                "for ($i : @x..@y) { }", "for ($kv : @) { }", "if comptime (1) { } else { }",
                "while (1) { if (2) { 3 } else { { 4 } } }", "unroll ($1) { f() }", "$x = if 1 { $a = 2; } else { $a }",
                "print({ let $a = 1; $a })")) {
            format("begin { " + statement + " }");
            format("macro m() { " + statement + " }");
        }
    }
}
