package dev.sonde.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Maps as JSON. Expected texts are bpftrace 0.27.1's for the script above each. */
class JsonMapTest {
    private final Trace trace = new Trace();

    private String printed(MapContents map) {
        int before = trace.out.text().length();
        trace.json().map(map, 0, 0);
        return trace.out.text().substring(before);
    }

    /** {@code @[1]=count(); @[2]=count(); @[2]=count(); @a=9007199254740993; @f[1,"a b",(2,3)]=(a=1,b="x"); @str["a"]="x";} */
    @Test
    void entriesAreMembersOfAnObject() {
        assertThat(printed(Trace.aggregated("@", Type.INT8, new Aggregation.Count(), 1, 2, new long[] {2}, 1, new long[] {1})))
                .isEqualTo("{\"type\": \"map\", \"data\": {\"@\": {\"1\": 1, \"2\": 2}}}\n");
        assertThat(printed(Trace.single("@a", Type.INT64, 9007199254740993L)))
                .isEqualTo("{\"type\": \"map\", \"data\": {\"@a\": \"9007199254740993\"}}\n");
        var key = new Type.Tuple(List.of(Type.INT8, new Type.Text(4), new Type.Tuple(List.of(Type.INT8, Type.INT8))));
        var record = new Type.Named(List.of("a", "b"), List.of(Type.INT8, new Type.Text(2)));
        assertThat(printed(Trace.map("@f", key, record, List.of(1, "a b", List.of(2, 3)), List.of(1, "x"))))
                .isEqualTo("{\"type\": \"map\", \"data\": {\"@f\": {\"1,ab,(2,3)\": {\"a\": 1, \"b\": \"x\"}}}}\n");
        assertThat(printed(Trace.map("@g", new Type.Named(List.of("a", "b"), List.of(Type.INT8, Type.INT8)), Type.INT8, List.of(1, 2), 3)))
                .isEqualTo("{\"type\": \"map\", \"data\": {\"@g\": {\"{.a=1,.b=2}\": 3}}}\n");
    }

    /** {@code @a=avg(5); @s=stats(5); @s=stats(6); @k[1,"x"]=stats(5); @ka[1]=avg(3);} */
    @Test
    void averagesAreStats() {
        assertThat(printed(Trace.aggregated("@a", new Aggregation.Avg(true), new long[] {5, 1})))
                .isEqualTo("{\"type\": \"stats\", \"data\": {\"@a\": 5}}\n");
        assertThat(printed(Trace.aggregated("@s", new Aggregation.Stats(true), new long[] {5, 1}, new long[] {6, 1})))
                .isEqualTo("{\"type\": \"stats\", \"data\": {\"@s\": {\"count\": 2, \"average\": 5, \"total\": 11}}}\n");
        var key = new Type.Tuple(List.of(Type.INT8, new Type.Text(2)));
        assertThat(printed(Trace.aggregated("@k", key, new Aggregation.Stats(true), 1, List.of(1, "x"), new long[] {5, 1})))
                .isEqualTo("{\"type\": \"stats\", \"data\": {\"@k\": {\"1,x\": {\"count\": 1, \"average\": 5, \"total\": 5}}}}\n");
        assertThat(printed(Trace.aggregated("@ka", Type.INT8, new Aggregation.Avg(true), 1, 1, new long[] {3, 1})))
                .isEqualTo("{\"type\": \"stats\", \"data\": {\"@ka\": {\"1\": 3}}}\n");
    }

    /** {@code @h[1]=hist(5); @[7]=hist(-1); @[7]=hist(2); @q=hist(9223372036854775807); @w=lhist(5,0,10,3); @w=lhist(9,0,10,3);} */
    @Test
    void histogramsAreListsOfClosedIntervals() {
        var hist = new Aggregation.Hist(0);
        assertThat(printed(Trace.aggregated("@h", Type.INT8, hist, 1, 1, Trace.hist(hist, 5))))
                .isEqualTo("{\"type\": \"hist\", \"data\": {\"@h\": {\"1\": [{\"min\": 4, \"max\": 7, \"count\": 1}]}}}\n");
        assertThat(printed(Trace.aggregated("@", hist, Trace.hist(hist, -1, 2))))
                .isEqualTo("{\"type\": \"hist\", \"data\": {\"@\": [{\"max\": -1, \"count\": 1},"
                + "{\"min\": 0, \"max\": 0, \"count\": 0},{\"min\": 1, \"max\": 1, \"count\": 0},{\"min\": 2, \"max\": 3, \"count\": 1}]}}\n");
        assertThat(printed(Trace.aggregated("@q", hist, Trace.hist(hist, Long.MAX_VALUE)))).isEqualTo(
                "{\"type\": \"hist\", \"data\": {\"@q\": [{\"min\": 4611686018427387904, \"max\": \"9223372036854775807\", \"count\": 1}]}}\n");
        var linear = new Aggregation.Lhist(0, 10, 3);
        assertThat(printed(Trace.aggregated("@w", linear, new long[] {0, 0, 1, 1, 3}))).isEqualTo("{\"type\": \"hist\", \"data\": {\"@w\": "
                + "[{\"min\": 3, \"max\": 5, \"count\": 1},{\"min\": 6, \"max\": 8, \"count\": 1},{\"min\": 9, \"count\": 3}]}}\n");
        assertThat(printed(Trace.aggregated("@z", hist, new long[65]))).isEqualTo("{\"type\": \"hist\", \"data\": {\"@z\": []}}\n");
    }

    /** {@code if (nsecs == 0) { @x=1; @y[1]=2; @h=hist(1); @a=avg(1); @ka[1]=avg(1); } print(@x); print(@y); print(@h); exit();} */
    @Test
    void emptyMapsAreLeftOutExceptStats() {
        assertThat(printed(Trace.single("@x", Type.INT64, null))).isEqualTo("{\"type\": \"map\", \"data\": {\"@x\": 0}}\n");
        assertThat(printed(Trace.map("@y", Type.INT64, Type.INT64))).isEmpty();
        MapContents hist = Trace.aggregated("@h", new Aggregation.Hist(0), (long[]) null);
        assertThat(printed(hist)).isEmpty();
        int before = trace.out.text().length();
        trace.json().end(List.of(Trace.aggregated("@ka", Type.INT8, new Aggregation.Avg(true), 1), hist,
                Trace.aggregated("@a", new Aggregation.Avg(true), (long[]) null), Trace.single("@x", Type.INT64, null)));
        assertThat(trace.out.text().substring(before))
                .isEqualTo("{\"type\": \"stats\", \"data\": {\"@a\": {}}}\n{\"type\": \"stats\", \"data\": {\"@ka\": {}}}\n");
    }

    /** The peer writes bytes outside ASCII as {@code \ uffffffc3}; here they stay UTF-8. */
    @Test
    void stringsAreUtf8AndEscaped() {
        assertThat(printed(Trace.map("@s", new Type.Text(8), new Type.Text(16), "é", "\"\\\n\r\t\u0001\u001f\u007f日")))
                .isEqualTo("{\"type\": \"map\", \"data\": {\"@s\": {\"é\": \"\\\"\\\\\\n\\r\\t\\u0001\\u001f\u007f日\"}}}\n");
        byte[] broken = {'a', (byte) 0xc3, 'b', (byte) 0xff, (byte) 0xe6, (byte) 0x97, 0, 0};
        assertThat(trace.jsonValue(new Type.Text(8), broken)).isEqualTo("{\"type\": \"value\", \"data\": \"a\\ufffdb\\ufffd\\ufffd\\ufffd\"}\n");
    }
}
