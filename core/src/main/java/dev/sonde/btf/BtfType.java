package dev.sonde.btf;

import java.util.List;

/**
 * A BTF type, one record per kind, with the terms of {@code Documentation/bpf/btf.rst}.
 *
 * <p>Other types are named by id; {@link Btf#type} turns an id into a type. Names are empty where a type has none. Sizes are bytes.
 */
public sealed interface BtfType {
    /** The type's id in its {@link Btf}; 0 is {@code void}. */
    int id();

    /** The type's name, empty where it has none. */
    default String name() {
        return "";
    }

    /** Type id 0. */
    record Void() implements BtfType {
        @Override
        public int id() {
            return 0;
        }
    }

    /**
     * An integer.
     *
     * @param bitOffset where its bits start in a storage unit of {@code size} bytes; not 0 only in old bit fields
     * @param bits how many bits its value has
     */
    record Int(int id, String name, int size, boolean isSigned, boolean isChar, boolean isBool, int bitOffset, int bits) implements BtfType {
    }

    /** A pointer to {@code type}. */
    record Ptr(int id, int type) implements BtfType {
    }

    /** An array of {@code nelems} elements of {@code type}. */
    record Array(int id, int type, int indexType, long nelems) implements BtfType {
    }

    /** A struct or a union. */
    sealed interface Composite extends BtfType {
        /** Size in bytes. */
        long size();

        /** The members, in the order of their declaration. */
        List<Member> members();
    }

    /** A struct. */
    record Struct(int id, String name, long size, List<Member> members) implements Composite {
        public Struct {
            members = List.copyOf(members);
        }
    }

    /** A union. */
    record Union(int id, String name, long size, List<Member> members) implements Composite {
        public Union {
            members = List.copyOf(members);
        }
    }

    /** An enum of either width. */
    sealed interface Enumeration extends BtfType {
        /** Size in bytes. */
        int size();

        /** Whether its values are signed. Before Linux 6.0 no enum says so. */
        boolean isSigned();

        /** The constants, in the order of their declaration. */
        List<Enumerator> values();
    }

    /** An enum whose values have up to 32 bits. */
    record Enum(int id, String name, int size, boolean isSigned, List<Enumerator> values) implements Enumeration {
        public Enum {
            values = List.copyOf(values);
        }
    }

    /** An enum with 64-bit values. */
    record Enum64(int id, String name, int size, boolean isSigned, List<Enumerator> values) implements Enumeration {
        public Enum64 {
            values = List.copyOf(values);
        }
    }

    /** A struct or union that is declared and not defined. */
    record Fwd(int id, String name, boolean isUnion) implements BtfType {
    }

    /** A typedef of {@code type}. */
    record Typedef(int id, String name, int type) implements BtfType {
    }

    /** {@code volatile type}. */
    record Volatile(int id, int type) implements BtfType {
    }

    /** {@code const type}. */
    record Const(int id, int type) implements BtfType {
    }

    /** {@code restrict type}. */
    record Restrict(int id, int type) implements BtfType {
    }

    /** A function with the prototype {@code type}. */
    record Func(int id, String name, int type, Linkage linkage) implements BtfType {
    }

    /** A function prototype that returns {@code returnType}. */
    record FuncProto(int id, int returnType, List<Parameter> parameters) implements BtfType {
        public FuncProto {
            parameters = List.copyOf(parameters);
        }
    }

    /** A variable of {@code type}. */
    record Var(int id, String name, int type, Linkage linkage) implements BtfType {
    }

    /** An ELF section of variables; {@code size} is 0 in an object that is not linked. */
    record Datasec(int id, String name, long size, List<SecInfo> variables) implements BtfType {
        public Datasec {
            variables = List.copyOf(variables);
        }
    }

    /**
     * A variable's place in its section ({@code struct btf_var_secinfo}).
     *
     * @param type id of the {@link Var}, or of a {@link Func} that is extern
     * @param offset bytes from the start of the section
     * @param size bytes that it takes
     */
    record SecInfo(int type, long offset, long size) {
    }

    /** A floating-point number. */
    record Float(int id, String name, int size) implements BtfType {
    }

    /**
     * An attribute {@code btf_decl_tag} of a struct, union, function, variable or typedef.
     *
     * @param name the tag's text
     * @param type what is tagged
     * @param componentIndex which member or parameter of it is tagged; -1 for itself
     */
    record DeclTag(int id, String name, int type, int componentIndex) implements BtfType {
    }

    /**
     * An attribute of a type.
     *
     * @param name the tag's text
     * @param type the type that is tagged
     * @param isAttribute whether the text is a whole attribute (Linux 6.15) and not a {@code btf_type_tag}
     */
    record TypeTag(int id, String name, int type, boolean isAttribute) implements BtfType {
    }
}
