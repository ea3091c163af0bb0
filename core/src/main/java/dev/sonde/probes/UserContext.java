package dev.sonde.probes;

import dev.sonde.types.GraphTypes;
import dev.sonde.types.Type;
import dev.sonde.types.AddressSpace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A context at code of a program whose debug information is used.
 *
 * @param plain what can be read without it
 * @param typed what it tells
 * @param own the types of the program
 */
record UserContext(RegisterContext plain, Typed typed, ProgramTypes own) implements ProbeContext {
    /** Nothing but the program's types. */
    static final Typed UNTYPED = new Typed(List.of(), Map.of(), Optional.empty(), "");

    /**
     * What debug information tells of a function.
     *
     * @param arguments the parameters that can be read
     * @param missing why others cannot, by name
     * @param result the function's result, where that is asked for and can be read
     * @param why there are no arguments at all; empty when there are or nobody asked
     */
    record Typed(List<Argument> arguments, Map<String, String> missing, Optional<Source> result, String why) {
        Typed {
            arguments = List.copyOf(arguments);
            missing = Map.copyOf(missing);
        }
    }

    @Override
    public List<Argument> arguments() {
        return typed.arguments();
    }

    @Override
    public Optional<String> missingArgument(String name) {
        return Optional.ofNullable(typed.missing().get(name));
    }

    @Override
    public String withoutArguments() {
        return typed.why();
    }

    @Override
    public Optional<GraphTypes> programTypes() {
        return own.get();
    }

    @Override
    public Optional<Source> result() {
        return typed.result().isPresent() ? typed.result() : plain.result();
    }

    @Override
    public Optional<Source> argN(int index) {
        return plain.argN(index);
    }

    @Override
    public Optional<Source> stackArgN(int index) {
        return plain.stackArgN(index);
    }

    @Override
    public Optional<Source> register(String name) {
        return plain.register(name);
    }

    @Override
    public Optional<Source> userRegister(String name) {
        return plain.userRegister(name);
    }

    @Override
    public List<String> registers() {
        return plain.registers();
    }

    @Override
    public AddressSpace space() {
        return plain.space();
    }

    @Override
    public Optional<Source> functionAddress() {
        return plain.functionAddress();
    }

    @Override
    public Optional<Source> returnAddress() {
        return plain.returnAddress();
    }

    @Override
    public Type contextType() {
        return plain.contextType();
    }

    @Override
    public boolean reentrant() {
        return plain.reentrant();
    }
}
