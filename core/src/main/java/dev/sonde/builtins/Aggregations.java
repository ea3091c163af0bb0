package dev.sonde.builtins;

import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;
import java.util.function.Function;

/** The aggregations: functions whose result only a map can hold. */
final class Aggregations {
    static final List<String> NAMES = List.of("count", "sum", "min", "max", "avg", "stats", "hist", "lhist", "tseries");
    private static final int MOST_BUCKETS = 1000;
    /** bpftrace takes this one, although it says that the number has to be below it. */
    private static final int MOST_INTERVALS = 1_000_000;
    private static final List<String> LHIST = List.of("min", "max", "step");
    private static final List<String> TSERIES = List.of("interval_ns", "num_intervals");

    private Aggregations() {}

    static Builtin of(String name) {
        return switch (name) {
            case "count" -> Entry.aggregation("count", "@x = count()").doc("Counts how often it is called.").example("begin { @ = count(); exit() }")
                    .check(c -> c.arguments(0, 0) ? new Type.Aggregate(new Aggregation.Count()) : Type.NONE).lower(_ -> new Value.Nothing(Type.NONE));
            case "sum" -> simple("sum", "The sum of the values.", Aggregation.Sum::new);
            case "min" -> simple("min", "The least of the values.", Aggregation.Min::new);
            case "max" -> simple("max", "The greatest of the values.", Aggregation.Max::new);
            case "avg" -> simple("avg", "The average of the values.", Aggregation.Avg::new);
            case "stats" -> simple("stats", "Count, average and total of the values.", Aggregation.Stats::new);
            case "hist" -> Entry.aggregation("hist", "@x = hist(n [, bits])")
                    .doc("A histogram by powers of two; bits (0 to 5) divides each power in 2^bits parts.").example("begin { @ = hist(100); exit() }")
                    .check(Aggregations::hist).lower(Aggregations::first);
            case "lhist" -> Entry.aggregation("lhist", "@x = lhist(n, min, max, step)").doc("A histogram with steps of one size, at most 1000.")
                    .example("begin { @ = lhist(5, 0, 10, 2); exit() }").check(Aggregations::lhist).lower(Aggregations::first);
            case "tseries" -> Entry.aggregation("tseries", "@x = tseries(n, interval, buckets [, \"avg|max|min|sum\"])")
                    .doc("The values over time: the last buckets intervals.").example("begin { @ = tseries(5, 1s, 5); exit() }")
                    .check(Aggregations::tseries).lower(Aggregations::first);
            default -> null;
        };
    }

    private static Builtin simple(String name, String doc, Function<Boolean, Aggregation> make) {
        return Entry.aggregation(name, "@x = " + name + "(n)").doc(doc).example("begin { @ = " + name + "(5); exit() }")
                .check(c -> c.arguments(1, 1) && number(c) ? new Type.Aggregate(make.apply(signed(c))) : Type.NONE).lower(Aggregations::first);
    }

    private static boolean signed(Checking call) {
        return Values.read(call.type(0)).isSigned();
    }

    private static Value first(Lowering call) {
        return new Value.Scalar(Type.INT64, call.scalar(0));
    }

    private static boolean number(Checking call) {
        Type type = Values.read(call.type(0));
        if (call.type(0) == Type.NONE) {
            return false;
        }
        if (!type.isInteger() && !(type instanceof Type.Pointer)) {
            boolean simple = List.of("hist", "lhist", "tseries").indexOf(call.name()) < 0;
            call.report(call.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + (simple ? "() only supports integer arguments ("
                    + TypeText.of(call.type(0))
                    : "() only supports int arguments (" + call.kind(0)) + " provided)");
            return false;
        }
        return true;
    }

    private static Type hist(Checking call) {
        if (!call.arguments(1, 2) || !number(call)) {
            return Type.NONE;
        }
        long bits = 0;
        if (call.count() == 2) {
            if (call.constant(1).isEmpty()) {
                return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "hist: invalid bits value, need integer literal");
            }
            bits = call.constant(1).getAsLong();
            if (bits < 0 || bits > 5) {
                return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "hist: bits " + bits + " must be 0..5");
            }
        }
        return new Type.Aggregate(new Aggregation.Hist((int) bits));
    }

    private static Type lhist(Checking call) {
        if (!call.arguments(4, 4) || !number(call)) {
            return Type.NONE;
        }
        for (int i = 1; i < 4; i++) {
            if (call.constant(i).isEmpty()) {
                return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "lhist: invalid " + LHIST.get(i - 1)
                        + (i < 3 ? " value (must be non-negative literal)" : " value"));
            }
        }
        long min = call.constant(1).getAsLong();
        long max = call.constant(2).getAsLong();
        long step = call.constant(3).getAsLong();
        if (step <= 0) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "lhist() step must be >= 1 (" + step + " provided)");
        }
        if (max < min) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "lhist() min must be less than max (provided min " + min + " and max " + max
                    + ")");
        }
        if ((max - min) / step > MOST_BUCKETS) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "lhist() too many buckets, must be <= 1000 (would need " + (max - min) / step
                    + ")");
        }
        if (max - min < step) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "lhist() step is too large for the given range (provided step " + step
                    + " for range "
                    + (max - min) + ")");
        }
        return new Type.Aggregate(new Aggregation.Lhist(min, max, step));
    }

    private static Type tseries(Checking call) {
        if (!call.arguments(3, 4) || !number(call)) {
            return Type.NONE;
        }
        for (int i = 1; i < 3; i++) {
            if (call.constant(i).isEmpty() || call.constant(i).getAsLong() < 0) {
                return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "tseries: invalid " + TSERIES.get(i - 1)
                        + " value (must be non-negative literal)");
            }
            if (call.constant(i).getAsLong() == 0) {
                return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "tseries() " + TSERIES.get(i - 1) + " must be >= 1 (0 provided)");
            }
        }
        long interval = call.constant(1).getAsLong();
        long buckets = call.constant(2).getAsLong();
        if (buckets > MOST_INTERVALS) {
            return call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "tseries() num_intervals must be < 1000000 (" + buckets + " provided)");
        }
        String function = call.count() == 4 ? call.text(3).orElse("?") : "none";
        for (Aggregation.Tseries.Function known : Aggregation.Tseries.Function.values()) {
            if (known.name().equalsIgnoreCase(function)) {
                return new Type.Aggregate(new Aggregation.Tseries(interval, (int) buckets, known, signed(call)));
            }
        }
        return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS,
                "tseries() expects one of the following aggregation functions: avg, max, min, sum (\""
                + function + "\" provided)");
    }
}
