package dev.sonde.builtins;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Type;

/** The clocks of nsecs(). */
final class Clocks {
    private Clocks() {}

    static Type check(Checking call) {
        if (call.count() == 0) {
            return Type.UINT64;
        }
        return helper(call) == null
                ? call.fail(call.span(0), DiagnosticCode.BAD_ARGUMENTS, "nsecs() takes boot, monotonic, tai or sw_tai")
                : Type.UINT64;
    }

    static Value lower(Lowering call) {
        return new Value.Scalar(call.type(), call.ir().call(helper(call)));
    }

    private static BpfHelper helper(Checking call) {
        if (call.count() == 0) {
            return BpfHelper.KTIME_GET_BOOT_NS;
        }
        return switch (word(call)) {
            case "boot" -> BpfHelper.KTIME_GET_BOOT_NS;
            case "monotonic" -> BpfHelper.KTIME_GET_NS;
            case "tai", "sw_tai" -> BpfHelper.KTIME_GET_TAI_NS;
            default -> null;
        };
    }

    private static String word(Checking call) {
        return call.argument(0) instanceof Expression.Argument.Value(Expression.Identifier(_, String name)) ? name : "";
    }
}
