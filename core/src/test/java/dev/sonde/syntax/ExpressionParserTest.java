package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExpressionParserTest {
    @ParameterizedTest
    @MethodSource
    void expressionHasThisTree(String text, String tree) {
        assertThat(Trees.body("$x = " + text + ";")).isEqualTo("=($x, " + tree + ")");
    }

    static Stream<Arguments> expressionHasThisTree() {
        return Trees.rows("""
                1 + 2 * 3 => +(1, *(2, 3))
                (1 + 2) * 3 => *(+(1, 2), 3)
                1 - 2 - 3 => -(-(1, 2), 3)
                1 << 2 << 3 => <<(<<(1, 2), 3)
                1 == 2 < 3 => ==(1, <(2, 3))
                1 & 2 == 3 => &(1, ==(2, 3))
                1 | 2 ^ 3 & 4 << 5 + 6 * -7 => |(1, ^(2, &(3, <<(4, +(5, *(6, -(7)))))))
                1 || 2 && 3 | 4 => ||(1, &&(2, |(3, 4)))
                1 <= 2 != 3 >= 4 => !=(<=(1, 2), >=(3, 4))
                $a ? 1 : $b ? 2 : 3 => ?:($a, 1, ?:($b, 2, 3))
                $a ?: $b ?: 3 => ?:($a, ?:($b, 3))
                $a || $b ? 1 : 2 + 3 => ?:(||($a, $b), 1, +(2, 3))
                -1 - -1 => -(-(1), -(1))
                - -$y => -(-($y))
                !!$y => !(!($y))
                ~$y + +1 => +(~($y), +(1))
                **$p => dereference(dereference($p))
                *$p.y => dereference(. y($p))
                (*$p).y => . y(dereference($p))
                &$y => &($y)
                &@m => &(@m)
                &@m[1] => &(@m(1))
                &args.x => &(. x(args))
                $y++ + ++$y => +(++ (post)($y), ++ (pre)($y))
                @m[1]-- - --@m => -(-- (post)(@m(1)), -- (pre)(@m))
                $a->b.c[1]->d => -> d([](. c(-> b($a)), 1))
                $t.0.1 => . 1(. 0($t))
                $t . 1 => . 1($t)
                $t[0] => []($t, 0)
                1.0 => . 0(1)
                @m[1].0.x => . x(. 0(@m(1)))
                @[kstack, ustack(3), comm] => @(kstack, ustack(3), comm)
                @m[(1, 2)] => @m(tuple:(1, 2))
                (@m)[1] => @m(1)
                @ => @
                args->if => -> if(args)
                args.probe => . probe(args)
                () => tuple:
                (1,) => tuple:(1)
                (1, "a",) => tuple:(1, "a")
                (1, (2, 3)).1.0 => . 0(. 1(tuple:(1, tuple:(2, 3))))
                (a=1, b="x") => record:(a(1), b("x"))
                (a = 1).a => . a(record:(a(1)))
                $# + $1 + $12 => +(+($#, $1), $12)
                ${NAME} => ${NAME}
                f() => f
                f(1, g($y)) => f(1, g($y))
                pid () => pid
                true && false => &&(true, false)
                trueish => trueish
                "a"[0] => []("a", 0)
                let => let
                config.x => . x(config)
                sizeof + offsetof => +(sizeof, offsetof)
                comptime 1 + 2 => +(comptime(1), 2)
                """);
    }

    @ParameterizedTest
    @MethodSource
    void castIsToldFromParentheses(String text, String tree) {
        assertThat(Trees.body("$x = " + text + ";")).isEqualTo("=($x, " + tree + ")");
    }

    static Stream<Arguments> castIsToldFromParentheses() {
        return Trees.rows("""
                (uint8)$y => (uint8)($y)
                (uint8)-1 => (uint8)(-(1))
                (uint64)*$p => (uint64)(dereference($p))
                (uint64)&$p => (uint64)(&($p))
                (uint8)&&1 => &&(uint8, 1)
                (struct T *)$y->z => (struct T *)(-> z($y))
                ((struct T *)$y)->z => -> z((struct T *)($y))
                (struct A::B **)1 => (struct A::B **)(1)
                (const char *)1 => (char *)(1)
                (int8[8])$y => (int8[8])($y)
                (int8[])"s" => (int8[])("s")
                (int32 *[4])$y => (int32 *[4])($y)
                (foo *)-1 => (foo *)(-(1))
                (foo[])-1 => (foo[])(-(1))
                (foo[4])$y => (foo[4])($y)
                (foo[4])-1 => -([](foo, 4), 1)
                (size_t)-1 => (size_t)(-(1))
                (foo_t)*$y => (foo_t)(dereference($y))
                (unsigned long)$y => (unsigned long)($y)
                (long long unsigned int)1 => (long long unsigned int)(1)
                (typeof($y))1 => (typeof($y))(1)
                (enum e)1 => (enum e)(1)
                (foo)$y => (foo)($y)
                (foo)bar => (foo)(bar)
                (foo)1 => (foo)(1)
                (foo)"a" => (foo)("a")
                (foo)@m => (foo)(@m)
                (foo)(1) => (foo)(1)
                (foo)!1 => (foo)(!(1))
                (foo)~1 => (foo)(~(1))
                (foo)-1 => -(foo, 1)
                (foo)*2 => *(foo, 2)
                (foo)&2 => &(foo, 2)
                (foo) != 1 => !=(foo, 1)
                (foo)->x => -> x(foo)
                (foo)[0] => [](foo, 0)
                (foo) => foo
                (foo).x => . x(foo)
                (uint64)$y + 1 => +((uint64)($y), 1)
                (uint64)(uint8)-$y.z[0] => (uint64)((uint8)(-([](. z($y), 0))))
                (uint64)$y.0 => (uint64)(. 0($y))
                (int64)@c => (int64)(@c)
                (int8 *)&$y[1] => []((int8 *)(&($y)), 1)
                (int8 *)&@m[1] => (int8 *)(&(@m(1)))
                (a * b) => *(a, b)
                (pid)-1 => -(pid, 1)
                """);
    }

    @Test
    void typesOfTheScriptAreKnownToCasts() {
        assertThat(Trees.script("typedef int foo; begin { $x = (foo)-1; }")).contains("=($x, (foo)(-(1)))");
        assertThat(Trees.script("struct foo { int a; } begin { $x = (foo)-1; }")).contains("=($x, (foo)(-(1)))");
    }

    @ParameterizedTest
    @MethodSource
    void typesAndOperatorsOnThem(String text, String tree) {
        assertThat(Trees.body("$x = " + text + ";")).isEqualTo("=($x, " + tree + ")");
    }

    static Stream<Arguments> typesAndOperatorsOnThem() {
        return Trees.rows("""
                sizeof(struct list_head) => sizeof(type: struct list_head)
                sizeof(struct x *) => sizeof(type: struct x *)
                sizeof(int8[4]) => sizeof(type: int8[4])
                sizeof(unsigned long) => sizeof(type: unsigned long)
                sizeof(foo *) => sizeof(type: foo *)
                sizeof(size_t) => sizeof(type: size_t)
                sizeof(foo) => sizeof(foo)
                sizeof($y.z) => sizeof(. z($y))
                sizeof(1 + 2) => sizeof(+(1, 2))
                sizeof(typeof($y)) => sizeof(type: typeof($y))
                offsetof(struct x, a.b) => offsetof: a.b(type: struct x)
                offsetof($y, a) => offsetof: a($y)
                offsetof(*$y, a) => offsetof: a(dereference($y))
                typeinfo(struct x) => typeinfo(type: struct x)
                typeinfo(int8) => typeinfo(type: int8)
                typeinfo($y) => typeinfo($y)
                foo(struct x, int8 *, typeof($y)) => foo(type: struct x, type: int8 *, type: typeof($y))
                foo(int8) => foo(int8)
                foo(a * b) => foo(*(a, b))
                """);
    }

    @ParameterizedTest
    @MethodSource
    void blocksAndBranchesAreValues(String text, String tree) {
        assertThat(Trees.body("$x = " + text + ";")).isEqualTo("=($x, " + tree + ")");
    }

    static Stream<Arguments> blocksAndBranchesAreValues() {
        return Trees.rows("""
                { let $a = 1; $a } => block(decl: $a(1), result($a))
                {1} + 2 => +(block(result(1)), 2)
                if (1) { 2 } else { 3 } => if(1, then(result(2)), else(result(3)))
                if 1 { 2 } => if(1, then(result(2)), else)
                if comptime 1 {2} else if 3 {4} else {5} => if comptime(1, then(result(2)), else(result(if(3, then(result(4)), else(result(5))))))
                1 + if 1 {2} else {3} + 4 => +(+(1, if(1, then(result(2)), else(result(3)))), 4)
                f({ 1 }, if 1 { 2 } else { 3 }) => f(block(result(1)), if(1, then(result(2)), else(result(3))))
                { if 1 { 2 } else { 3 } } => block(result(if(1, then(result(2)), else(result(3)))))
                { if 1 { 2 } else { 3 }; } => block(if(1, then(2), else(3)))
                { { 1 } } => block(result(block(result(1))))
                { 1; } => block(1)
                {} => block
                """);
    }

    @ParameterizedTest
    @MethodSource
    void literalHasThisValue(String text, String value) {
        assertThat(Trees.body("$x = " + text + ";")).isEqualTo("=($x, " + value + ")");
    }

    static Stream<Arguments> literalHasThisValue() {
        return Trees.rows("""
                0 => 0
                1_000 => 1000
                1__0 => 10
                0x1F => 31
                0X_ff_ff => 65535
                0xffu => 255u
                010 => 8
                0_1 => 1
                1e3 => 1000
                9E2 => 900
                12e3 => 12000
                1u => 1u
                1UL => 1u
                1ll => 1
                1ULL << 31 => <<(1u, 31)
                5ns => 5
                5us => 5000
                10ms => 10000000
                1_0s => 10000000000
                2m => 120000000000
                1h => 3600000000000
                1d => 86400000000000
                1e3ms => 1000000000
                9223372036854775807 => 9223372036854775807
                9223372036854775808 => 9223372036854775808u
                18446744073709551615 => 18446744073709551615u
                "a\\n\\t\\r\\"\\\\" => "a\\n\\t\\r\\"\\\\"
                "\\x41\\101\\0" => "AA\\x00"
                "\\x1g\\18\\1234" => "\\x01g\\x018S4"
                "// no /* comment" => "// no /* comment"
                "中" => "中"
                """);
    }

    @Test
    void spansCoverExactlyTheirText() {
        Script script = Trees.parse("begin { $x = (1 + foo(2, $y.z)) * -3 /* c */ ; }");
        var assign = (Statement.Assign) script.probes().getFirst().body().statements().getFirst();
        var product = (Expression.Binary) assign.value();
        var sum = (Expression.Binary) product.left();
        var call = (Expression.Call) sum.right();
        assertThat(assign.span().text()).isEqualTo("$x = (1 + foo(2, $y.z)) * -3");
        assertThat(product.span().text()).isEqualTo("(1 + foo(2, $y.z)) * -3");
        assertThat(product.right().span().text()).isEqualTo("-3");
        assertThat(sum.span().text()).isEqualTo("1 + foo(2, $y.z)");
        assertThat(call.nameSpan().text()).isEqualTo("foo");
        var field = (Expression.Field) ((Expression.Argument.Value) call.arguments().get(1)).expression();
        assertThat(field.span().text()).isEqualTo("$y.z");
        assertThat(field.nameSpan().text()).isEqualTo("z");
    }

    @Test
    void spansOfCastsAndTypes() {
        Script script = Trees.parse("begin { print((struct x *)$p->a[1]); let $y : int8[4] = 1; }");
        var statements = script.probes().getFirst().body().statements();
        var call = (Expression.Call) ((Statement.Evaluate) statements.getFirst()).expression();
        var cast = (Expression.Cast) ((Expression.Argument.Value) call.arguments().getFirst()).expression();
        assertThat(cast.span().text()).isEqualTo("(struct x *)$p->a[1]");
        assertThat(cast.type().span().text()).isEqualTo("struct x *");
        assertThat(cast.operand().span().text()).isEqualTo("$p->a[1]");
        assertThat(((Statement.Let) statements.get(1)).type().orElseThrow().span().text()).isEqualTo("int8[4]");
    }
}
