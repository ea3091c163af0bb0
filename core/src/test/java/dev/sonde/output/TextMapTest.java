package dev.sonde.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.types.AddressSpace;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Maps as text. Expected texts are bpftrace 0.27.1's for the script above each. */
class TextMapTest {
    private static final String FULL = "|@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n";
    private static final String HALF = "|@@@@@@@@@@@@@@@@@@@@@@@@@@                          |\n";
    private static final String NONE = "|                                                    |\n";
    private static final Type ENUM = new Type.Enumeration("E", 4, false, Map.of(1L, "A", 2L, "B", 3L, "C"));

    private final Trace trace = new Trace();

    private String printed(MapContents map, int top, int div) {
        int before = trace.out.text().length();
        trace.text().map(map, top, div);
        return trace.out.text().substring(before);
    }

    private String printed(MapContents map) {
        return printed(map, 0, 0);
    }

    /** {@code @[1]=count(); @[2]=count(); @[2]=count(); print(@); print(@,1); print(@,0,2);} */
    @Test
    void countsAreOrderedByValue() {
        MapContents map = Trace.aggregated("@", Type.INT64, new Aggregation.Count(), 2, 2, new long[] {1, 1}, 1, new long[] {0, 1});
        assertThat(printed(map)).isEqualTo("@[1]: 1\n@[2]: 2\n");
        assertThat(printed(map, 1, 0)).isEqualTo("@[2]: 2\n");
        assertThat(printed(map, 0, 2)).isEqualTo("@[1]: 0\n@[2]: 1\n");
    }

    /** {@code @i64[1]=(int64)-5; @i64[2]=(int64)4; @i64[3]=(int64)-9; @e[1]=C; @e[2]=A; @e[3]=B;} */
    @Test
    void integersAndEnumsAreOrderedByValue() {
        assertThat(printed(Trace.map("@i64", Type.INT64, Type.INT64, 1, -5, 2, 4, 3, -9))).isEqualTo("@i64[3]: -9\n@i64[1]: -5\n@i64[2]: 4\n");
        assertThat(printed(Trace.map("@e", Type.INT64, ENUM, 1, 3, 2, 1, 3, 2))).isEqualTo("@e[2]: A\n@e[3]: B\n@e[1]: C\n");
        assertThat(printed(Trace.map("@n", Type.INT64, Type.INT8, 5, 1, 2, 9, 7, -3), 2, 0)).isEqualTo("@n[5]: 1\n@n[2]: 9\n");
    }

    /**
     * {@code @b[3]=true; @b[1]=false; @b[2]=true; @s["c"]="a"; @s["a"]="c"; @s["b"]="b"; @t[3,"a"]=(1,2); @t[1,"b"]=(2,2); @t[1,"a"]=(3,3);
     * @t[-1,"a"]=(3,3); @p[1]=(uint64*)50; @p[2]=(uint64*)20;}
     */
    @Test
    void otherValuesAreOrderedByKey() {
        assertThat(printed(Trace.map("@b", Type.INT64, Type.BOOL, 3, true, 1, false, 2, true))).isEqualTo("@b[1]: false\n@b[2]: true\n@b[3]: true\n");
        assertThat(printed(Trace.map("@s", new Type.Text(2), new Type.Text(2), "c", "a", "a", "c", "b", "b")))
                .isEqualTo("@s[a]: c\n@s[b]: b\n@s[c]: a\n");
        var key = new Type.Tuple(List.of(Type.INT8, new Type.Text(2)));
        var pair = new Type.Tuple(List.of(Type.INT64, Type.INT64));
        assertThat(printed(Trace.map("@t", key, pair, List.of(3, "a"), List.of(1, 2), List.of(1, "b"), List.of(2, 2), List.of(1, "a"), List.of(3, 3),
                List.of(-1, "a"), List.of(3, 3)))).isEqualTo("@t[-1, a]: (3, 3)\n@t[1, a]: (3, 3)\n@t[1, b]: (2, 2)\n@t[3, a]: (1, 2)\n");
        var pointer = new Type.Pointer(Type.UINT64, AddressSpace.UNKNOWN);
        assertThat(printed(Trace.map("@p", Type.INT64, pointer, 2, 20, 1, 50))).isEqualTo("@p[1]: 0x32\n@p[2]: 0x14\n");
    }

