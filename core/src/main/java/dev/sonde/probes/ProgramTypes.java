package dev.sonde.probes;

import dev.sonde.target.Binary;
import dev.sonde.target.DebugInformation;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.GraphTypes;
import java.util.Optional;

/** The types of a program as they are named at one place of its code; looked for only when a script names a type. Equal for one program. */
final class ProgramTypes {
    private final Binary binary;
    private final long address;
    private Optional<GraphTypes> types;

    ProgramTypes(Binary binary, long address) {
        this.binary = binary;
        this.address = address;
    }

    Optional<GraphTypes> get() {
        if (types == null) {
            types = binary.debugInformation().flatMap(debug -> debug.function(address).or(() -> debug.around(address)))
                    .map(function -> of(function));
        }
        return types;
    }

    /** The types that a function's parameters have. */
    GraphTypes of(DebugInformation.Subprogram function) {
        if (types == null || types.isEmpty()) {
            types = Optional.of(new GraphTypes(function.types(), AddressSpace.USER));
        }
        return types.get();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProgramTypes that && binary.path().equals(that.binary.path());
    }

    @Override
    public int hashCode() {
        return binary.path().hashCode();
    }
}
