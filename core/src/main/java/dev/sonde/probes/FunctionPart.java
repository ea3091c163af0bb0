package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Script;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The part of an attach point that says where in a binary or in the kernel: {@code FUNCTION}, {@code FUNCTION+OFFSET} or {@code ADDRESS}.
 *
 * @param name the function or a pattern; empty with an address
 * @param demangled whether the name is as C++ writes it
 * @param offset bytes from the function's start
 * @param address the address, when it is one
 */
record FunctionPart(String name, boolean demangled, long offset, OptionalLong address) {
    /** Reads a part; empty after a mistake, which an offset of a return probe is too. */
    static Optional<FunctionPart> parse(ProbeKind kind, Script.AttachPoint point, String text, boolean demangled, Binding binding) {
        if (!demangled && Character.isDigit(text.charAt(0))) {
            OptionalLong address = Quantity.number(text);
            if (address.isEmpty()) {
                return mistake(point, binding, "Invalid address: " + text);
            }
            return Optional.of(new FunctionPart("", false, 0, address));
        }
        int plus = text.lastIndexOf('+');
        boolean offset = plus > 0 && plus + 1 < text.length() && Character.isDigit(text.charAt(plus + 1));
        if (!offset && plus > 0 && plus == text.length() - 1 && !text.endsWith("operator+") && !text.endsWith("operator++")) {
            return mistake(point, binding, "Invalid offset");
        }
        if (!offset) {
            return Optional.of(new FunctionPart(text, demangled, 0, OptionalLong.empty()));
        }
        OptionalLong bytes = Quantity.number(text.substring(plus + 1));
        boolean onReturn = kind instanceof UprobeKind(boolean user) && user || kind instanceof KprobeKind(boolean kernel) && kernel;
        if (bytes.isEmpty() || bytes.getAsLong() < 0 || onReturn) {
            return mistake(point, binding, onReturn ? "Offset not allowed" : "Invalid offset");
        }
        return Optional.of(new FunctionPart(text.substring(0, plus), demangled, bytes.getAsLong(), OptionalLong.empty()));
    }

    private static Optional<FunctionPart> mistake(Script.AttachPoint point, Binding binding, String message) {
        binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, message);
        return Optional.empty();
    }

    /** Whether it means the first instruction of functions. */
    boolean atStart() {
        return offset == 0 && address.isEmpty();
    }

    boolean wildcard() {
        return name.indexOf('*') >= 0;
    }

    /** The part as {@code probe} shows it for a function found by it. */
    String text(String function) {
        String shown = demangled && !wildcard() ? "cpp:" + name : function;
        return offset == 0 ? shown : shown + "+" + offset;
    }
}
