package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Binary;
import dev.sonde.types.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Probes on functions and instructions of programs and libraries: at their start ({@code uprobe}) or when they return ({@code uretprobe}). */
record UprobeKind(boolean onReturn) implements ProbeKind {
    @Override
    public List<String> names() {
        return onReturn ? List.of("uretprobe", "ur") : List.of("uprobe", "u");
    }

    @Override
    public List<String> forms() {
        return onReturn ? List.of("uretprobe:BINARY:FUNCTION", "uretprobe:BINARY:cpp:\"FUNCTION\"")
                : List.of("uprobe:BINARY:FUNCTION[+OFFSET]", "uprobe:BINARY:ADDRESS", "uprobe:BINARY:cpp:\"FUNCTION\"",
                        "uprobe:BINARY@FILE:LINE[:COLUMN]");
    }

    @Override
    public String documentation() {
        return (onReturn ? "The return of a function of a program or library; its result is retval. "
                : "A function of a program or library, an instruction OFFSET bytes into it, one at a virtual ADDRESS, or the "
                + "code of a source line. Arguments are argN, and by name args where the program has debug information. ")
                + "BINARY is a path, a program in PATH or a library such as libc; with -p, * is all that the process has mapped. "
                + "After cpp: the name is as C++ writes it. Names may hold *.";
    }

    @Override
    public String example() {
        return onReturn ? "uretprobe:libc:getenv { printf(\"%s\\n\", str(retval)); exit() } interval:s:1 { exit() }"
                : "uprobe:libc:getenv { printf(\"%s\\n\", str(arg0)); exit() } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.1";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        int at = parts.isEmpty() ? 0 : SourceLine.mark(parts.getFirst());
        if (at > 0) {
            return SourceLine.parse(this, point, parts, at, binding).map(line -> line.bind(point.span(), binding)).orElse(List.of());
        }
        Optional<FunctionPart> part = part(point, parts, binding);
        if (part.isEmpty()) {
            return List.of();
        }
        List<String> files = UserPlaces.files(parts.getFirst(), this, point.span(), binding);
        UserFunctions functions = new UserFunctions(this, part.get(), point.span(), binding);
        List<UserFunctions.Found> places = new ArrayList<>();
        boolean failed = false;
        for (String file : files) {
            List<UserFunctions.Found> found = functions.in(file);
            places.addAll(found);
            failed |= functions.failed();
        }
        if (places.isEmpty() && !files.isEmpty() && !failed) {
            functions.noMatch(files);
        }
        return failed ? List.of() : new TypedPlaces(this, point.span(), binding).groups(context(part.get(), binding), places);
    }

    private RegisterContext context(FunctionPart part, Binding binding) {
        var place = onReturn ? RegisterContext.Place.RETURN : part.atStart() ? RegisterContext.Place.ENTRY : RegisterContext.Place.INSIDE;
        return RegisterContext.function(binding, place, AddressSpace.USER);
    }

    private Optional<FunctionPart> part(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (parts.size() == 2 && parts.getLast().isEmpty()) {
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, name() + " should be attached to a function and/or address");
            return Optional.empty();
        }
        if (!binding.parts(point, this, parts, 2, 3)) {
            return Optional.empty();
        }
        if (parts.size() == 3 && !parts.get(1).equals("cpp")) {
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, "'" + parts.get(1) + "' is no language whose names can be given",
                    "Write it as " + String.join(" or ", forms()) + ".");
            return Optional.empty();
        }
        return FunctionPart.parse(this, point, parts.getLast(), parts.size() == 3, binding);
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        if (parts.isEmpty()) {
            return List.of();
        }
        boolean demangle = parts.size() == 3 && parts.get(1).equals("cpp");
        boolean mapped = binding.pid() >= 0 && parts.getFirst().equals("*");
        List<String> files = mapped ? binding.target().mappedFiles(binding.pid()) : binding.target().executables(parts.getFirst());
        if (files.size() == 1) {
            return named(files.getFirst(), parts, demangle, binding);
        }
        List<Listing> listed = new ArrayList<>();
        for (String file : files) {
            listed.addAll(named(file, parts, demangle, binding));
        }
        listed.sort((a, b) -> a.probe().compareTo(b.probe()));
        return listed;
    }

    private List<Listing> named(String file, List<String> parts, boolean demangle, Binding binding) {
        Optional<Binary> binary = binding.target().binary(file);
        return binary.isEmpty() ? List.of() : new NamedProbes(name() + ":" + file + ":", names(binary.get(), parts, demangle),
                function -> onReturn ? List.of() : UserPrototype.declarations(function, binary.get()));
    }

    private static List<String> names(Binary binary, List<String> parts, boolean demangle) {
        if (!demangle) {
            return binary.names(parts.size() == 1 ? "*" : parts.getLast());
        }
        List<String> names = new ArrayList<>();
        binary.demangled(parts.getLast()).forEach(function -> names.add(function.name()));
        names.sort(null);
        return names;
    }

    /** The text of an attach point as {@code probe} shows it. */
    TraceSpec.Site site(String file, String name, String function) {
        return new TraceSpec.Site(name() + ":" + file + ":" + name, function);
    }
}
