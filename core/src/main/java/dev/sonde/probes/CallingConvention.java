package dev.sonde.probes;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.Member;
import dev.sonde.btf.TypeGraph;
import dev.sonde.target.Architecture;
import dev.sonde.target.DebugInformation;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the arguments of a call are at the first instruction of the function: System V ABI for x86-64 §3.2.3, Procedure Call Standard for the Arm
 * 64-bit Architecture §6.8. It goes through the arguments in order, for each takes registers or a place on the stack.
 */
final class CallingConvention {
    private static final int WORD = 8;
    private static final int VECTOR_REGISTERS = 8;
    /** Members looked at of one type that could be passed in two registers. */
    private static final int MOST_MEMBERS = 64;

    /** Where one argument is. */
    sealed interface Place {
        /** In general registers: offsets in struct pt_regs of each 8 bytes. */
        record Registers(List<Integer> slots) implements Place {}

        /** On the stack, {@code offset} bytes above the stack pointer. */
        record Stack(int offset) implements Place {}

        /** In memory whose address is in a general register. */
        record Behind(int slot) implements Place {}

        /** Its address is on the stack. */
        record BehindStack(int offset) implements Place {}

        /** In vector registers, which a probe does not see. */
        record Vector() implements Place {}

        /** It has no bytes. */
        record Nothing() implements Place {}
    }

    /** What kind of register 8 bytes of a value go to. */
    private enum Kind { NONE, INTEGER, VECTOR, MEMORY }

    private final Architecture architecture;
    private final TypeGraph types;
    private int general;
    private int vector;
    private int stack;

    private CallingConvention(Architecture architecture, TypeGraph types) {
        this.architecture = architecture;
        this.types = types;
        this.stack = architecture == Architecture.X86_64 ? WORD : 0;
    }

    /** The place of each parameter, in order. */
    static List<Place> parameters(DebugInformation.Subprogram function, Architecture architecture) {
        var convention = new CallingConvention(architecture, function.types());
        // On arm64 the address of a result in memory is in x8, which no argument uses.
        convention.general = architecture == Architecture.X86_64 && convention.isInMemory(function) ? 1 : 0;
        List<Place> places = new ArrayList<>();
        for (DebugInformation.Parameter parameter : function.parameters()) {
            places.add(parameter.byReference() ? convention.pointer() : convention.value(parameter.type()));
        }
        return places;
    }

    /** Where the result is when the function has returned. */
    static Place result(DebugInformation.Subprogram function, Architecture architecture) {
        var convention = new CallingConvention(architecture, function.types());
        if (architecture == Architecture.X86_64 && convention.isInMemory(function)) {
            return new Place.Behind(architecture.result());
        }
        // On arm64 nobody knows the address any more, which was in x8.
        Place place = function.resultByReference() ? new Place.Nothing() : convention.value(function.result());
        if (!(place instanceof Place.Registers(List<Integer> slots))) {
            return new Place.Vector();
        }
        String second = architecture == Architecture.X86_64 ? "dx" : "r1";
        return slots.size() == 1 ? new Place.Registers(List.of(architecture.result()))
                : new Place.Registers(List.of(architecture.result(), architecture.offsetOf(second).orElseThrow()));
    }

    /** Whether the caller gives the address where the result is to go. */
    private boolean isInMemory(DebugInformation.Subprogram function) {
        return function.resultByReference() || function.result() != 0 && x86Kinds(function.result()).contains(Kind.MEMORY);
    }

    private Place pointer() {
        return general < architecture.argumentRegisters() ? new Place.Behind(architecture.argument(general++).orElseThrow())
                : new Place.BehindStack(onStack(WORD, WORD));
    }

    private int onStack(int size, int alignment) {
        int first = architecture == Architecture.X86_64 ? WORD : 0;
        int used = stack - first;
        int at = first + (used + alignment - 1) / alignment * alignment;
        stack = at + (size + WORD - 1) / WORD * WORD;
        return at;
    }

