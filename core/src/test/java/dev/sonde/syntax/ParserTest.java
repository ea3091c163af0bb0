package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.syntax.Script.AttachPoint;
import dev.sonde.syntax.Script.Part;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ParserTest {
    @ParameterizedTest
    @MethodSource
    void statementHasThisTree(String text, String tree) {
        assertThat(Trees.body(text)).isEqualTo(tree);
    }

    static Stream<Arguments> statementHasThisTree() {
        return Trees.rows("""
                print(1) => print(1)
                $a = 1; @b = 2 => =($a, 1); =(@b, 2)
                ;; $a = 1;; => =($a, 1)
                @ += 1; @x[1] <<= 2; $a >>= 3; $a ^= 4; $a |= 5; $a &= 6 => +=(@, 1); <<=(@x(1), 2); >>=($a, 3); ^=($a, 4); |=($a, 5); &=($a, 6)
                $a -= 1; $a *= 1; $a /= 1; $a %= 1 => -=($a, 1); *=($a, 1); /=($a, 1); %=($a, 1)
                @++; ++@x; $a--; => ++ (post)(@); ++ (pre)(@x); -- (post)($a)
                $a.b = 1; $a[1] = 2; @x[1].0 = 3 => =(. b($a), 1); =([]($a, 1), 2); =(. 0(@x(1)), 3)
                _ = f() => _ =(f)
                let $a; let $b = 1; let $c : struct x * = 0; let $d: u8[8]; => decl: $a; decl: $b(1); decl: $c :: struct x *(0); decl: $d :: u8[8]
                let $a : typeof($b); let $c : typeof(struct y) => decl: $a :: typeof($b); decl: $c :: struct y
                let $a : (int8, string[3]); let $b : (x=int8, y=u32) => decl: $a :: (int8, string[3]); decl: $b :: (x=int8, y=u32)
                let ($a, $b) = (1, 2); ($c, $d) = @t => decl: ($a, $b)(tuple:(1, 2)); decl: ($c, $d)(@t)
                if (1) { } => if(1, then)
                if (1) { } else { } => if(1, then, else)
                if (1) { f() } else if (2) { } else { g() } => if(1, then(f), else(if(2, then, else(g))))
                if $a { } if !$a { } if f(1) { } => if($a, then); if(!($a), then); if(f(1), then)
                if $a == 1 { } => if(==($a, 1), then)
                if ($a) == 1 { } => if(==($a, 1), then)
                if (foo) { 1 } => if(foo, then(1))
                if comptime (1) { } => if comptime(1, then)
                if (1) { } ++$a; => if(1, then); ++ (pre)($a)
                if (1) { 2 } else { 3 } + 4 => +(if(1, then(result(2)), else(result(3))), 4)
                if (1) { 2 }; $a = 1 => if(1, then(2)); =($a, 1)
                { print(1) } => block(print(1))
                { 1 }; { 2 } => block(1); block(2)
                while ($a < 1) { break; continue } => while(<($a, 1), break, continue)
                while $a { } => while($a)
                unroll (5) { } unroll(5) { } unroll 5 { } unroll ($1) { } => unroll(5); unroll(5); unroll(5); unroll($1)
                for ($i : 0..5) { f($i) } => for(decl: $i, range(0, 5), f($i))
                for $i : $a .. $b.c { } => for(decl: $i, range($a, . c($b)))
                for ($i : $t.0..1 + 2) { } => for(decl: $i, range(. 0($t), +(1, 2)))
                for ($kv : @x) { print($kv.0) } => for(decl: $kv, @x, print(. 0($kv)))
                for $kv : @ { } => for(decl: $kv, @)
                return; return 1 => return; return(1)
                import "x"; print(1) => import: x; print(1)
                $a = $b ? exit() : 0; => =($a, ?:($b, exit, 0))
                $if = @let => =($if, @let)
                delete(@x[1]); delete(@x, 1) => delete(@x(1)); delete(@x, 1)
                """);
    }

    @ParameterizedTest
    @MethodSource
    void attachPointHasTheseParts(String text, String parts) {
        AttachPoint point = Trees.parse(text + " { }").probes().getFirst().attachPoints().getFirst();
        List<String> shown = point.parts().stream().map(part -> part.quoted() ? "'" + part.text() + "'" : part.text()).toList();
        assertThat(String.join(" | ", shown).strip()).isEqualTo(parts);
        assertThat(point.text()).isEqualTo(text);
    }

    static Stream<Arguments> attachPointHasTheseParts() {
        return Trees.rows("""
                begin => begin
                BEG$1 => BEG$1
                i:ms:$1 => i | ms | $1
                interval:1s => interval | 1s
                kprobe:f+0x10 => kprobe | f+0x10
                kprobe:"f"+10 => kprobe | 'f+10'
                kprobe:*tcp_* => kprobe | *tcp_*
                tracepoint:syscalls:sys_enter_recv* => tracepoint | syscalls | sys_enter_recv*
                uprobe:/bin/bash:readline => uprobe | /bin/bash | readline
                uprobe:/proc/${PID}/root/x:*Foo*Bar* => uprobe | /proc/${PID}/root/x | *Foo*Bar*
                uprobe:/bin/x:cpp:"A::f(int, long)" => uprobe | /bin/x | cpp | 'A::f(int, long)'
                uprobe:/bin/x:A::f => uprobe | /bin/x | A |  | f
                uprobe:"/bin/b a":f => uprobe | '/bin/b a' | f
                uprobe:"/a\\"b":f => uprobe | '/a"b' | f
                uprobe:/bin/x@/a/b/file.c:10:3 => uprobe | /bin/x@/a/b/file.c | 10 | 3
                uprobe:/bin/go:net/http.(*conn).serve => uprobe | /bin/go | net/http.(*conn).serve
                uprobe:/a//b/*c:f => uprobe | /a//b/*c | f
                usdt:*:p:n => usdt | * | p | n
                watchpoint:0x1000:8:rw => watchpoint | 0x1000 | 8 | rw
                asyncwatchpoint::f+arg1:8:w => asyncwatchpoint |  | f+arg1 | 8 | w
                self:signal:SIGUSR1 => self | signal | SIGUSR1
                iter:task:/sys/fs/bpf/x => iter | task | /sys/fs/bpf/x
                name=kprobe:f => kprobe | f
                kprobe: f => kprobe | f
                kprobe : f + 10 => kprobe | f+10
                * => *
                """);
    }

    @Test
    void attachPointsAreAListWithAnyWhiteSpace() {
        Script.Probe probe = Trees.parse("kprobe:a,kprobe:b ,\n  kprobe:c, // last\n/pid == 1/ { }").probes().getFirst();
        assertThat(probe.attachPoints()).extracting(AttachPoint::text).containsExactly("kprobe:a", "kprobe:b", "kprobe:c");
        assertThat(probe.predicate().orElseThrow().span().text()).isEqualTo("pid == 1");
    }

    @Test
    void spansOfProbesAndParts() {
        Script.Probe probe = Trees.parse("  uprobe:/bin/x:\"f g\" /1/ { } // c\n").probes().getFirst();
        assertThat(probe.span().text()).isEqualTo("uprobe:/bin/x:\"f g\" /1/ { }");
        assertThat(probe.attachPoints().getFirst().span().text()).isEqualTo("uprobe:/bin/x:\"f g\"");
        assertThat(probe.attachPoints().getFirst().parts()).extracting(part -> part.span().text()).containsExactly("uprobe", "/bin/x", "\"f g\"");
        assertThat(probe.body().span().text()).isEqualTo("{ }");
    }

    @ParameterizedTest
    @MethodSource
    void predicateEndsAtTheSlashBeforeTheBody(String text, String tree) {
        String shown = Trees.script("kprobe:f " + text + " { }");
        assertThat(shown).isEqualTo("Program(kprobe:f(pred(" + tree + ")))");
    }

    static Stream<Arguments> predicateEndsAtTheSlashBeforeTheBody() {
        return Trees.rows("""
                /pid/ => pid
                /pid==$1 && @s[tid] / => &&(==(pid, $1), @s(tid))
                /pid / tid/ => /(pid, tid)
                /1 == 2 / 3/ => ==(1, /(2, 3))
                /(pid / tid) == 1/ => ==(/(pid, tid), 1)
                /comm == "a/b"/ => ==(comm, "a/b")
                /@x[1 / 2]/ => @x(/(1, 2))
                /pid == ${PID}/ => ==(pid, ${PID})
                /1 /* c */ + 2/ /* d */ => +(1, 2)
                /{ 1 }/ => block(result(1))
                """);
    }

    @Test
    void configImportsMapsFunctionsAndMacros() {
        assertThat(Trees.script("""
                config = { max_strlen = 64; stack_mode = perf; license = "GPL"; print_maps_on_exit = false }
                import "a.bt";
                let @m = lruhash(10); let @n = percpuhash($1);
                fn f($a : int64, $b : struct x *) : int64 { return $a; }
                fn g() { }
                macro m($v, e, @x) { @x[1] = $v; e }
                macro n() { if (1) { 2 } else { 3 } }
                macro o { 1 }
                """)).isEqualTo("Program(config: max_strlen(64), config: stack_mode(perf), config: license(\"GPL\"), "
                + "config: print_maps_on_exit(false), "
                + "import: a.bt, map decl: @m lruhash(10), map decl: @n percpuhash($1), "
                + "fn: f(arg: $a :: int64, arg: $b :: struct x *, result :: int64, return($a)), fn: g, "
                + "macro: m(arg: $v, arg: e, arg: @x, =(@x(1), $v), result(e)), "
                + "macro: n(result(if(1, then(result(2)), else(result(3))))), macro: o(result(1)))");
    }

    @Test
    void wordsThatAreKeywordsElsewhereCanNameProbes() {
        Script script = Trees.parse("config:a { } macro:b { } let:c,import:d { } fn:e { }");
        assertThat(script.probes()).extracting(p -> p.attachPoints().getFirst().text()).containsExactly("config:a", "macro:b", "let:c", "fn:e");
    }

    @Test
    void firstLineOfAnInterpreterIsSkippedHoweverItIsWritten() {
        assertThat(Trees.script("#!usr/bin/bpftrace\nBEGIN { }")).isEqualTo("Program(BEGIN)");
        assertThat(Trees.script("\uFEFF#!/usr/bin/env bpftrace\r\nBEGIN\r\n{\r\n}\r\n")).isEqualTo("Program(BEGIN)");
    }

    @Test
    void commentsStandAnywhereBetweenTokens() {
        assertThat(Trees.script("/* a /* b\n*/ // c\nBEGIN /* d */ { /**/ $a /* e */ = // f\n 1 /* g */ }")).isEqualTo("Program(BEGIN(=($a, 1)))");
    }

    @Test
    void nothingIsAnEmptyScript() {
        Script script = Trees.parse("");
        assertThat(script.probes()).isEmpty();
        assertThat(script.definitions()).isEmpty();
        assertThat(Trees.parse(" // only a comment").probes()).isEmpty();
    }

    @Test
    void partsRecordWhetherTheyAreQuoted() {
        List<Part> parts = Trees.parse("uprobe:/x:\"f\" { }").probes().getFirst().attachPoints().getFirst().parts();
        assertThat(parts).extracting(Part::quoted).containsExactly(false, false, true);
    }
}
