package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Script;
import dev.sonde.target.Binary;
import dev.sonde.target.DebugInformation;
import dev.sonde.types.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An attach point at a source line: {@code uprobe:BINARY@FILE:LINE[:COLUMN]}.
 *
 * @param column 0 for any
 */
record SourceLine(UprobeKind kind, String target, String file, int line, int column) {
    /** Where the {@code @} of such an attach point is in its first part; -1 when it is another. A path may hold one in a directory's name. */
    static int mark(String part) {
        int at = part.lastIndexOf('@');
        return at > 0 && at + 1 < part.length() ? at : -1;
    }

    /** Reads the parts after the kind; empty after a mistake. */
    static Optional<SourceLine> parse(UprobeKind kind, Script.AttachPoint point, List<String> parts, int at, Binding binding) {
        if (kind.onReturn()) {
            return mistake(point, binding, "Source code location not allowed");
        }
        OptionalLong line = parts.size() > 1 && parts.size() <= 3 ? Quantity.number(parts.get(1)) : OptionalLong.empty();
        OptionalLong column = parts.size() == 3 ? Quantity.number(parts.get(2)) : OptionalLong.of(0);
        if (line.isEmpty() || column.isEmpty() || line.getAsLong() < 1 || line.getAsLong() > Integer.MAX_VALUE || column.getAsLong() < 0
                || column.getAsLong() > Integer.MAX_VALUE) {
            return mistake(point, binding, "Invalid " + kind.name() + " arguments, expected format: " + kind.name() + ":TARGET@FILE:LINE[:COL]");
        }
        String first = parts.getFirst();
        return Optional.of(new SourceLine(kind, first.substring(0, at), first.substring(at + 1), (int) line.getAsLong(), (int) column.getAsLong()));
    }

    private static Optional<SourceLine> mistake(Script.AttachPoint point, Binding binding, String message) {
        binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, message);
        return Optional.empty();
    }

    /** The groups of its places. */
    List<ProbeGroup> bind(Span span, Binding binding) {
        List<UserFunctions.Found> found = new ArrayList<>();
        for (String path : UserPlaces.files(target, kind, span, binding)) {
            Optional<Binary> binary = binding.target().binary(path);
            if (binary.isEmpty()) {
                binding.noFile(span, kind, path);
                return List.of();
            }
            Optional<DebugInformation> debug = binary.get().debugInformation();
            if (debug.isEmpty()) {
                binding.error(span, DiagnosticCode.NO_MATCH, path + " has no debug information (DWARF), so its source lines are not known",
                        "Build it with -g, or install its debug package.");
                return List.of();
            }
            found.addAll(places(binary.get(), debug.get(), span, binding));
        }
        RegisterContext inside = RegisterContext.function(binding, RegisterContext.Place.INSIDE, AddressSpace.USER);
        return found.isEmpty() ? List.of() : new TypedPlaces(kind, span, binding).groups(inside, found);
    }

    private List<UserFunctions.Found> places(Binary binary, DebugInformation debug, Span span, Binding binding) {
        DebugInformation.Lines lines = debug.lines(file, line, column);
        if (!lines.fileFound()) {
            binding.error(span, DiagnosticCode.NO_MATCH, "DWARF error: No compilation unit matches " + file,
                    debug.problem().isEmpty()
                            ? "The name is the end of a source file's path, as the debug information of " + binary.path() + " has it."
                            : debug.problem());
        } else if (lines.addresses().isEmpty()) {
            binding.error(span, DiagnosticCode.NO_MATCH, "DWARF error: Unable to map '" + file + ":" + line + (column > 0 ? ":" + column : "")
                    + "' to address",
                    lines.near().isEmpty() ? "No line of it has code." : "Lines with code near it: " + joined(lines.near()) + ".");
        }
        List<UserFunctions.Found> found = new ArrayList<>();
        for (long address : lines.addresses()) {
            String function = binary.functionAt(address).map(Binary.Function::name).orElse("");
            binary.fileOffset(address).ifPresent(offset -> found.add(new UserFunctions.Found(new UserPlaces.Place(binary.path(), offset, 0,
                    kind.site(binary.path(), Long.toUnsignedString(address), function)), binary, address, false)));
        }
        return found;
    }

    private static String joined(List<Integer> numbers) {
        var text = new StringBuilder();
        for (int number : numbers) {
            text.append(text.isEmpty() ? "" : ", ").append(number);
        }
        return text.toString();
    }
}
