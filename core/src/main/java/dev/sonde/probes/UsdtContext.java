package dev.sonde.probes;

import dev.sonde.target.UsdtValue;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A USDT probe: its arguments, which are in registers, in memory or constant, and the registers. */
record UsdtContext(List<Optional<ProbeContext.Source>> values, RegisterContext registerContext) implements ProbeContext {
    static UsdtContext of(List<UsdtValue> values, Binding binding) {
        List<Optional<Source>> sources = new ArrayList<>();
        for (UsdtValue value : values) {
            sources.add(source(value));
        }
        return new UsdtContext(sources, RegisterContext.function(binding, RegisterContext.Place.INSIDE, AddressSpace.USER));
    }

    private static Optional<Source> source(UsdtValue value) {
        return switch (value.place()) {
            case UsdtValue.Register(int offset) -> Optional.of(new Source.Slot(Type.INT64, offset, value.size(), value.signed()));
            case UsdtValue.Constant(long constant) -> Optional.of(new Source.Constant(Type.INT64, constant));
            case UsdtValue.Memory(int base, int index, int scale, long displacement) ->
                    Optional.of(new Source.InMemory(Type.INT64, base, index, scale, displacement, value.size(), value.signed(), AddressSpace.USER));
            case UsdtValue.Unreadable _ -> Optional.empty();
        };
    }

    @Override
    public Optional<Source> argN(int index) {
        return index < values.size() ? values.get(index) : Optional.empty();
    }

    @Override
    public Optional<Source> register(String name) {
        return registerContext.register(name);
    }

    @Override
    public Optional<Source> userRegister(String name) {
        return registerContext.userRegister(name);
    }

    @Override
    public List<String> registers() {
        return registerContext.registers();
    }

    @Override
    public Type contextType() {
        return registerContext.contextType();
    }

    @Override
    public AddressSpace space() {
        return AddressSpace.USER;
    }

    @Override
    public boolean reentrant() {
        return true;
    }
}