    private Place value(int type) {
        int size = size(type);
        if (size == 0) {
            return new Place.Nothing();
        }
        return architecture == Architecture.X86_64 ? x86(type, size) : arm64(type, size);
    }

    private int size(int id) {
        int resolved = types.resolve(id);
        return switch (types.type(resolved)) {
            case BtfType.Int t -> t.size();
            case BtfType.Ptr _ -> WORD;
            case BtfType.Float t -> t.size();
            case BtfType.Enumeration t -> t.size();
            case BtfType.Composite t -> (int) Math.min(t.size(), 1 << 20);
            case BtfType.Array t -> (int) Math.min(1 << 20, t.nelems() * size(t.type()));
            case BtfType.Void _, BtfType.Fwd _, BtfType.Typedef _, BtfType.Volatile _, BtfType.Const _, BtfType.Restrict _, BtfType.Func _,
                    BtfType.FuncProto _, BtfType.Var _, BtfType.Datasec _, BtfType.DeclTag _, BtfType.TypeTag _ -> 0;
        };
    }

    private Place x86(int type, int size) {
        List<Kind> kinds = x86Kinds(type);
        int integers = count(kinds, Kind.INTEGER);
        int vectors = count(kinds, Kind.VECTOR);
        if (kinds.contains(Kind.MEMORY) || general + integers > architecture.argumentRegisters() || vector + vectors > VECTOR_REGISTERS) {
            return new Place.Stack(onStack(size, isWide(type, size) ? 2 * WORD : WORD));
        }
        vector += vectors;
        if (integers + vectors == 0) {
            return new Place.Nothing();
        }
        List<Integer> slots = registers(integers);
        return vectors > 0 ? new Place.Vector() : new Place.Registers(slots);
    }

