package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * Which calls were inlined where: {@code FUNCDATA_InlTree}, an array of {@code runtime.inlinedCall}, indexed by
 * {@code PCDATA_InlTreeIndex}, -1 outside inlined code.
 *
 * <pre>
 * 1.18, 1.19: parent s16, funcID u8, pad u8, file s32, line s32, func s32 (name offset), parentPc s32
 * 1.20+:      funcID u8, pad u8[3], nameOff s32, parentPc s32, startLine s32
 * </pre>
 */
final class InlineTrees {
    private static final int PCDATA_INL_TREE_INDEX = 2;
    private static final int FUNCDATA_INL_TREE = 3;
    private static final int NO_FUNCDATA = -1;
    private static final int MAX_DEPTH = 256;

    /** One inlined call: its function's name, and the distance from the entry of an instruction of the call in the caller. */
    record Call(int nameOffset, long parentPc) {
    }

    private final PcHeader header;
    private final Cursor goFunc;

    InlineTrees(PcHeader header, Cursor goFunc) {
        this.header = header;
        this.goFunc = goFunc.order(header.table().order());
    }

    /** The inlined calls at {@code distance} bytes from the entry, innermost first. */
    List<Call> calls(FuncRecord record, long distance) {
        List<Call> calls = new ArrayList<>(2);
        if (record.pcdataCount() <= PCDATA_INL_TREE_INDEX || record.funcdataCount() <= FUNCDATA_INL_TREE) {
            return calls;
        }
        Cursor in = header.table().at(record.pcdata());
        int indexes = in.skip(4 * PCDATA_INL_TREE_INDEX).s32();
        int tree = in.seek(record.pcdata()).skip(4L * record.pcdataCount() + 4 * FUNCDATA_INL_TREE).s32();
        if (tree == NO_FUNCDATA) {
            return calls;
        }
        int index = PcValues.at(header, indexes, distance);
        while (index >= 0 && calls.size() < MAX_DEPTH) {
            Call call = call(Integer.toUnsignedLong(tree), index);
            calls.add(call);
            index = PcValues.at(header, indexes, call.parentPc());
        }
        return calls;
    }

    private Call call(long tree, int index) {
        boolean wide = header.version() == PcHeader.Version.GO_1_18;
        Cursor in = goFunc.at(0).skip(tree).skip((wide ? 20L : 16L) * index + (wide ? 12 : 4));
        return new Call(in.s32(), in.u32());
    }
}
