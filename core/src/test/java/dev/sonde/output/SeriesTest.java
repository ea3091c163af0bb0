package dev.sonde.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Aggregation.Tseries.Function;
import dev.sonde.types.Type;
import java.util.Arrays;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time series. Expected texts are bpftrace 0.27.1's for the script above each, in UTC. */
class SeriesTest {
    /** 2026-11-22 03:20:26.900 in tenths of a second. */
    private static final long TENTHS = 17_953_176_269L;

    private final Trace trace = new Trace();
    private final TimeZone before = TimeZone.getDefault();

    @BeforeEach
    void useUtc() {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(before);
    }

    private static long[] words(int buckets, long... triples) {
        return Arrays.copyOf(triples, 3 * buckets);
    }

    /** {@code @ts=(uint64)1000000000; @x = tseries(5, 100ms, 6);} with BPFTRACE_DUMMY_TS_MAP=@ts */
    @Test
    void oneValueHasRoomOnBothSides() {
        MapContents map = Trace.aggregated("@x", new Aggregation.Tseries(100_000_000, 6, Function.NONE, true), words(6, 10, 5, 1));
        trace.text().map(map, 0, 0);
        assertThat(trace.out.text()).isEqualTo("""
                @x:
                                   4                                                   6
                hh:mm:ss.ns        |___________________________________________________|
                00:00:01.000000000 |                         *                         | 5
                                   v___________________________________________________v
                                   4                                                   6

                """);
        trace.json().map(map, 0, 0);
        assertThat(trace.out.text()).endsWith(
                "{\"type\": \"tseries\", \"data\": {\"@x\": [{\"interval_start\":\"1970-01-01 00:00:01.000000000\",\"value\":5}]}}\n");
    }

    /** {@code i:ms:100 { @c += 1; @x = tseries(@c * 3 - 10, 100ms, 8, "sum"); if (@c == 9) { exit() } }} The ring has lost the first value. */
    @Test
    void valuesOnBothSidesOfZeroShowTheZeroLine() {
        var words = new long[24];
        for (int c = 1; c <= 9; c++) {
            long epoch = TENTHS + c - 2;
            int slot = (int) (epoch % 8) * 3;
            words[slot] = epoch;
            words[slot + 1] = c * 3 - 10;
            words[slot + 2] = 1;
        }
        trace.text().map(Trace.aggregated("@x", new Aggregation.Tseries(100_000_000, 8, Function.SUM, true), words), 0, 0);
        assertThat(trace.out.text()).isEqualTo("""
                @x:
                             -4                                                 17
                hh:mm:ss.ms  |___________________________________________________|
                03:20:26.900 *         .                                         | -4
                03:20:27.000 |      *  .                                         | -1
                03:20:27.100 |         .   *                                     | 2
                03:20:27.200 |         .           *                             | 5
                03:20:27.300 |         .                  *                      | 8
                03:20:27.400 |         .                          *              | 11
                03:20:27.500 |         .                                 *       | 14
                03:20:27.600 |         .                                         * 17
                             v___________________________________________________v
                             -4                                                 17

                """);
    }

    /** {@code @z[@c % 2] = tseries(@c, 200ms, 4, "avg");} Both keys end at the latest interval of the map. */
    @Test
    void gapsAreDashesAndAveragesAreTakenOverAllCpus() {
        long fifths = TENTHS / 2 + 1;
        long[] odd = {fifths, 3, 1, fifths + 1, 5, 1, fifths + 2, 7, 1, fifths + 3, 20, 2, fifths, 3, 1, 0, 0, 0, 0, 0, 0, fifths + 3, 7, 1};
        long[] even = {fifths, 4, 1, fifths + 1, 6, 1, fifths + 2, 8, 1, fifths - 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        var aggregation = new Aggregation.Tseries(200_000_000, 4, Function.AVG, true);
        MapContents map = Trace.aggregated("@z", Type.INT64, aggregation, 2, 1, odd, 0, even);
        trace.text().map(map, 1, 0);
        assertThat(trace.out.text()).isEqualTo("""
                @z[0]:
                             4                                                   8
                hh:mm:ss.ms  |___________________________________________________|
                03:20:27.000 *                                                   | 4
                03:20:27.200 |                         *                         | 6
                03:20:27.400 |                                                   * 8
                03:20:27.600 |                                                   | -
                             v___________________________________________________v
                             4                                                   8

                @z[1]:
                             3                                                   9
                hh:mm:ss.ms  |___________________________________________________|
                03:20:27.000 *                                                   | 3
                03:20:27.200 |                *                                  | 5
                03:20:27.400 |                                 *                 | 7
                03:20:27.600 |                                                   * 9
                             v___________________________________________________v
                             3                                                   9

                """);
    }

    /** {@code @y[1] = tseries(1, 1s, 6);} */
    @Test
    void wholeSecondsHaveNoFraction() {
        long second = TENTHS / 10;
        MapContents map = Trace.aggregated("@y", Type.INT8, new Aggregation.Tseries(1_000_000_000, 6, Function.NONE, true), 1, 1,
                words(6, second, 1, 1, second + 1, 1, 1));
        trace.text().map(map, 0, 0);
        assertThat(trace.out.text()).isEqualTo("""
                @y[1]:
                         0                                                   2
                hh:mm:ss |___________________________________________________|
                03:20:26 |                         *                         | 1
                03:20:27 |                         *                         | 1
                         v___________________________________________________v
                         0                                                   2

                """);
    }

    @Test
    void aSeriesWithoutValuesSaysSo() {
        MapContents map = Trace.aggregated("@y", Type.INT8, new Aggregation.Tseries(1_000_000_000, 2, Function.MAX, false), 1, 1, new long[6]);
        trace.text().map(map, 0, 0);
        assertThat(trace.out.text()).isEqualTo("@y[1]:\n<no data>\n");
    }
}
