package dev.sonde.output;

import dev.sonde.types.Aggregation;

/** Writes the aggregations that fit on a line. */
final class AggregateText {
    private AggregateText() {}

    static void write(TextBuffer out, Totals totals, long divisor) {
        boolean signed = totals.aggregation.signed();
        long shown = Totals.divide(totals.number(), divisor, signed);
        if (totals.aggregation instanceof Aggregation.Stats) {
            number(out.put("{ .count = "), totals.words()[1], false);
            number(out.put(", .average = "), shown, signed);
            number(out.put(", .total = "), totals.words()[0], signed);
            out.put(" }");
        } else {
            number(out, shown, signed);
        }
    }

    static void number(TextBuffer out, long value, boolean signed) {
        if (signed) {
            out.decimal(value);
        } else {
            out.unsigned(value);
        }
    }
}
