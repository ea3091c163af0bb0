package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SortedNamesTest {
    private final SortedNames names = new SortedNames();

    private void table(String... entries) {
        int start = names.take(ByteBuffer.wrap(String.join("\0", entries).getBytes(StandardCharsets.UTF_8)));
        for (String entry : entries) {
            names.add(start);
            start += entry.getBytes(StandardCharsets.UTF_8).length + 1;
        }
    }

    @Test
    void namesOfSeveralTablesComeInOrderAndOnce() {
        table("b", "a", "", "ab");
        table("a", "c");
        names.add("b");
        names.add("aa");
        assertThat(names.sorted()).containsExactly("", "a", "aa", "ab", "b", "c");
    }

    @Test
    void splitOffPartsAreLeftOut() {
        table("f.part.0", "f.cold", "f.partly", "g.part.3.constprop.0", ".part", "h.part");
        assertThat(names.sorted()).containsExactly(".part", "f.cold", "f.partly", "h.part");
    }

    @Test
    void bytesAreComparedWithoutSign() {
        table("zebra", "éclair", "eclair");
        assertThat(names.sorted()).containsExactly("eclair", "zebra", "éclair");
    }

    @Test
    void manyNamesWithCommonBeginningsAreSortedAsByComparison() {
        Random random = new Random(3);
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            var name = new StringBuilder(random.nextBoolean() ? "_ZN2v88internal" : "_ZN4node");
            for (int j = random.nextInt(12); j > 0; j--) {
                name.append((char) ('a' + random.nextInt(3)));
            }
            entries.add(name.toString());
        }
        table(entries.toArray(new String[0]));
        assertThat(names.sorted()).containsExactlyElementsOf(new TreeSet<>(entries));
    }

    @Test
    void endsOfNamesComeBeforeLongerOnes() {
        List<String> entries = new ArrayList<>();
        for (int i = 40; i > 0; i--) {
            entries.add("a".repeat(i));
            entries.add("a".repeat(i));
            entries.add("a".repeat(i) + "b");
        }
        table(entries.toArray(new String[0]));
        assertThat(names.sorted()).containsExactlyElementsOf(new TreeSet<>(entries));
    }

    @Test
    void namesThatTogetherAreTooLongAreRefused() {
        int start = names.take(ByteBuffer.wrap("a".repeat(1 << 20).getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 256; i++) {
            names.add(start);
        }
        assertThatThrownBy(() -> names.add(start)).isInstanceOf(MalformedException.class).hasMessageContaining("names");
    }

    @Test
    void namesAreCopiedAsTheBytesTheyAre() {
        table("é", "ab");
        NameList sorted = names.sorted();
        byte[] copy = new byte[6];
        assertThat(sorted.copy(1, copy, sorted.copy(0, copy, 1))).isEqualTo(5);
        assertThat(new String(copy, StandardCharsets.UTF_8)).isEqualTo("\0abé\0");
        assertThat(sorted.length(1)).isEqualTo(2);
    }

    @Test
    void listsOverTheSameBytesAreJoined() {
        byte[] text = "one two three".getBytes(StandardCharsets.UTF_8);
        SortedNames first = new SortedNames(text);
        first.add(4, 7);
        SortedNames second = new SortedNames(text);
        second.add(8, 13);
        second.add(0, 3);
        NameList other = new SortedNames(new byte[0]).sorted();
        assertThat(NameList.concat(List.of(first.sorted(), second.sorted()))).containsExactly("two", "one", "three");
        assertThat(NameList.concat(List.of())).isEmpty();
        assertThatThrownBy(() -> NameList.concat(List.of(first.sorted(), other))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingGivesNothing() {
        assertThat(names.sorted()).isEmpty();
    }
}
