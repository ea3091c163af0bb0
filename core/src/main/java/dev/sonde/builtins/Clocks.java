package dev.sonde.builtins;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/** The clocks of nsecs(). */
final class Clocks {
    private Clocks() {}

    static Type check(Checking call) {
        if (!call.arguments(0, 1) || call.count() == 0) {
            return Type.UINT64;
        }
        if (call.word(0).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "nsecs() only supports timestamp_mode arguments (" + call.kind(0)
                    + " provided)",
                    "The clocks are boot, monotonic, tai and sw_tai.");
        }
        return clock(call.word(0).get()).isPresent() ? Type.UINT64
                : call.fail(call.span(0), DiagnosticCode.UNKNOWN_NAME, "Invalid timestamp mode: " + call.word(0).get(),
                        "The clocks are boot, monotonic, tai and sw_tai.");
    }

    static Value lower(Lowering call) {
        Clock clock = call.count() == 0 ? Clock.BOOTTIME : clock(call.word(0).orElseThrow()).orElseThrow();
        return new Value.Scalar(call.type(), call.ir().call(switch (clock) {
            case MONOTONIC -> BpfHelper.KTIME_GET_NS;
            case TAI -> BpfHelper.KTIME_GET_TAI_NS;
            case BOOTTIME, REALTIME -> BpfHelper.KTIME_GET_BOOT_NS;
        }));
    }

    private static Optional<Clock> clock(String word) {
        return switch (word) {
            case "boot" -> Optional.of(Clock.BOOTTIME);
            case "monotonic" -> Optional.of(Clock.MONOTONIC);
            case "tai", "sw_tai" -> Optional.of(Clock.TAI);
            default -> Optional.empty();
        };
    }

    /** The clock that a time comes from: of values that are nsecs() with one clock that one, of all others the clock of plain nsecs. */
    static Clock of(List<Expression> origins) {
        Clock found = null;
        for (Expression origin : origins) {
            Clock clock = of(origin);
            found = found == null || found == clock ? clock : Clock.BOOTTIME;
        }
        return found == null ? Clock.BOOTTIME : found;
    }

    /** A difference or sum has the clock of the side that names one. */
    private static Clock of(Expression origin) {
        return switch (origin) {
            case Expression.Call call when call.name().equals("nsecs") && call.arguments().size() == 1
                    && call.arguments().getFirst() instanceof Expression.Argument.Value(Expression.Identifier(_, String word)) ->
                    clock(word).orElse(Clock.BOOTTIME);
            case Expression.Binary sum -> of(sum.left()) == Clock.BOOTTIME ? of(sum.right()) : of(sum.left());
            default -> Clock.BOOTTIME;
        };
    }
}
