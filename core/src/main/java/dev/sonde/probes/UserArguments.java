package dev.sonde.probes;

import dev.sonde.target.Architecture;
import dev.sonde.target.DebugInformation;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.GraphTypes;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the parameters and the result of a function of a program into what a probe on it reads. */
final class UserArguments {
    private static final int WORD = 8;

    private final DebugInformation.Subprogram function;
    private final Architecture architecture;
    private final GraphTypes types;
    private final List<ProbeContext.Argument> arguments = new ArrayList<>();
    private final Map<String, String> missing = new HashMap<>();

    UserArguments(DebugInformation.Subprogram function, Architecture architecture, GraphTypes types) {
        this.function = function;
        this.architecture = architecture;
        this.types = types;
    }

    /** The parameters where a probe at the function's start, or at the address that was asked about, finds them. */
    UserContext.Typed parameters() {
        switch (function.shape()) {
            case CALLED -> {
                List<CallingConvention.Place> places = CallingConvention.parameters(function, architecture);
                for (int i = 0; i < places.size(); i++) {
                    called(function.parameters().get(i), places.get(i));
                }
            }
            case PLACED -> function.parameters().forEach(this::placed);
        }
        String why = arguments.isEmpty() ? missing.isEmpty() ? function.name() + " takes no arguments" : missing.values().iterator().next() : "";
        return new UserContext.Typed(arguments, missing, Optional.empty(), why);
    }

    private void called(DebugInformation.Parameter parameter, CallingConvention.Place place) {
        Type type = types.of(parameter.type());
        switch (place) {
            case CallingConvention.Place.Registers(List<Integer> slots) -> add(parameter, inRegisters(type, slots));
            case CallingConvention.Place.Stack(int offset) ->
                    add(parameter, new ProbeContext.Source.OnStack(type, architecture.stackPointer(), offset, AddressSpace.USER));
            case CallingConvention.Place.Behind(int slot) -> add(parameter, behind(type, slot));
            case CallingConvention.Place.BehindStack(int offset) -> add(parameter, new ProbeContext.Source.OnStack(
                    new Type.Pointer(type, AddressSpace.USER), architecture.stackPointer(), offset, AddressSpace.USER));
            case CallingConvention.Place.Vector _ -> leaveOut(parameter, "is passed in a floating-point register, which a BPF program cannot read");
            case CallingConvention.Place.Nothing _ -> leaveOut(parameter, "is an empty object, of which nothing is passed");
        }
    }

    private static ProbeContext.Source inRegisters(Type type, List<Integer> slots) {
        return type.isScalar() ? new ProbeContext.Source.Slot(type, slots.getFirst(), Math.min(WORD, type.size()), type.isSigned())
                : new ProbeContext.Source.InRegisters(type, slots);
    }

    /** The value whose address a register holds. */
    private static ProbeContext.Source behind(Type type, int slot) {
        return new ProbeContext.Source.InMemory(type, slot, -1, 0, 0, Math.min(WORD, Math.max(1, type.size())), type.isSigned(), AddressSpace.USER);
    }

    private void add(DebugInformation.Parameter parameter, ProbeContext.Source source) {
        if (!parameter.name().isEmpty()) {
            arguments.add(new ProbeContext.Argument(parameter.name(), source));
        }
    }

    private void leaveOut(DebugInformation.Parameter parameter, String why) {
        missing.put(parameter.name(), parameter.name() + " " + why);
    }

    private void placed(DebugInformation.Parameter parameter) {
        Type type = types.of(parameter.type());
        Optional<ProbeContext.Source> source = parameter.place().flatMap(place -> source(type, place));
        if (source.isPresent()) {
            add(parameter, source.get());
        } else {
            leaveOut(parameter, "is nowhere to be found here, according to the debug information: the compiler has removed it or keeps it in pieces");
        }
    }

    private Optional<ProbeContext.Source> source(Type type, DebugInformation.Place place) {
        return switch (place) {
            case DebugInformation.Place.InRegister(int register) -> architecture.dwarfRegister(register).filter(_ -> type.size() <= WORD)
                    .map(slot -> inRegisters(type, List.of(slot)));
            case DebugInformation.Place.InMemory(int register, long offset) -> architecture.dwarfRegister(register)
                    .map(slot -> new ProbeContext.Source.InMemory(type, slot, -1, 0, offset, Math.min(WORD, Math.max(1, type.size())),
                            type.isSigned(), AddressSpace.USER));
            case DebugInformation.Place.Constant(long value) -> type.isScalar() ? Optional.of(new ProbeContext.Source.Constant(type, value))
                    : Optional.empty();
        };
    }

    /** The result when the function has returned; empty for one that has none or whose result cannot be read. */
    UserContext.Typed result() {
        Optional<ProbeContext.Source> result = Optional.empty();
        if (function.result() != 0) {
            Type type = types.of(function.result());
            result = type.size() == 0 ? Optional.empty() : switch (CallingConvention.result(function, architecture)) {
                case CallingConvention.Place.Registers(List<Integer> slots) -> Optional.of(inRegisters(type, slots));
                case CallingConvention.Place.Behind(int slot) -> Optional.of(behind(type, slot));
                case CallingConvention.Place.Stack _, CallingConvention.Place.BehindStack _, CallingConvention.Place.Vector _,
                        CallingConvention.Place.Nothing _ -> Optional.empty();
            };
        }
        return new UserContext.Typed(List.of(), Map.of(), result, "");
    }
}