    /** Equal values follow their keys; the peer leaves them in the kernel's random order. */
    @Test
    void equalValuesAreOrderedByKey() {
        assertThat(printed(Trace.map("@", Type.UINT64, Type.INT64, -1L, 5, 3, 5, 1, 5, 2, 4)))
                .isEqualTo("@[2]: 4\n@[1]: 5\n@[3]: 5\n@[18446744073709551615]: 5\n");
        assertThat(printed(Trace.map("@", new Type.Text(16), Type.INT64, "abcdefghZ", 1, "abcdefghA", 1, "ab", 1)))
                .isEqualTo("@[ab]: 1\n@[abcdefghA]: 1\n@[abcdefghZ]: 1\n");
    }

    /** {@code @a=avg(5); @s=stats(5); @s=stats(6); @av[1]=avg(-5); @av[2]=avg(3); @av[3]=avg(-9); @k[1,"x"]=stats(5);} */
    @Test
    void averagesAndStatsFitOnALine() {
        assertThat(printed(Trace.aggregated("@a", new Aggregation.Avg(true), new long[] {5, 1}, null))).isEqualTo("@a: 5\n");
        assertThat(printed(Trace.aggregated("@s", new Aggregation.Stats(true), new long[] {5, 1}, new long[] {6, 1})))
                .isEqualTo("@s: { .count = 2, .average = 5, .total = 11 }\n");
        assertThat(printed(Trace.aggregated("@av", Type.INT8, new Aggregation.Avg(true), 1, 1, new long[] {-5, 1}, 2, new long[] {3, 1}, 3,
                new long[] {-9, 1}))).isEqualTo("@av[3]: -9\n@av[1]: -5\n@av[2]: 3\n");
        var key = new Type.Tuple(List.of(Type.INT8, new Type.Text(2)));
        assertThat(printed(Trace.aggregated("@k", key, new Aggregation.Stats(true), 1, List.of(1, "x"), new long[] {5, 1})))
                .isEqualTo("@k[1, x]: { .count = 1, .average = 5, .total = 5 }\n");
    }

    /** {@code @s[1]=stats(10); print(@s,0,2); @s2[1]=sum(-10); print(@s2,0,3); @m[1]=max(10); @m[2]=max(4); print(@m,1,2); @t[1]=(10,"a"); …} */
    @Test
    void divisorsDivideWhatIsANumber() {
        assertThat(printed(Trace.aggregated("@s", Type.INT8, new Aggregation.Stats(true), 1, 1, new long[] {10, 1}), 0, 2))
                .isEqualTo("@s[1]: { .count = 1, .average = 5, .total = 10 }\n");
        assertThat(printed(Trace.aggregated("@s2", Type.INT8, new Aggregation.Sum(true), 1, 1, new long[] {-10}), 0, 3)).isEqualTo("@s2[1]: -3\n");
        assertThat(printed(Trace.aggregated("@m", Type.INT8,
                new Aggregation.Max(true), 2, 1, new long[] {10, 1, 0, 0}, 2, new long[] {0, 0, 4, 1}), 1, 2))
                .isEqualTo("@m[1]: 5\n");
        assertThat(printed(Trace.map("@t", Type.INT8, new Type.Tuple(List.of(Type.INT8, new Type.Text(2))), 1, List.of(10, "a")), 0, 3))
                .isEqualTo("@t[1]: (3, a)\n");
        assertThat(printed(Trace.map("@i8", Type.INT8, Type.INT8, 1, 100), 0, 300)).isEqualTo("@i8[1]: 0\n");
    }

    @Test
    void leastAndGreatestValuesComeFromTheCpusThatHaveOne() {
        assertThat(printed(Trace.aggregated("@mn", Type.INT8, new Aggregation.Min(true), 2, 1, new long[] {0, 0, -5, 1}, 2, new long[] {7, 1, 3, 1})))
                .isEqualTo("@mn[1]: -5\n@mn[2]: 3\n");
        assertThat(printed(Trace.aggregated("@mx", new Aggregation.Max(false), new long[] {-1, 1}, new long[] {5, 1})))
                .isEqualTo("@mx: 18446744073709551615\n");
    }

