package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import dev.sonde.types.AddressSpace;
import java.util.List;
import java.util.OptionalLong;

/** Hardware breakpoints on memory (perf_event_open(2), PERF_TYPE_BREAKPOINT). */
record WatchpointKind() implements ProbeKind {
    private static final List<String> MODES = List.of("r", "w", "rw", "x");

    @Override
    public List<String> names() {
        return List.of("watchpoint", "w");
    }

    @Override
    public List<String> forms() {
        return List.of("watchpoint:ADDRESS:LENGTH:MODE");
    }

    @Override
    public String documentation() {
        return "Runs when LENGTH bytes (1, 2, 4 or 8) at ADDRESS are read (r), written (w), either (rw) or executed (x). ADDRESS is a number "
                + "or a kernel symbol. Give -p for an address of a process.";
    }

    @Override
    public String example() {
        return "watchpoint:0x10000000:8:w { printf(\"%s wrote\\n\", comm) } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.9";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 3, 3)) {
            return List.of();
        }
        OptionalLong address = Quantity.number(parts.get(0));
        address = address.isPresent() ? address : binding.target().kernelAddress(parts.get(0));
        OptionalLong length = Quantity.number(parts.get(1));
        String mode = sorted(parts.get(2));
        String mistake = mistake(address, parts.get(0), length, mode);
        if (!mistake.isEmpty()) {
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, mistake);
            return List.of();
        }
        long at = address.getAsLong();
        int bytes = (int) length.getAsLong();
        RegisterContext context = RegisterContext.event(binding, at < 0 ? AddressSpace.KERNEL : AddressSpace.USER);
        String text = "watchpoint:" + Long.toUnsignedString(at) + ":" + bytes + ":" + mode;
        // A breakpoint of a process is one of its first thread only, so all are watched and the program looks whose run it is.
        return Places.filtered(Places.single(this, context, ProbeGroup.Program.of(ProgramKind.PERF_EVENT), text,
                site -> new AttachSpec.Watchpoint(site, point.span(), at, bytes, mode, -1)), binding);
    }

    private static String sorted(String mode) {
        return switch (mode) {
            case "wr" -> "rw";
            default -> mode;
        };
    }

    private static String mistake(OptionalLong address, String text, OptionalLong length, String mode) {
        if (address.isEmpty()) {
            return "'" + text + "' is neither an address nor a kernel symbol";
        }
        if (length.isEmpty() || length.getAsLong() < 1 || length.getAsLong() > 8 || Long.bitCount(length.getAsLong()) != 1) {
            return "watchpoint length must be one of (1,2,4,8)";
        }
        if (!MODES.contains(mode)) {
            return "watchpoint mode must be combination of (r,w,x)";
        }
        return address.getAsLong() % length.getAsLong() == 0 ? "" : "watchpoint address must be a multiple of its length";
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        return List.of();
    }
}
