package dev.sonde.builtins;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;

/** What a value is when it is read. */
final class Values {
    private Values() {}

    /** The type that reading a value of {@code type} gives: an aggregation gives its integer. */
    static Type read(Type type) {
        return type instanceof Type.Aggregate(Aggregation aggregation) ? switch (aggregation) {
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _, Aggregation.Avg _, Aggregation.Stats _ ->
                    new Type.Int(8, aggregation.signed());
            case Aggregation.Hist _, Aggregation.Lhist _, Aggregation.Tseries _ -> Type.NONE;
        } : type;
    }
}