    /** {@code @k=hist(1,2); @k=hist(5,2); @k=hist(8,2); @k=hist(9,2); @k=hist(10,2);} */
    @Test
    void histogramsOfSeveralBitsShowEveryPart() {
        var aggregation = new Aggregation.Hist(2);
        assertThat(printed(Trace.aggregated("@k", aggregation, Trace.hist(aggregation, 1, 5, 8, 9, 10)))).isEqualTo("@k:\n"
                + "[1]                    1 " + HALF + "[2]                    0 " + NONE + "[3]                    0 " + NONE
                + "[4]                    0 " + NONE + "[5]                    1 " + HALF + "[6]                    0 " + NONE
                + "[7]                    0 " + NONE + "[8, 10)                2 " + FULL + "[10, 12)               1 " + HALF + "\n");
        assertThat(printed(Trace.aggregated("@k", aggregation, Trace.hist(aggregation, 1023, 1024, 3600, 4096, 20000))))
                .contains("[896, 1024)            1 |").contains("[1024, 1280)           1 |").contains("[3584, 4K)             1 |")
                .contains("[4K, 5K)               1 |").contains("[16K, 20K)             1 |");
    }

    /** {@code @[5]=hist(1); @[5]=hist(1); @[7]=hist(-1); @[7]=hist(2); @[7]=hist(0); @[1]=hist(0);} */
    @Test
    void keyedHistogramsAreOrderedByTheirTotals() {
        var aggregation = new Aggregation.Hist(0);
        MapContents map = Trace.aggregated("@", Type.INT8, aggregation, 1, 7, Trace.hist(aggregation, -1, 2, 0), 5, Trace.hist(aggregation, 1, 1), 1,
                Trace.hist(aggregation, 0));
        assertThat(printed(map)).isEqualTo("@[1]:\n[0]                    1 " + FULL + "\n@[5]:\n[1]                    2 " + FULL + "\n@[7]:\n"
                + "(..., 0)               1 " + FULL + "[0]                    1 " + FULL + "[1]                    0 " + NONE
                + "[2, 4)                 1 " + FULL + "\n");
        assertThat(printed(map, 1, 2)).isEqualTo("@[7]:\n(..., 0)               0 " + NONE + "[0]                    0 " + NONE
                + "[1]                    0 " + NONE + "[2, 4)                 0 " + NONE + "\n");
    }

    /** {@code @q=hist(9223372036854775807);} */
    @Test
    void theLastBucketEndsAtEightExbi() {
        var aggregation = new Aggregation.Hist(0);
        assertThat(printed(Trace.aggregated("@q", aggregation, Trace.hist(aggregation, Long.MAX_VALUE))))
                .isEqualTo("@q:\n[4E, 8E)               1 " + FULL + "\n");
    }

    /** {@code @w=lhist(5,0,10,3); @w=lhist(9,0,10,3); @w=lhist(10,0,10,3); @w=lhist(11,0,10,3); @w=lhist(8,0,10,3); @[7]=lhist(-1,0,100,10); …} */
    @Test
    void linearHistogramsShowOpenEnds() {
        var odd = new Aggregation.Lhist(0, 10, 3);
        long[] words = {0, 0, 1, 1, 3};
        assertThat(printed(Trace.aggregated("@w", odd, words)))
                .isEqualTo("@w:\n[3, 6)                 1 |@@@@@@@@@@@@@@@@@                                   |\n"
                + "[6, 9)                 1 |@@@@@@@@@@@@@@@@@                                   |\n[9, ...)               3 " + FULL + "\n");
        var tens = new Aggregation.Lhist(0, 100, 10);
        assertThat(printed(Trace.aggregated("@", Type.INT8, tens, 1, 5, Trace.hist(tens, 1), 7, Trace.hist(tens, -1), 8, Trace.hist(tens, 100, 101))))
                .isEqualTo("@[5]:\n[0, 10)                1 " + FULL +
                        "\n@[7]:\n(..., 0)               1 " + FULL + "\n@[8]:\n[100, ...)             2 " + FULL + "\n");
        var units = new Aggregation.Lhist(0, 10, 1);
        assertThat(printed(Trace.aggregated("@", units, Trace.hist(units, 3)))).isEqualTo("@:\n[3]                    1 " + FULL + "\n");
    }

