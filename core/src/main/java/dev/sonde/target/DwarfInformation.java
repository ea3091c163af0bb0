package dev.sonde.target;

import dev.sonde.bytes.MalformedException;
import dev.sonde.dwarf.Attribute;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.Dwarf;
import dev.sonde.dwarf.Entry;
import dev.sonde.dwarf.Expression;
import dev.sonde.dwarf.Tag;
import dev.sonde.dwarf.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Debug information as DWARF has it. What is malformed counts as not there, and is told of in {@link #problem}. */
public final class DwarfInformation implements DebugInformation {
    private static final int DW_CC_pass_by_reference = 4;
    private static final int EFFORT = 4096;

    private final Dwarf dwarf;
    private final LongFunction<CfaRule> frames;
    private final Map<Entry.Offset, DwarfTypes> types = new HashMap<>();
    private String problem = "";

    /**
     * What {@code dwarf} says.
     *
     * @param frames gives the rule for the frame's address at a code address, from the call frame information
     */
    public DwarfInformation(Dwarf dwarf, LongFunction<CfaRule> frames) {
        this.dwarf = dwarf;
        this.frames = frames;
    }

    private <T> T checked(Supplier<T> reader, T otherwise) {
        try {
            return reader.get();
        } catch (MalformedException e) {
            problem = problem.isEmpty() ? e.getMessage() : problem;
            return otherwise;
        }
    }

    @Override
    public String problem() {
        for (DwarfTypes read : types.values()) {
            problem = problem.isEmpty() ? read.problem() : problem;
        }
        return problem;
    }

    @Override
    public Optional<Subprogram> function(long address) {
        return checked(() -> dwarf.subprogramAt(address).map(entry -> subprogram(entry, Optional.of(entry), address, shape(entry))),
                Optional.empty());
    }

    /** The names of clones are in the symbol table only; their parameters may be fewer, or elsewhere, and then say where. */
    private static Shape shape(Entry entry) {
        String linkage = entry.text(Attribute.DW_AT_linkage_name).orElse("");
        boolean clone = linkage.contains(".isra.") || linkage.contains(".constprop.") || linkage.contains(".part.");
        return clone ? Shape.PLACED : Shape.CALLED;
    }

    @Override
    public Optional<Subprogram> around(long address) {
        return checked(() -> dwarf.unitAt(address).map(unit -> new CodeBlocks(dwarf, unit)).flatMap(blocks -> blocks.innermost(address)
                .map(entry -> subprogram(entry, blocks.function(address), address, shapeAt(entry, address)))), Optional.empty());
    }

    private static Shape shapeAt(Entry entry, long address) {
        boolean start = entry.tag() == Tag.DW_TAG_subprogram && entry.entryPc().orElse(address + 1) == address;
        return start ? shape(entry) : Shape.PLACED;
    }

    /** @param whole the function whose frame the code runs in: another one when {@code entry} is inlined */
    private Subprogram subprogram(Entry entry, Optional<Entry> whole, long address, Shape shape) {
        DwarfTypes graph = types(entry.unit());
        List<Parameter> parameters = new ArrayList<>();
        boolean variadic = false;
        Optional<Place.InMemory> frame = shape == Shape.CALLED ? Optional.empty() : whole.flatMap(function -> frame(function, address));
        for (Entry child : inOrder(entry)) {
            variadic |= child.tag() == Tag.DW_TAG_unspecified_parameters;
            if (child.tag() == Tag.DW_TAG_formal_parameter && !child.flag(Attribute.DW_AT_variable_parameter)) {
                parameters.add(parameter(child, address, graph, frame));
            }
        }
        Optional<Entry> result = entry.type();
        boolean byReference = result.map(DwarfInformation::isByReference).orElse(false);
        return new Subprogram(entry.name(), parameters, graph.id(result), byReference, variadic, shape, graph);
    }

    /** What is in a function; of an inlined copy in the order of the source, which GCC does not keep there. */
    private static Iterable<Entry> inOrder(Entry function) {
        if (function.tag() != Tag.DW_TAG_inlined_subroutine) {
            return function.children();
        }
        List<Entry> children = new ArrayList<>();
        function.children().forEach(children::add);
        children.sort((a, b) -> Long.compare(a.origin().orElse(a).offset().value(), b.origin().orElse(b).offset().value()));
        return children;
    }

    private DwarfTypes types(Unit unit) {
        return types.computeIfAbsent(unit.root().offset(), _ -> new DwarfTypes(dwarf, unit));
    }

    /** Where the function's frame is while the processor is at {@code address}. */
    private Optional<Place.InMemory> frame(Entry function, long address) {
        Optional<Expression> base = function.expression(Attribute.DW_AT_frame_base);
        if (base.filter(Expression::isCallFrame).isPresent()) {
            return frames.apply(address) instanceof CfaRule.RegisterOffset(int register, long offset)
                    ? Optional.of(new Place.InMemory(register, offset)) : Optional.empty();
        }
        return base.flatMap(Expression::place).flatMap(place -> switch (place) {
            case Expression.Place.Register(int number) -> Optional.of(new Place.InMemory(number, 0));
            case Expression.Place.AtRegister(int number, long offset) -> Optional.of(new Place.InMemory(number, offset));
            case Expression.Place.InFrame _, Expression.Place.AtAddress _, Expression.Place.Constant _ -> Optional.empty();
        });
    }

    private static Parameter parameter(Entry entry, long address, DwarfTypes graph, Optional<Place.InMemory> frame) {
        Optional<Entry> type = entry.type();
        return new Parameter(entry.name(), graph.id(type), type.map(DwarfInformation::isByReference).orElse(false), place(entry, address, frame));
    }

    private static Optional<Place> place(Entry entry, long address, Optional<Place.InMemory> frame) {
        var constant = entry.constant(Attribute.DW_AT_const_value);
        if (constant.isPresent()) {
            return Optional.of(new Place.Constant(constant.getAsLong()));
        }
        return entry.location(address).flatMap(Expression::place).flatMap(place -> place(place, frame));
    }

    /** Fixed addresses of a file are not those of the running program. */
    private static Optional<Place> place(Expression.Place place, Optional<Place.InMemory> frame) {
        return switch (place) {
            case Expression.Place.Register(int number) -> Optional.of(new Place.InRegister(number));
            case Expression.Place.AtRegister(int number, long offset) -> Optional.of(new Place.InMemory(number, offset));
            case Expression.Place.Constant(long value) -> Optional.of(new Place.Constant(value));
            case Expression.Place.InFrame(long offset) -> frame.map(base -> new Place.InMemory(base.register(), base.offset() + offset));
            case Expression.Place.AtAddress _ -> Optional.empty();
        };
    }

    /** A class that the compiler may not copy as bytes (Itanium C++ ABI, "non-trivial for the purposes of calls"). */
    private static boolean isByReference(Entry type) {
        Entry entry = type;
        for (int i = 0; i < EFFORT && !entry.tag().isAggregate(); i++) {
            boolean same = entry.tag() == Tag.DW_TAG_typedef || entry.tag() == Tag.DW_TAG_const_type || entry.tag() == Tag.DW_TAG_volatile_type;
            Optional<Entry> next = same ? entry.type() : Optional.empty();
            if (next.isEmpty()) {
                return false;
            }
            entry = next.get();
        }
        return entry.tag().isAggregate() && isByReference(entry, new int[] {EFFORT});
    }

    private static boolean isByReference(Entry type, int[] effort) {
        Entry whole = type.reference(Attribute.DW_AT_signature).orElse(type);
        var convention = whole.constant(Attribute.DW_AT_calling_convention);
        if (convention.isPresent()) {
            return convention.getAsLong() == DW_CC_pass_by_reference;
        }
        for (Entry child : whole.children()) {
            if (--effort[0] < 0) {
                return false;
            }
            boolean nested = child.tag() == Tag.DW_TAG_inheritance || child.tag() == Tag.DW_TAG_member && !child.flag(Attribute.DW_AT_external);
            if (child.tag() == Tag.DW_TAG_subprogram && isOwnCopy(child, whole.name())
                    || nested && child.type().filter(t -> t.tag().isAggregate() && isByReference(t, effort)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a method is a destructor or copy constructor that the compiler did not make up, or a virtual one. */
    private static boolean isOwnCopy(Entry method, String type) {
        if (method.constant(Attribute.DW_AT_virtuality).orElse(0) != 0) {
            return true;
        }
        if (method.flag(Attribute.DW_AT_artificial) || method.has(Attribute.DW_AT_defaulted) || method.flag(Attribute.DW_AT_deleted)) {
            return false;
        }
        return method.name().startsWith("~") || method.name().equals(type) && copies(method);
    }

    private static boolean copies(Entry constructor) {
        int explicit = 0;
        boolean reference = false;
        for (Entry child : constructor.children()) {
            if (child.tag() == Tag.DW_TAG_formal_parameter && !child.flag(Attribute.DW_AT_artificial)) {
                explicit++;
                Optional<Entry> type = child.type();
                Optional<Entry> target = type.filter(t -> t.tag() == Tag.DW_TAG_reference_type).flatMap(Entry::type);
                target = target.flatMap(t -> t.tag() == Tag.DW_TAG_const_type ? t.type() : Optional.of(t));
                reference = target.filter(t -> t.tag().isAggregate() && t.name().equals(constructor.name())).isPresent();
            }
        }
        return explicit == 1 && reference;
    }

    @Override
    public List<Long> inlined(String name) {
        return checked(() -> {
            List<Long> addresses = new ArrayList<>();
            for (Entry copy : dwarf.inlined(name)) {
                copy.entryPc().ifPresent(pc -> {
                    if (!addresses.contains(pc)) {
                        addresses.add(pc);
                    }
                });
            }
            return addresses;
        }, List.of());
    }

    @Override
    public Lines lines(String file, int line, int column) {
        return checked(() -> new SourceLines(dwarf, file, line, column).find(), new Lines(false, List.of(), List.of()));
    }
}
