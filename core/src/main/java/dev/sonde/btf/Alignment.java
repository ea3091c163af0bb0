package dev.sonde.btf;

import java.util.HashMap;
import java.util.Map;

/** Alignments that a C compiler gives types on a 64-bit machine, and whether a struct was packed: BTF records neither. */
final class Alignment {
    private static final int WIDEST = 8;

    private final Btf btf;
    private final Map<Integer, Integer> known = new HashMap<>();

    Alignment(Btf btf) {
        this.btf = btf;
    }

    /** Alignment of type {@code id} in bytes; 1 for a packed struct and for what has no size. */
    int of(int id) {
        return of(id, 0);
    }

    private int of(int id, int depth) {
        if (depth > Layout.DEPTH) {
            throw Layout.cyclic(id);
        }
        return switch (btf.type(btf.resolve(id))) {
            case BtfType.Int integer -> natural(integer.size());
            case BtfType.Float number -> natural(number.size());
            case BtfType.Enumeration enumeration -> natural(enumeration.size());
            case BtfType.Ptr _ -> WIDEST;
            case BtfType.Array array -> of(array.type(), depth + 1);
            case BtfType.Var variable -> of(variable.type(), depth + 1);
            case BtfType.Composite composite -> ofComposite(composite, depth);
            case BtfType.Void _, BtfType.Fwd _, BtfType.Func _, BtfType.FuncProto _, BtfType.Datasec _, BtfType.DeclTag _, BtfType.Typedef _,
                 BtfType.Const _, BtfType.Volatile _, BtfType.Restrict _, BtfType.TypeTag _ -> 1;
        };
    }

    private static int natural(int size) {
        return Math.clamp(size, 1, WIDEST);
    }

    private int ofComposite(BtfType.Composite composite, int depth) {
        Integer cached = known.get(composite.id());
        if (cached != null) {
            return cached;
        }
        int alignment = membersWish(composite, depth);
        int answer = misplaces(composite, alignment, depth) ? 1 : alignment;
        known.put(composite.id(), answer);
        return answer;
    }

    private int membersWish(BtfType.Composite composite, int depth) {
        int widest = 1;
        for (Member member : composite.members()) {
            widest = Math.max(widest, of(member.type(), depth + 1));
        }
        return widest;
    }

    /** Whether {@code composite} must have been declared packed, since its size or a member is not where alignment puts it. */
    boolean isPacked(BtfType.Composite composite) {
        return misplaces(composite, membersWish(composite, 0), 0);
    }

    private boolean misplaces(BtfType.Composite composite, int alignment, int depth) {
        if (composite.size() % alignment != 0) {
            return true;
        }
        for (Member member : composite.members()) {
            if (!member.isBitfield() && member.bitOffset() % (8L * of(member.type(), depth + 1)) != 0) {
                return true;
            }
        }
        return false;
    }
}