    /** {@code @z=lhist(1048577,0,4194304,524288); @z=lhist(2500000,…); @z=lhist(1500,…); @y=lhist(1048577,100,4194404,524288);} */
    @Test
    void linearHistogramsOfWholeKibibytesAbbreviate() {
        var binary = new Aggregation.Lhist(0, 4194304, 524288);
        assertThat(printed(Trace.aggregated("@z", binary, Trace.hist(binary, 1048577, 2500000, 1500)))).isEqualTo("@z:\n"
                + "[0, 512K)              1 " + FULL + "[512K, 1M)             0 " + NONE + "[1M, 1536K)            1 " + FULL
                + "[1536K, 2M)            0 " + NONE + "[2M, 2560K)            1 " + FULL + "\n");
        var shifted = new Aggregation.Lhist(100, 4194404, 524288);
        assertThat(printed(Trace.aggregated("@y", shifted, Trace.hist(shifted, 1048577))))
                .isEqualTo("@y:\n[524388, 1048676)       1 " + FULL + "\n");
    }

    /** {@code if (nsecs == 0) { @x=1; @y[1]=2; @h=hist(1); @s="a"; @ts=stats(1); @t=(1,"a"); } print(…);} */
    @Test
    void mapsThatWereNeverAssignedShowTheirZeroWhenPrinted() {
        assertThat(printed(Trace.single("@x", Type.INT64, null))).isEqualTo("@x: 0\n");
        assertThat(printed(Trace.single("@s", new Type.Text(2), null))).isEqualTo("@s: \n");
        assertThat(printed(Trace.single("@t", new Type.Tuple(List.of(Type.INT8, new Type.Text(2))), null))).isEqualTo("@t: (0, )\n");
        assertThat(printed(Trace.aggregated("@ts", new Aggregation.Stats(true), null, null)))
                .isEqualTo("@ts: { .count = 0, .average = 0, .total = 0 }\n");
        assertThat(printed(Trace.aggregated("@h", new Aggregation.Hist(0), (long[]) null))).isEmpty();
        assertThat(printed(Trace.map("@y", Type.INT64, Type.INT64))).isEmpty();
    }

    /** {@code @h=hist(1); @l[1]=lhist(1,0,10,1); zero(@h); zero(@l);} */
    @Test
    void zeroedHistogramsHaveNoRows() {
        assertThat(printed(Trace.aggregated("@h", new Aggregation.Hist(0), new long[65]))).isEqualTo("@h:\n\n");
        assertThat(printed(Trace.aggregated("@l", Type.INT8, new Aggregation.Lhist(0, 10, 1), 1, 1, new long[12]))).isEqualTo("@l[1]:\n\n");
    }

    /** {@code @x=1; @y[1]=2; @z[1,"a"]=3; @["x\ny"]="p\nq"; @e=""; @k[""]=1; @p["(x)"]=1;} */
    @Test
    void theEndPrintsMapsByNameAfterTwoEmptyLines() {
        var key = new Type.Tuple(List.of(Type.INT8, new Type.Text(2)));
        trace.text().end(List.of(
                Trace.map("@z", key, Type.INT8, List.of(1, "a"), 3),
                Trace.map("@y", Type.INT8, Type.INT8, 1, 2),
                Trace.map("@unset", Type.INT8, Type.INT8),
                Trace.single("@never", Type.INT8, null),
                Trace.map("@p", new Type.Text(4), Type.INT8, "(x)", 1),
                Trace.map("@k", new Type.Text(1), Type.INT8, "", 1),
                Trace.single("@e", new Type.Text(2), ""),
                Trace.map("@", new Type.Text(4), new Type.Text(4), "x\ny", "p\nq"),
                Trace.single("@x", Type.INT8, 1)));
        assertThat(trace.out.text()).isEqualTo("\n\n@[x\ny]: p\nq\n@e: \n@k[]: 1\n@p[x]: 1\n@x: 1\n@y[1]: 2\n@z[1, a]: 3\n");
    }

    @Test
    void aHundredThousandEntriesComeInOrder() {
        var entries = new Object[200_000];
        for (int i = 0; i < 100_000; i++) {
            entries[2 * i] = i * 7919L % 100_000;
            entries[2 * i + 1] = i * 31L % 1000;
        }
        String[] lines = printed(Trace.map("@", Type.UINT32, Type.UINT64, entries)).split("\n");
        assertThat(lines).hasSize(100_000);
        long before = -1;
        for (String line : lines) {
            long key = Long.parseLong(line.substring(2, line.indexOf(']')));
            long place = Long.parseLong(line.substring(line.indexOf(": ") + 2)) * 100_000 + key;
            assertThat(place).isGreaterThan(before);
            before = place;
        }
    }
}
