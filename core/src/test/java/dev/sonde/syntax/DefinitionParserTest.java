package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.syntax.Definition.CType;
import dev.sonde.syntax.Definition.Declarator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionParserTest {
    @ParameterizedTest
    @MethodSource
    void fieldHasThisTree(String text, String tree) {
        assertThat(Trees.script("struct s { " + text + " };")).isEqualTo("Program(struct s(" + tree + "))");
    }

    static Stream<Arguments> fieldHasThisTree() {
        return Trees.rows("""
                int a; => field: a(int)
                long long unsigned int a; => field: a(long long unsigned int)
                unsigned a, *b; => field: a(unsigned), field: b*(unsigned)
                const volatile char *const *p; => field: p**(char)
                __u32 a; size_t b; => field: a(__u32), field: b(size_t)
                char pad[776-16-568]; => field: pad(char, [](-(-(776, 16), 568)))
                char m[2][N * 3]; => field: m(char, [](2), [](*(N, 3)))
                char tail[]; => field: tail(char, [](0))
                unsigned a : 3, b:1, : 4; => field: a(unsigned, bits(3)), field: b(unsigned, bits(1)), field:(unsigned, bits(4))
                int typename; => field: typename(int)
                struct s *next; => field: next*(struct s)
                struct { int x; }; => field:(struct(field: x(int)))
                union { u32 x; struct { char y; } z; } u; => field: u(union(field: x(u32), field: z(struct(field: y(char)))))
                int (*f)(struct s *, int (*)(void)); => field: f*()(int)
                void (*ops[4])(void); => field: ops*()(void, [](4))
                int (*row)[4]; => field: row*(int)
                enum e m; enum { A, B = 'b' } n; => field: m(enum e), field: n(enum(A, B(98)))
                int a __attribute__((aligned(8))); int b; => field: a(int), field: b(int)
                struct { char c; } __attribute__((packed)) p; => field: p(struct packed(field: c(char)))
                std::string name; => field: name(std::string)
                int a; ; => field: a(int)
                char c[sizeof(int)]; => field: c(char, [](sizeof(type: int)))
                """);
    }

    @Test
    void topLevelDefinitionsNeedNoSemicolonAfterABrace() {
        assertThat(Trees.script("struct a { int x; }\nunion b { int y; } enum { Z }\nstruct c;\nBEGIN { }"))
                .isEqualTo("Program(struct a(field: x(int)), union b(field: y(int)), enum(Z), struct c, BEGIN)");
    }

    @Test
    void typedefsNameEachDeclarator() {
        assertThat(Trees.script("typedef unsigned long word, *words; typedef struct { int x; } t; typedef int (*f)(int);"))
                .isEqualTo("Program(typedef(field: word(unsigned long)), typedef(field: words*(unsigned long)), "
                        + "typedef(field: t(struct(field: x(int)))), typedef(field: f*()(int)))");
    }

    @Test
    void enumeratorsHaveConstantExpressions() {
        assertThat(Trees.script("enum e : u8 { A, B = 1 << 3, C = -1, };")).isEqualTo("Program(enum e(A, B(<<(1, 3)), C(-(1))))");
    }

    @ParameterizedTest
    @MethodSource
    void attributesCount(String text, String packed, String aligned) {
        var struct = (Definition.Struct) Trees.parse(text).definitions().getLast();
        assertThat(struct.type().packed()).isEqualTo(Boolean.valueOf(packed));
        assertThat(struct.type().aligned()).isEqualTo(Integer.parseInt(aligned));
    }

    static Stream<Arguments> attributesCount() {
        return Stream.of(
                Arguments.of("struct a { int x; } __attribute__((packed));", "true", "0"),
                Arguments.of("struct __attribute__((packed, aligned(16))) a { int x; };", "true", "16"),
                Arguments.of("#define N 8\nstruct a { int x; } __attribute__((__aligned__(N * 2)));", "false", "16"),
                Arguments.of("struct a { struct { int y; } __attribute__((packed)) z; } __attribute__((preserve_access_index));", "false", "0"));
    }

    @Test
    void includesAndDefines() {
        List<Definition> found = Trees.parse("""
                #include <linux/in.h>
                #include "my.h" // mine
                #define EMPTY
                #define NUMBER 5 /* five */
                #define TEXT "a // b"
                # define ADD(a, b, ...) ((a) + \\
                   (b))
                begin { }
                """).definitions();
        assertThat(found.get(0)).isInstanceOfSatisfying(Definition.Include.class, i -> assertThat(i.path() + i.system()).isEqualTo("linux/in.htrue"));
        assertThat(found.get(1)).isInstanceOfSatisfying(Definition.Include.class, i -> assertThat(i.path() + i.system()).isEqualTo("my.hfalse"));
        assertThat(found.subList(2, 5)).extracting(d -> ((Definition.Define) d).value()).containsExactly("", "5", "\"a // b\"");
        var macro = (Definition.Define) found.get(5);
        assertThat(macro.functionLike()).isTrue();
        assertThat(macro.parameters()).containsExactly("a", "b", "...");
        assertThat(macro.value().replaceAll(" +", " ")).isEqualTo("((a) + (b))");
        assertThat(((Definition.Define) found.get(3)).span().text()).isEqualTo("#define NUMBER 5");
    }

    @ParameterizedTest
    @MethodSource
    void conditionalKeepsOneBranch(String condition, String kept) {
        Script script = Trees.parse("#define ONE 1\n#define TWO (ONE + 1)\n" + condition + "\n#define YES\n#else\n#define NO\n#endif\nbegin { }");
        assertThat(((Definition.Define) script.definitions().getLast()).name()).isEqualTo(kept);
        assertThat(script.definitions()).hasSize(3);
    }

    static Stream<Arguments> conditionalKeepsOneBranch() {
        return Trees.rows("""
                #ifdef ONE => YES
                #ifdef NONE => NO
                #ifndef BPFTRACE_HAVE_BTF => NO
                #if defined(ONE) && !defined NONE => YES
                #if TWO == 2 => YES
                #if NONE => NO
                #if 0 => NO
                #if TWO > 2 ? 1 : ONE - 1 => NO
                # if KERNEL_VERSION(5,4,0) => NO
                """);
    }

    @Test
    void conditionalsNestAndChain() {
        Script script = Trees.parse("""
                #if 0
                #if 1
                #define A
                #else
                #define B
                #endif
                #elif 1
                #define C
                #ifdef C
                struct s { int a;
                #ifdef A
                  int b;
                #endif
                };
                #endif
                #elif 1
                #define D
                #else
                garbage ( [ {
                #endif
                begin { }
                """);
        assertThat(script.definitions()).hasSize(2);
        var struct = (Definition.Struct) script.definitions().get(1);
        assertThat(struct.type().fields().orElseThrow()).extracting(field -> field.name().orElseThrow()).containsExactly("a");
    }

    @Test
    void undefinedNamesAreForgotten() {
        assertThat(Trees.parse("#define A\n#undef A\n#ifdef A\n#define B\n#endif\nbegin { }").definitions()).hasSize(1);
    }

    @Test
    void anErrorDirectiveIsAnErrorWhereItCounts() {
        assertThat(Trees.messages("#ifdef X\n#error no\n#endif\nbegin { }")).isEmpty();
        assertThat(Trees.messages("#error no\nbegin { }")).containsExactly("1-10 syntax: #error no");
    }

    @Test
    void spansOfDeclarators() {
        var struct = (Definition.Struct) Trees.parse("struct s { unsigned int *a, b : 3; } x:y { }").definitions().getFirst();
        List<Declarator> fields = struct.type().fields().orElseThrow();
        assertThat(fields).extracting(field -> field.span().text()).containsExactly("*a", "b : 3");
        assertThat(((CType.Named) fields.getFirst().base()).span().text()).isEqualTo("unsigned int");
        assertThat(struct.span().text()).isEqualTo("struct s { unsigned int *a, b : 3; }");
    }
}
