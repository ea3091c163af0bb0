package dev.sonde.btf;

import dev.sonde.bytes.MalformedException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Sizes, and members by name. Every walk along ids has a bound, since a malformed blob can hold cycles. */
final class Layout {
    /** Twice what the kernel's own check allows ({@code MAX_RESOLVE_DEPTH}). */
    static final int DEPTH = 64;
    static final long LARGEST = 0xffff_ffffL;
    private static final int POINTER = 8;
    private static final int ANONYMOUS = 1024;

    private final Btf btf;

    Layout(Btf btf) {
        this.btf = btf;
    }

    int resolve(int id) {
        int current = id;
        for (int depth = 0; depth < DEPTH; depth++) {
            int next = target(btf.type(current));
            if (next < 0) {
                return current;
            }
            current = next;
        }
        throw cyclic(id);
    }

    /** What a modifier or typedef is of; -1 for all other types. */
    static int target(BtfType type) {
        return switch (type) {
            case BtfType.Typedef typedef -> typedef.type();
            case BtfType.Const qualified -> qualified.type();
            case BtfType.Volatile qualified -> qualified.type();
            case BtfType.Restrict qualified -> qualified.type();
            case BtfType.TypeTag tagged -> tagged.type();
            case BtfType.Void _, BtfType.Int _, BtfType.Ptr _, BtfType.Array _, BtfType.Composite _, BtfType.Enumeration _, BtfType.Fwd _,
                 BtfType.Func _, BtfType.FuncProto _, BtfType.Var _, BtfType.Datasec _, BtfType.Float _, BtfType.DeclTag _ -> -1;
        };
    }

    OptionalLong sizeOf(int id) {
        long count = 1;
        int current = id;
        for (int depth = 0; depth < DEPTH; depth++) {
            BtfType type = btf.type(resolve(current));
            if (type instanceof BtfType.Array array) {
                count = product(id, count, array.nelems());
                current = array.type();
            } else if (type instanceof BtfType.Var variable) {
                current = variable.type();
            } else {
                long size = ownSize(type);
                return size < 0 ? OptionalLong.empty() : OptionalLong.of(product(id, count, size));
            }
        }
        throw cyclic(id);
    }

    private static long ownSize(BtfType type) {
        return switch (type) {
            case BtfType.Int integer -> integer.size();
            case BtfType.Ptr _ -> POINTER;
            case BtfType.Composite composite -> composite.size();
            case BtfType.Enumeration enumeration -> enumeration.size();
            case BtfType.Float number -> number.size();
            case BtfType.Datasec section -> section.size();
            case BtfType.Void _, BtfType.Array _, BtfType.Fwd _, BtfType.Func _, BtfType.FuncProto _, BtfType.Var _, BtfType.DeclTag _,
                 BtfType.Typedef _, BtfType.Const _, BtfType.Volatile _, BtfType.Restrict _, BtfType.TypeTag _ -> -1;
        };
    }

    private static long product(int id, long count, long size) {
        long product = count * size; // both are below 2^32
        if (count != 0 && (product / count != size || product < 0 || product > LARGEST)) {
            throw new MalformedException("BTF types", 0, "a size below 2^32 for type id " + id);
        }
        return product;
    }

    Optional<Member> memberOf(int id, String name) {
        return btf.type(resolve(id)) instanceof BtfType.Composite composite
            ? Optional.ofNullable(find(composite, name, 0, new HashSet<>()))
            : Optional.empty();
    }

    /** {@code seen} are the anonymous members looked into, each once: enough for any blob, and the bound for a malformed one. */
    private Member find(BtfType.Composite composite, String name, long bits, Set<Integer> seen) {
        for (Member member : composite.members()) {
            if (member.name().equals(name)) {
                return asBitfield(member).movedBy(bits);
            }
            if (member.name().isEmpty() && btf.type(resolve(member.type())) instanceof BtfType.Composite inner && seen.add(inner.id())) {
                Member found = find(inner, name, bits + member.bitOffset(), bounded(inner, seen));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static Set<Integer> bounded(BtfType.Composite inner, Set<Integer> seen) {
        if (seen.size() > ANONYMOUS) {
            throw new MalformedException("BTF types", 0, "at most " + ANONYMOUS + " anonymous members around type id " + inner.id());
        }
        return seen;
    }

    /** Without the struct's kind_flag, a bit field's place and width are its integer's. */
    private Member asBitfield(Member member) {
        if (member.isBitfield() || !(btf.type(resolve(member.type())) instanceof BtfType.Int integer) || integer.bits() == integer.size() * 8) {
            return member;
        }
        return new Member(member.name(), member.type(), member.bitOffset() + integer.bitOffset(), integer.bits());
    }

    static MalformedException cyclic(int id) {
        return new MalformedException("BTF types", 0, "at most " + DEPTH + " steps from type id " + id + " to what it is");
    }
}