    private List<Integer> registers(int count) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slots.add(architecture.argument(general++).orElseThrow());
        }
        return slots;
    }

    private static int count(List<Kind> kinds, Kind wanted) {
        int count = 0;
        for (Kind kind : kinds) {
            count += kind == wanted ? 1 : 0;
        }
        return count;
    }

    /** The classes of a value's words (x86-64 psABI, "Classification"). */
    private List<Kind> x86Kinds(int type) {
        int size = size(type);
        boolean longDouble = types.type(types.resolve(type)) instanceof BtfType.Float && size > WORD;
        if (size > 2 * WORD || longDouble) {
            return List.of(Kind.MEMORY);
        }
        Kind[] words = {Kind.NONE, Kind.NONE};
        new Words(words, new int[] {MOST_MEMBERS}).add(type, 0);
        return size > WORD ? List.of(words[0], words[1]) : List.of(words[0]);
    }

    /** Merges the kinds of a value's scalars into its two words. */
    private final class Words {
        private final Kind[] words;
        private final int[] left;

        Words(Kind[] words, int[] left) {
            this.words = words;
            this.left = left;
        }

        void add(int id, long offset) {
            int resolved = types.resolve(id);
            if (left[0]-- <= 0) {
                words[0] = Kind.MEMORY;
                return;
            }
            switch (types.type(resolved)) {
                case BtfType.Composite composite -> {
                    for (Member member : composite.members()) {
                        add(member, offset);
                    }
                }
                case BtfType.Array array -> {
                    int size = size(array.type());
                    for (long i = 0; i < array.nelems() && size > 0; i++) {
                        add(array.type(), offset + i * size);
                    }
                }
                case BtfType.Float real -> scalar(real.size() > WORD ? Kind.MEMORY : Kind.VECTOR, offset, real.size());
                case BtfType.Int _, BtfType.Ptr _, BtfType.Enumeration _ -> scalar(Kind.INTEGER, offset, size(resolved));
                case BtfType.Void _, BtfType.Fwd _, BtfType.Typedef _, BtfType.Volatile _, BtfType.Const _, BtfType.Restrict _, BtfType.Func _,
                        BtfType.FuncProto _, BtfType.Var _, BtfType.Datasec _, BtfType.DeclTag _, BtfType.TypeTag _ -> { }
            }
        }

        private void add(Member member, long offset) {
            if (member.isBitfield()) {
                merge(Kind.INTEGER, offset + member.bitOffset() / 8);
                merge(Kind.INTEGER, offset + (member.bitOffset() + member.bitfieldSize() - 1) / 8);
            } else {
                add(member.type(), offset + member.offset());
            }
        }

        /** A packed member that is not aligned sends the whole to memory. */
        private void scalar(Kind kind, long offset, int size) {
            boolean aligned = size <= 0 || offset % Math.min(size, WORD) == 0;
            merge(aligned ? kind : Kind.MEMORY, offset);
            if (size > WORD) {
                merge(kind, offset + WORD);
            }
        }

        private void merge(Kind kind, long offset) {
            int word = offset < WORD ? 0 : 1;
            boolean wins = words[word] == Kind.NONE || kind == Kind.MEMORY || kind == Kind.INTEGER && words[word] == Kind.VECTOR;
            words[word] = wins ? kind : words[word];
        }
    }

    /** Whether it is aligned to 16 bytes: {@code __int128}, {@code long double}. */
    private boolean isWide(int type, int size) {
        BtfType resolved = types.type(types.resolve(type));
        return size == 2 * WORD && (resolved instanceof BtfType.Int || resolved instanceof BtfType.Float);
    }

    private Place arm64(int type, int size) {
        int reals = homogeneous(type);
        if (reals > 0) {
            boolean fits = vector + reals <= VECTOR_REGISTERS;
            vector = fits ? vector + reals : VECTOR_REGISTERS;
            return fits ? new Place.Vector() : new Place.Stack(onStack(size, WORD));
        }
        boolean composite = types.type(types.resolve(type)) instanceof BtfType.Composite;
        if (composite && size > 2 * WORD) {
            return pointer();
        }
        int count = (size + WORD - 1) / WORD;
        general += isWide(type, size) && general % 2 == 1 ? 1 : 0;
        if (general + count > architecture.argumentRegisters()) {
            general = architecture.argumentRegisters();
            return new Place.Stack(onStack(size, isWide(type, size) ? 2 * WORD : WORD));
        }
        return new Place.Registers(registers(count));
    }

    /** How many floating-point numbers of one size a value is made of, when that is all it is and there are at most four; else 0. */
    private int homogeneous(int type) {
        List<Integer> sizes = new ArrayList<>();
        return reals(type, sizes, new int[] {MOST_MEMBERS}) && !sizes.isEmpty() && sizes.size() <= 4 ? sizes.size() : 0;
    }

    private boolean reals(int id, List<Integer> sizes, int[] left) {
        if (left[0]-- <= 0) {
            return false;
        }
        return switch (types.type(types.resolve(id))) {
            case BtfType.Float real -> {
                sizes.add(real.size());
                yield sizes.getFirst() == real.size();
            }
            case BtfType.Struct struct -> {
                boolean all = true;
                for (Member member : struct.members()) {
                    all &= reals(member.type(), sizes, left);
                }
                yield all;
            }
            case BtfType.Array array -> {
                boolean all = array.nelems() <= 4;
                for (long i = 0; all && i < array.nelems(); i++) {
                    all = reals(array.type(), sizes, left);
                }
                yield all;
            }
            case BtfType.Void _, BtfType.Int _, BtfType.Ptr _, BtfType.Union _, BtfType.Enumeration _, BtfType.Fwd _, BtfType.Typedef _,
                    BtfType.Volatile _, BtfType.Const _, BtfType.Restrict _, BtfType.Func _, BtfType.FuncProto _, BtfType.Var _,
                    BtfType.Datasec _, BtfType.DeclTag _, BtfType.TypeTag _ -> false;
        };
    }
}
