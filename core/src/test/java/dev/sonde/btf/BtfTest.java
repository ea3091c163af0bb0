package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BtfTest {
    private final Btf mini = read(BtfSamples.mini());

    @Test
    void typesAreFoundByKindAndName() {
        assertThat(mini.typeCount()).isEqualTo(38);
        assertThat(mini.struct("node").orElseThrow().size()).isEqualTo(56);
        assertThat(mini.union("word").orElseThrow().size()).isEqualTo(4);
        assertThat(mini.typedef("u32").orElseThrow().type()).isEqualTo(1);
        assertThat(mini.function("insert").orElseThrow().id()).isEqualTo(36);
        assertThat(mini.variable("counter").orElseThrow().linkage()).isEqualTo(Linkage.STATIC);
        assertThat(mini.integer("long unsigned int").orElseThrow().bits()).isEqualTo(64);
        assertThat(mini.enumeration("color").orElseThrow().values()).extracting(Enumerator::name).containsExactly("RED", "GREEN", "BLUE");
        assertThat(mini.find(BtfKind.DATASEC, ".bss")).hasValue(37);
    }

    @Test
    void nameOfAnotherKindOrOnlyAPrefixIsNotFound() {
        assertThat(mini.struct("word")).isEmpty();
        assertThat(mini.struct("nod")).isEmpty();
        assertThat(mini.struct("node2")).isEmpty();
        assertThat(mini.find(BtfKind.STRUCT, "node".repeat(1000))).isEmpty();
        assertThat(mini.struct("node")).isPresent();
        assertThat(mini.struct("word")).isEmpty();
    }

    @Test
    void enumeratorTellsItsValueAndItsEnum() {
        Enumerator green = mini.enumerator("GREEN").orElseThrow();
        assertThat(green.value()).isEqualTo(7);
        assertThat(mini.type(green.enumId()).name()).isEqualTo("color");
        assertThat(mini.enumerator("GREE")).isEmpty();
    }

    @Test
    void enumeratorsAreExtendedAsTheirEnumSays() {
        BtfWriter writer = new BtfWriter();
        writer.enumeration("signed", true, Enumerator.of("MINUS", -1));
        writer.enumeration("unsigned", false, Enumerator.of("BIG", 0xffff_ffffL));
        writer.add(new BtfType.Enum64(0, "wide", 8, false, List.of(Enumerator.of("WIDE", 0x8000_0001_0000_0002L))));
        Btf btf = read(writer);
        assertThat(btf.enumerator("MINUS").orElseThrow().value()).isEqualTo(-1);
        assertThat(btf.enumerator("BIG").orElseThrow().value()).isEqualTo(0xffff_ffffL);
        assertThat(btf.enumerator("WIDE").orElseThrow().value()).isEqualTo(0x8000_0001_0000_0002L);
        assertThat(btf.enumeration("wide").orElseThrow().size()).isEqualTo(8);
    }

    @Test
    void namesMatchGlobs() {
        assertThat(named(BtfKind.TYPEDEF, "u*")).containsExactly("u32", "u8");
        assertThat(named(BtfKind.FUNC, "*s*r*")).containsExactly("insert");
        assertThat(named(BtfKind.FUNC, "*_all")).containsExactly("log_all");
        assertThat(named(BtfKind.FUNC, "insert")).containsExactly("insert");
        assertThat(named(BtfKind.FUNC, "i*x*t")).isEmpty();
        assertThat(named(BtfKind.STRUCT, "*")).containsExactly("", "node", "packed");
        assertThat(named(BtfKind.STRUCT, "node**")).containsExactly("node");
    }

    private List<String> named(BtfKind kind, String glob) {
        List<String> names = new ArrayList<>();
        mini.forEach(kind, glob, id -> names.add(mini.nameOf(id)));
        return names;
    }

    @Test
    void everyTypeOfAKindIsVisitedOnce() {
        List<Integer> ids = new ArrayList<>();
        mini.forEach(BtfKind.VAR, ids::add);
        assertThat(ids).containsExactly(30, 31, 32, 33);
    }

    @Test
    void modifiersAndTypedefsResolveAway() {
        assertThat(mini.resolve(3)).isEqualTo(1);
        assertThat(mini.resolve(14)).isEqualTo(12);
        assertThat(mini.resolve(0)).isZero();
        assertThat(mini.kind(mini.resolve(19))).isEqualTo(BtfKind.STRUCT);
    }

    @Test
    void sizesFollowTypes() {
        assertThat(mini.sizeOf(10)).hasValue(56);
        assertThat(mini.sizeOf(3)).hasValue(4);
        assertThat(mini.sizeOf(11)).hasValue(8);
        assertThat(mini.sizeOf(17)).hasValue(6);
        assertThat(mini.sizeOf(26)).hasValue(4);
        assertThat(mini.sizeOf(22)).hasValue(8);
        assertThat(mini.sizeOf(mini.variable("wire").orElseThrow().id())).hasValue(5);
        assertThat(mini.sizeOf(0)).isEmpty();
        assertThat(mini.sizeOf(36)).isEmpty();
    }

    @Test
    void membersOfAnonymousMembersHaveTheOffsetInTheOuterStruct() {
        int node = mini.struct("node").orElseThrow().id();
        assertThat(mini.memberOf(node, "high")).contains(new Member("high", 5, 17 * 8, 0));
        assertThat(mini.memberOf(node, "key")).contains(new Member("key", 2, 16 * 8, 0));
        assertThat(mini.memberOf(node, "level")).contains(new Member("level", 2, 161, 3));
        assertThat(mini.memberOf(node, "mac").orElseThrow().offset()).isEqualTo(28);
        assertThat(mini.memberOf(node, "none")).isEmpty();
        assertThat(mini.memberOf(19, "weight")).isPresent();
        assertThat(mini.memberOf(11, "weight")).isEmpty();
    }

    @Test
    void bitFieldOfAnUnflaggedStructIsItsIntegers() {
        BtfWriter writer = new BtfWriter();
        int bits = writer.add(new BtfType.Int(0, "unsigned int", 4, false, false, false, 2, 3));
        int struct = writer.struct("old", 4, Member.at("field", bits, 0));
        assertThat(read(writer).memberOf(struct, "field")).contains(new Member("field", bits, 2, 3));
    }

    @Test
    void otherByteOrderReadsTheSame() {
        BtfWriter writer = new BtfWriter();
        for (int id = 1; id < mini.typeCount(); id++) {
            writer.add(mini.type(id));
        }
        String expected = RawDump.of(mini);
        assertThat(RawDump.of(read(writer.toBytes(ByteOrder.BIG_ENDIAN)))).isEqualTo(expected);
        assertThat(RawDump.of(read(writer.toBytes(ByteOrder.LITTLE_ENDIAN)))).isEqualTo(expected);
    }

    @Test
    void typesAreMadeOnceAndMissesAreRemembered() {
        assertThat(mini.type(10)).isSameAs(mini.type(10));
        assertThat(mini.enumerator("NONE")).isSameAs(mini.enumerator("NONE"));
    }
}
