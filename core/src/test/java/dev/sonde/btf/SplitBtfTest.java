package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Split BTF, put together by hand over the compiled sample: ids and string offsets go on where the base's end. */
class SplitBtfTest {
    private static final int STRUCT = BtfKind.STRUCT.ordinal() << 24;
    private static final int TYPEDEF = BtfKind.TYPEDEF.ordinal() << 24;

    private final Btf base = read(BtfSamples.mini());
    private final int strings = ByteBuffer.wrap(BtfSamples.mini()).order(ByteOrder.LITTLE_ENDIAN).getInt(20);
    private final Btf module = Btf.readSplit(base, MemorySegment.ofArray(blob("own\0node\0", new int[] {
        strings, STRUCT | 1, 4, 0, 2, 0,    // struct own { u32 (anonymous); }
        strings + 4, STRUCT, 0,             // struct node {}
        1, TYPEDEF, 38,                     // a typedef with the base's first name
    })));

    private static byte[] blob(String strings, int[] words) {
        byte[] text = strings.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(24 + words.length * 4 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort((short) 0xeb9f).putShort((short) 1).putInt(24).putInt(0).putInt(words.length * 4).putInt(words.length * 4).putInt(text.length);
        for (int word : words) {
            out.putInt(word);
        }
        return out.put(text).array();
    }

    @Test
    void idsGoOnWhereTheBaseEnds() {
        assertThat(module.firstId()).isEqualTo(base.typeCount()).isEqualTo(38);
        assertThat(module.typeCount()).isEqualTo(41);
        assertThat(module.nameOf(38)).isEqualTo("own");
        assertThat(module.type(10)).isSameAs(base.type(10));
        assertThat(module.kind(10)).isEqualTo(BtfKind.STRUCT);
    }

    @Test
    void ownTypesHideTheBases() {
        assertThat(module.struct("node").orElseThrow().id()).isEqualTo(39);
        assertThat(module.struct("packed").orElseThrow().id()).isEqualTo(23);
        assertThat(module.enumerator("GREEN").orElseThrow().value()).isEqualTo(7);
        assertThat(base.struct("own")).isEmpty();
    }

    @Test
    void namesBelowTheBasesEndAreTheBases() {
        assertThat(module.nameOf(40)).isEqualTo(base.nameOf(1));
    }

    @Test
    void ownTypesUseTheBases() {
        assertThat(new CRenderer(module).definition(38)).isEqualTo("struct own {\n\tu32;\n};");
    }

    @Test
    void onlyOwnTypesAreVisited() {
        List<String> names = new ArrayList<>();
        module.forEach(BtfKind.STRUCT, id -> names.add(module.nameOf(id)));
        assertThat(names).containsExactly("own", "node");
    }
}
