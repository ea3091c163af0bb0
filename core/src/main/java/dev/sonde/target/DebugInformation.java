package dev.sonde.target;

import dev.sonde.btf.TypeGraph;
import java.util.List;
import java.util.Optional;

/** What the debug information of a binary says of its functions, lines and types. Addresses are virtual ones of the file. */
public interface DebugInformation {
    /** The function that begins at {@code address}. */
    Optional<Subprogram> function(long address);

    /** The innermost function, inlined ones too, that the code at {@code address} belongs to, with what is known of its parameters there. */
    Optional<Subprogram> around(long address);

    /** Where the code of each inlined copy of the function {@code name} begins. */
    List<Long> inlined(String name);

    /** Where a source line has code. */
    Lines lines(String file, int line, int column);

    /** What it could not make sense of, for a message; empty when all was well. */
    String problem();

    /**
     * The code of a source line.
     *
     * @param fileFound whether any source file has that name
     * @param addresses the first address of the line in each function, inlined copy or clone that has it
     * @param near lines with code next to one that has none
     */
    record Lines(boolean fileFound, List<Long> addresses, List<Integer> near) {
        public Lines {
            addresses = List.copyOf(addresses);
            near = List.copyOf(near);
        }
    }

    /**
     * A function.
     *
     * @param name as the source has it
     * @param parameters in order; {@code this} of a method is the first
     * @param result type id of its result, 0 for none
     * @param resultByReference whether its result has a constructor or destructor of its own, so that the caller gives its address
     * @param variadic whether more arguments may follow
     * @param shape whether its parameters are where the rules of the processor have them at its start, or must be looked up
     * @param types what type ids mean
     */
    record Subprogram(String name, List<Parameter> parameters, int result, boolean resultByReference, boolean variadic, Shape shape,
            TypeGraph types) {
        public Subprogram {
            parameters = List.copyOf(parameters);
        }
    }

    /** How the parameters of a function come to where a probe reads them. */
    enum Shape {
        /** By the calling convention. */
        CALLED,
        /** As the compiler liked: an inlined copy, a clone, or the middle of a function. */
        PLACED
    }

    /**
     * A parameter.
     *
     * @param name empty when the source gives none
     * @param type its type id
     * @param byReference whether it is an object that the caller passes the address of, for it has a copy constructor or destructor of its own
     * @param place where it is at the address that was asked about; empty when it is not known or is nowhere
     */
    record Parameter(String name, int type, boolean byReference, Optional<Place> place) {}

    /** Where a value is. Registers have their DWARF numbers. */
    sealed interface Place {
        /** In a register. */
        record InRegister(int register) implements Place {}

        /** In memory, {@code offset} bytes after where a register points. */
        record InMemory(int register, long offset) implements Place {}

        /** Nowhere, for it is always this. */
        record Constant(long value) implements Place {}
    }
}
