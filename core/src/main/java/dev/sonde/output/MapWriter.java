package dev.sonde.output;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the text and the JSON form of a map have in common: which entries, in which order. */
final class MapWriter {
    private MapWriter() {}

    /** The entries to print, in order: all, or the {@code top} last ones. A tseries has no top. */
    static int[] entries(MapContents contents, int top) {
        int[] order = EntryOrder.of(contents);
        boolean all = top <= 0 || order.length <= top || isSeries(contents);
        return all ? order : Arrays.copyOfRange(order, order.length - top, order.length);
    }

    /** Maps by name. */
    static List<MapContents> sorted(List<MapContents> maps) {
        var sorted = new ArrayList<>(maps);
        sorted.sort((a, b) -> a.view().name().compareTo(b.view().name()));
        return sorted;
    }

    static boolean isHistogram(MapContents contents) {
        return contents.view().value() instanceof Type.Aggregate(Aggregation.Hist _)
                || contents.view().value() instanceof Type.Aggregate(Aggregation.Lhist _);
    }

    static boolean isSeries(MapContents contents) {
        return contents.view().value() instanceof Type.Aggregate(Aggregation.Tseries _);
    }

    /** Whether values are averages or stats, which JSON calls {@code stats}. */
    static boolean isStats(MapContents contents) {
        return contents.view().value() instanceof Type.Aggregate(Aggregation.Avg _)
                || contents.view().value() instanceof Type.Aggregate(Aggregation.Stats _);
    }

    /** Whether a {@code print} of the map shows its zero when it was never assigned. */
    static boolean showsZero(MapContents contents) {
        return !contents.keyed() && !isHistogram(contents) && !isSeries(contents);
    }

    /** Room for one merged aggregation; null for a map of plain values. */
    static Totals totals(MapContents contents) {
        return contents.view().value() instanceof Type.Aggregate(Aggregation aggregation) ? new Totals(aggregation) : null;
    }

    /** The epoch of the latest value in a tseries map; 0 for other maps. */
    static long lastEpoch(MapContents contents, Totals totals) {
        long last = 0;
        for (int i = 0; isSeries(contents) && i < contents.count(); i++) {
            last = Math.max(last, Series.lastEpoch(contents.totals(i, totals)));
        }
        return last;
    }
}
