package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.mini;
import static dev.sonde.btf.BtfSamples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bad input is answered by {@link MalformedException} and by nothing else, without a hang. */
class HostileBtfTest {
    private final BtfWriter writer = new BtfWriter();

    private static void refuses(ThrowingCallable action, String words) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(action).withMessageContaining(words);
    }

    /** Asks for all that can be asked; true when nothing was malformed. */
    private static boolean isWellFormed(byte[] blob) {
        Btf btf;
        try {
            btf = read(blob);
        } catch (MalformedException e) {
            return false;
        }
        boolean well = true;
        for (int id = 0; id < btf.typeCount(); id++) {
            well &= isWellFormed(btf, id);
        }
        try {
            btf.enumerator("NONE");
            btf.struct("none");
            btf.rawTracepointPrototype("none");
        } catch (MalformedException e) {
            well = false;
        }
        return well;
    }

    private static boolean isWellFormed(Btf btf, int id) {
        try {
            btf.type(id);
            btf.nameOf(id);
            btf.resolve(id);
            btf.sizeOf(id);
            btf.memberOf(id, "none");
            CRenderer renderer = new CRenderer(btf, true);
            renderer.definition(id);
            renderer.parameter(id, "x");
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void theSampleItselfIsWellFormed() {
        assertThat(isWellFormed(mini())).isTrue();
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] blob = mini();
        for (int size = 0; size < blob.length; size++) {
            assertThat(isWellFormed(Arrays.copyOf(blob, size))).as(size + " bytes").isFalse();
        }
    }

    @Test
    void flippedBitsRaiseNothingElse() {
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] blob = mini();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                blob[random.nextInt(blob.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += isWellFormed(blob) ? 0 : 1;
        }
        assertThat(refused).isBetween(1000, 4000);
    }

    @Test
    void randomWordsInTheTypeSectionRaiseNothingElse() {
        Random random = new Random(2);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] blob = mini();
            ByteBuffer words = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
            int at = 24 + 4 * random.nextInt(words.getInt(12) / 4);
            words.putInt(at, random.nextBoolean() ? random.nextInt() : random.nextInt(40));
            refused += isWellFormed(blob) ? 0 : 1;
        }
        assertThat(refused).isBetween(200, 2000);
    }

    @Test
    void headersThatDoNotFitAreRefusedWithTheReason() {
        refuses(() -> read(patched(0, 0x12345678)), "magic");
        refuses(() -> read(patched(0, 0x0002eb9f)), "version 1");
        refuses(() -> read(patched(4, 23)), "header of at least 24");
        refuses(() -> read(patched(4, -1)), "BTF");
        refuses(() -> read(patched(8, -4)), "BTF types");
        refuses(() -> read(patched(12, -1)), "count");
        refuses(() -> read(patched(12, 20)), "at least 12 bytes; 4 are left");
        refuses(() -> read(patched(16, 0x7fffffff)), "BTF strings");
        refuses(() -> read(patched(20, 0)), "NUL");
        refuses(() -> read(patched(28, 31 << 24)), "a known kind, not 31");
        refuses(() -> read(patched(28, 4 << 24 | 0xffffff)), "vlen 16777215");
    }

    private static byte[] patched(int offset, int value) {
        byte[] blob = mini();
        ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
        return blob;
    }

    @Test
    void idsAndNamesOutOfRangeAreRefused() {
        Btf sample = read(mini());
        refuses(() -> sample.type(38), "type id below 38");
        refuses(() -> sample.type(-1), "type id below 38");
        Btf unnamed = read(patched(24, 0x7fffffff));
        refuses(() -> unnamed.type(1), "BTF strings");
        refuses(() -> unnamed.integer("int"), "BTF strings");
    }

    @Test
    void cyclesEnd() {
        int typedef = writer.typedef("a", 2);
        writer.typedef("b", 1);
        int array = writer.array(3, 3, 1);
        int pointer = writer.pointer(4);
        int prototype = writer.prototype(5, new Parameter("f", 5));
        int own = writer.struct("", 8, Member.at("", 6, 0));
        Btf btf = read(writer);
        CRenderer renderer = new CRenderer(btf);
        refuses(() -> btf.resolve(typedef), "steps");
        refuses(() -> btf.sizeOf(array), "steps");
        refuses(() -> renderer.definition(array), "steps");
        refuses(() -> renderer.typeName(pointer), "steps");
        refuses(() -> renderer.typeName(prototype), "steps");
        refuses(() -> renderer.definition(own), "steps");
        assertThat(btf.memberOf(own, "x")).isEmpty();
    }

    /** Each of 40 anonymous structs holds the next one twice: 2^40 members to print or to search. */
    @Test
    void exponentialNestingEnds() {
        int number = writer.integer("int", 4, true);
        int inner = number;
        for (int i = 0; i < 40; i++) {
            inner = writer.struct("", 8, Member.at("", inner, 0), Member.at("", inner, 0));
        }
        int outer = inner;
        Btf btf = read(writer);
        assertThat(btf.memberOf(outer, "x")).isEmpty();
        refuses(() -> new CRenderer(btf).definition(outer), "C text");
    }

    @Test
    void exponentialPrototypesEnd() {
        int inner = writer.integer("int", 4, true);
        for (int i = 0; i < 40; i++) {
            inner = writer.pointer(writer.prototype(0, new Parameter("", inner), new Parameter("", inner)));
        }
        int outer = inner;
        Btf btf = read(writer);
        refuses(() -> new CRenderer(btf).typeName(outer), "C text");
    }

    @Test
    void arraySizesDoNotOverflow() {
        int number = writer.integer("int", 4, true);
        int inner = writer.array(number, number, 0xffff_ffffL);
        int outer = writer.array(inner, number, 0xffff_ffffL);
        Btf btf = read(writer);
        refuses(() -> btf.sizeOf(outer), "size below 2^32");
    }

    @Test
    void hugeStructIsNotPaddedWithoutEnd() {
        int number = writer.integer("int", 4, true);
        int huge = writer.struct("huge", 0xffff_fff0L, Member.at("x", number, 0));
        assertThat(new CRenderer(read(writer)).definition(huge)).hasSizeLessThan(100_000);
    }

    @Test
    void longNamesNamedManyTimesAreNotCopiedManyTimes() {
        int number = writer.integer("int", 4, true);
        String name = "n".repeat(4000);
        Member[] members = new Member[20_000];
        Arrays.fill(members, Member.at(name, number, 0));
        int struct = writer.struct("many", 4, members);
        int longName = writer.typedef("t".repeat(5000), number);
        Btf btf = read(writer);
        refuses(() -> btf.type(struct), "characters in all");
        refuses(() -> btf.type(longName), "a name of at most 4096 bytes");
    }

    @Test
    void kindsThatTheLayoutSectionDescribesAreSteppedOver() {
        byte[] blob = mini();
        ByteBuffer out = ByteBuffer.allocate(blob.length + 8 + 20 + 21 * 4).order(ByteOrder.LITTLE_ENDIAN);
        int types = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        int strings = blob.length - 24 - types;
        out.putInt(0x0001eb9f).putInt(32).putInt(0).putInt(types + 20).putInt(types + 20).putInt(strings).putInt(types + 20 + strings).putInt(21 * 4);
        out.putInt(1).putInt(20 << 24 | 1).putInt(0).putInt(1).putInt(2).put(blob, 24, types + strings);
        out.position(out.capacity() - 4).put((byte) 4).put((byte) 4);
        Btf btf = read(out.array());
        assertThat(btf.typeCount()).isEqualTo(39);
        assertThat(btf.struct("node").orElseThrow().id()).isEqualTo(11);
        refuses(() -> btf.type(1), "not 20");
    }
}
