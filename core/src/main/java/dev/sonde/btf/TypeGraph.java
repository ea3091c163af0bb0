package dev.sonde.btf;

import java.util.Optional;

/** Types that name each other by number: those of a BTF blob, or types of another format in the same form. */
public interface TypeGraph {
    /** The type with {@code id}; 0 is void. */
    BtfType type(int id);

    /** What {@code id} is without typedefs and qualifiers. */
    int resolve(int id);

    /** The struct called {@code name}, without the word {@code struct}. */
    Optional<BtfType.Struct> struct(String name);

    /** The union called {@code name}. */
    Optional<BtfType.Union> union(String name);

    /** The enum called {@code name}. */
    Optional<? extends BtfType.Enumeration> enumeration(String name);

    /** The typedef called {@code name}. */
    Optional<BtfType.Typedef> typedef(String name);

    /** The integer called {@code name}. */
    Optional<BtfType.Int> integer(String name);

    /** The constant called {@code name} of any enum. */
    Optional<Enumerator> enumerator(String name);

    /** Whether looking for a name costs little, so that a type only declared may be looked up before anyone asks what is in it. */
    default boolean hasQuickNames() {
        return true;
    }
}
