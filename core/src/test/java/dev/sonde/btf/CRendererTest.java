package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CRendererTest {
    private final Btf mini = read(BtfSamples.mini());
    private final CRenderer renderer = new CRenderer(mini);
    private final BtfWriter writer = new BtfWriter();

    private String define(BtfKind kind, String name) {
        return renderer.definition(mini.find(kind, name).orElseThrow());
    }

    @Test
    void structIsPrintedWithItsAnonymousMembersInPlace() {
        assertThat(define(BtfKind.STRUCT, "node")).isEqualTo("""
            struct node {
            \tstruct node *next;
            \tconst volatile char *name;
            \tunion {
            \t\tu32 key;
            \t\tstruct {
            \t\t\tu8 low;
            \t\t\tu8 high;
            \t\t};
            \t};
            \tu32 ready: 1;
            \tu32 level: 3;
            \tenum color color;
            \tunsigned char mac[6];
            \tint (*compare)(const struct node *, const struct node *);
            \tdouble weight;
            };""");
    }

    @Test
    void packedStructSaysSo() {
        assertThat(define(BtfKind.STRUCT, "packed")).isEqualTo("struct packed {\n\tu8 tag;\n\tu32 value;\n} __attribute__((packed));");
    }

    @Test
    void offsetsAreCommentsOnRequest() {
        String text = new CRenderer(mini, true).definition(mini.struct("node").orElseThrow().id());
        assertThat(text).contains("struct node *next; /* 0 8 */", "\t\t\tu8 low; /* 0 1 */", "u32 level: 3; /* 20:1 */",
            "unsigned char mac[6]; /* 28 6 */");
    }

    @Test
    void otherKindsAreDefinedToo() {
        assertThat(define(BtfKind.ENUM, "color")).isEqualTo("enum color {\n\tRED = 0,\n\tGREEN = 7,\n\tBLUE = 4294967295,\n};");
        assertThat(define(BtfKind.UNION, "word")).isEqualTo("union word {\n\tu32 whole;\n\tu8 parts[2][2];\n};");
        assertThat(define(BtfKind.TYPEDEF, "u32")).isEqualTo("typedef unsigned int u32;");
        assertThat(define(BtfKind.FUNC, "insert")).isEqualTo("int insert(struct node *at, u32 key);");
        assertThat(define(BtfKind.FUNC, "log_all")).isEqualTo("void log_all(const char *format, ...);");
        assertThat(define(BtfKind.VAR, "counter")).isEqualTo("volatile u32 counter;");
        assertThat(renderer.definition(0)).isEqualTo("void;");
    }

    @Test
    void parametersHaveTheFormOfProbeListings() {
        assertThat(renderer.parameter(11, "at")).isEqualTo("struct node * at");
        assertThat(renderer.parameter(2, "key")).isEqualTo("u32 key");
        assertThat(renderer.parameter(17, "mac")).isEqualTo("unsigned char mac[6]");
        assertThat(renderer.parameter(21, "compare")).isEqualTo("int (*)(const struct node *, const struct node *) compare");
        assertThat(renderer.parameter(0, "")).isEqualTo("...");
    }

    @Test
    void declaratorsNestAsInC() {
        int integer = writer.integer("int", 4, true);
        int constant = writer.add(new BtfType.Const(0, integer));
        int pointer = writer.pointer(constant);
        int restricted = writer.add(new BtfType.Restrict(0, pointer));
        int constantPointer = writer.add(new BtfType.Const(0, pointer));
        int callback = writer.prototype(pointer, new Parameter("a", restricted), new Parameter("", constantPointer));
        int callbackPointer = writer.pointer(callback);
        int callbacks = writer.array(callbackPointer, integer, 3);
        int row = writer.array(constant, integer, 4);
        int rows = writer.pointer(writer.add(new BtfType.Const(0, row)));
        int anything = writer.pointer(0);
        int twice = writer.pointer(constantPointer);
        int done = writer.pointer(writer.prototype(0));
        CRenderer ours = new CRenderer(read(writer));
        assertThat(ours.typeName(anything)).isEqualTo("void *");
        assertThat(ours.declaration(constantPointer, "p")).isEqualTo("const int * const p");
        assertThat(ours.typeName(twice)).isEqualTo("const int * const *");
        assertThat(ours.declaration(callbacks, "f")).isEqualTo("const int * (*f[3])(const int * restrict a, const int * const)");
        assertThat(ours.declaration(rows, "r")).isEqualTo("const int (*r)[4]");
        assertThat(ours.declaration(done, "done")).isEqualTo("void (*done)(void)");
    }

    @Test
    void holesThatAlignmentDoesNotMakeArePadded() {
        int character = writer.integer("char", 1, true);
        int number = writer.integer("int", 4, true);
        int struct = writer.struct("holes", 64, Member.at("a", character, 0), Member.at("b", number, 4), Member.at("c", character, 16),
            new Member("d", number, 136, 3), new Member("e", number, 144, 2));
        assertThat(new CRenderer(read(writer)).definition(struct)).isEqualTo("""
            struct holes {
            \tchar a;
            \tint b;
            \tlong: 64;
            \tchar c;
            \tint d: 3;
            \tshort: 5;
            \tint e: 2;
            \tlong: 64;
            \tlong: 64;
            \tlong: 64;
            \tlong: 64;
            \tlong: 64;
            };""");
    }

    @Test
    void emptyStructAndNarrowEnumHaveTheirOwnForm() {
        int empty = writer.struct("empty", 0);
        int narrow = writer.add(new BtfType.Enum(0, "narrow", 1, false, List.of(Enumerator.of("ONE", 1))));
        CRenderer ours = new CRenderer(read(writer));
        assertThat(ours.definition(empty)).isEqualTo("struct empty {};");
        assertThat(ours.definition(narrow)).isEqualTo("enum narrow {\n\tONE = 1,\n} __attribute__((mode(byte)));");
    }
}
