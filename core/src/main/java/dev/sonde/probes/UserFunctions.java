package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.target.Architecture;
import dev.sonde.target.Binary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the places that one attach point names in binaries, and says why there is none. */
final class UserFunctions {
    private static final int ENDBR_SIZE = 4;

    private final UprobeKind kind;
    private final FunctionPart part;
    private final Span span;
    private final Binding binding;
    private boolean failed;

    UserFunctions(UprobeKind kind, FunctionPart part, Span span, Binding binding) {
        this.kind = kind;
        this.part = part;
        this.span = span;
        this.binding = binding;
    }

    /** Whether a mistake was added. */
    boolean failed() {
        return failed;
    }

    /**
     * A place that was found.
     *
     * @param address of the function that it is in, or of itself where it is not at a function's start
     */
    record Found(UserPlaces.Place place, Binary binary, long address, boolean atStart) {}

    /** The places in one file, each once. */
    List<Found> in(String file) {
        Optional<Binary> binary = binding.target().binary(file);
        if (binary.isEmpty()) {
            return List.of();
        }
        if (part.address().isPresent()) {
            return at(part.address().getAsLong(), file, binary.get());
        }
        List<Found> places = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Binary.Function function : functions(binary.get())) {
            if (allowed(function, binary.get())) {
                long offset = function.fileOffset() + (part.offset() == 0 ? skipped(function, binary.get()) : part.offset());
                if (seen.add(offset)) {
                    var place = new UserPlaces.Place(file, offset, 0, kind.site(file, part.text(function.name()), function.name()));
                    places.add(new Found(place, binary.get(), function.address() + part.offset(), part.offset() == 0));
                }
            }
        }
        return places.isEmpty() && !failed ? inlined(file, binary.get()) : places;
    }

    /** The inlined copies of a function that has no code of its own. */
    private List<Found> inlined(String file, Binary binary) {
        if (part.wildcard() || part.offset() != 0 || kind.onReturn()) {
            return List.of();
        }
        String name = part.name().substring(part.name().lastIndexOf(':') + 1);
        List<Found> places = new ArrayList<>();
        for (long address : binary.debugInformation().map(debug -> debug.inlined(name)).orElse(List.of())) {
            Optional<Long> offset = binary.fileOffset(address);
            if (offset.isPresent()) {
                places.add(new Found(new UserPlaces.Place(file, offset.get(), 0, kind.site(file, part.name(), part.name())), binary, address, false));
            }
        }
        return places;
    }

    private List<Binary.Function> functions(Binary binary) {
        if (part.demangled()) {
            return binary.demangled(part.name());
        }
        if (part.wildcard()) {
            return binary.matching(part.name());
        }
        List<Binary.Function> exact = binary.functions(part.name());
        return exact.isEmpty() && part.name().contains("::") ? binary.demangled(part.name()) : exact;
    }

    private List<Found> at(long address, String file, Binary binary) {
        Optional<Long> offset = binary.fileOffset(address);
        if (offset.isEmpty()) {
            return mistake(DiagnosticCode.OUT_OF_RANGE, "0x" + Long.toHexString(address) + " is in no segment of " + file,
                    "The address is a virtual one, as nm and objdump show it.");
        }
        Optional<Binary.Function> function = binary.functionAt(address);
        boolean start = function.isPresent() && function.get().address() == address;
        if (!start && !boundary(function, address, binary)) {
            return List.of();
        }
        String name = function.map(Binary.Function::name).orElse("");
        var place = new UserPlaces.Place(file, offset.get(), 0, kind.site(file, Long.toUnsignedString(address), name));
        return List.of(new Found(place, binary, address, start));
    }

    /** Whether a probe may be put on a function; adds a mistake when it may not and was asked for by name. */
    private boolean allowed(Binary.Function function, Binary binary) {
        if (kind.onReturn() && !binding.unsafe() && isGo(function, binary)) {
            return !part.wildcard() && refuse(DiagnosticCode.UNSUPPORTED_PROBE, function.name() + " is a Go function, and the kernel's return probes "
                    + "kill Go programs: Go moves stacks and finds a return address there that the kernel has changed",
                    "Probe its entry, or give --unsafe when the program may die.");
        }
        if (part.offset() == 0) {
            return true;
        }
        if (function.size() != 0 && Long.compareUnsigned(part.offset(), function.size()) >= 0) {
            return refuse(DiagnosticCode.OUT_OF_RANGE,
                    "Offset outside the function bounds ('" + function.name() + "' size is " + function.size() + ")", "");
        }
        return boundary(Optional.of(function), function.address() + part.offset(), binary);
    }

    /** Whether an instruction begins at {@code address}: a probe inside one would make the program crash. */
    private boolean boundary(Optional<Binary.Function> function, long address, Binary binary) {
        if (binding.unsafe() || binding.target().architecture() == Architecture.ARM64 && address % 4 == 0) {
            return true;
        }
        String where = binary.path() + ":0x" + Long.toHexString(address);
        if (function.isEmpty()) {
            return refuse(DiagnosticCode.UNSAFE, "Could not determine whether an instruction begins at " + where + ", which is in no known function",
                    "--unsafe puts the probe there all the same; inside an instruction it makes the program crash.");
        }
        long start = function.get().address();
        byte[] code = binary.code(start, (int) Math.min(1 << 20, address - start + X86Length.LONGEST));
        return X86Length.begins(code, (int) (address - start)) || refuse(DiagnosticCode.UNSAFE,
                "No instruction begins at " + where + " (" + function.get().name() + "+" + (address - start) + ")",
                "--unsafe puts the probe there all the same; inside an instruction it makes the program crash.");
    }

    private boolean refuse(DiagnosticCode code, String message, String hint) {
        mistake(code, message, hint);
        return false;
    }

    private List<Found> mistake(DiagnosticCode code, String message, String hint) {
        failed = true;
        if (hint.isEmpty()) {
            binding.error(span, code, message);
        } else {
            binding.error(span, code, message, hint);
        }
        return List.of();
    }

    /** The kernel steps over {@code endbr64} one instruction at a time, at 12 us a hit, but emulates the {@code push} that usually follows it. */
    private int skipped(Binary.Function function, Binary binary) {
        if (binding.target().architecture() != Architecture.X86_64) {
            return 0;
        }
        byte[] code = binary.code(function.address(), ENDBR_SIZE);
        boolean endbr = code.length == ENDBR_SIZE && code[0] == (byte) 0xf3 && code[1] == 0x0f && code[2] == 0x1e && code[3] == (byte) 0xfa;
        return endbr && (function.size() == 0 || function.size() > ENDBR_SIZE) ? ENDBR_SIZE : 0;
    }

    /** Go's names have a package before a dot; those that C compilers make have a dot before a word or number of their own. */
    private static boolean isGo(Binary.Function function, Binary binary) {
        String name = function.name();
        int dot = name.indexOf('.');
        if (dot <= 0 || name.startsWith("_") || name.endsWith(".cold")) {
            return false;
        }
        boolean clone = name.startsWith("isra", dot + 1) || name.startsWith("part", dot + 1) || name.startsWith("constprop", dot + 1)
                || Character.isDigit(name.charAt(Math.min(dot + 1, name.length() - 1)));
        return !clone && binary.hasGo();
    }

    /** Says that nothing in {@code files} matched. */
    void noMatch(List<String> files) {
        String file = files.size() == 1 ? files.getFirst() : "";
        Optional<Binary> binary = file.isEmpty() ? Optional.empty() : binding.target().binary(file);
        if (!file.isEmpty() && binary.isEmpty()) {
            binding.noFile(span, kind, file);
            return;
        }
        if (binary.isEmpty()) {
            binding.noMatch(span, kind, part.name(), files.size() + " files were searched.");
            return;
        }
        List<String> near = part.wildcard() ? List.of() : binary.get().nearest(part.name());
        binding.noMatch(span, kind, file + ":" + part.name(), near.isEmpty() ? "" : "Did you mean '" + String.join("' or '", near) + "'?",
                "Symbols of " + file + ": " + binary.get().symbolSources() + ".");
    }
}
