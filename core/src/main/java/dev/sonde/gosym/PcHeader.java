package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import java.nio.ByteOrder;

/**
 * The head of the table, {@code runtime.pcHeader}.
 *
 * <pre>
 * all:   magic u32, 0 u8, 0 u8, minLC u8 (instruction quantum), ptrSize u8
 * 1.2:   nfunc ptr, functab; then fileoff u32
 * 1.16:  nfunc ptr, nfiles ptr, funcnameOffset, cuOffset, filetabOffset, pctabOffset, pclnOffset: ptr each
 * 1.18+: nfunc ptr, nfiles ptr, textStart ptr, funcnameOffset, cuOffset, filetabOffset, pctabOffset, pclnOffset: ptr each
 * </pre>
 *
 * Offsets are from the start of the table. {@code functab} is {@code nfunc} pairs of entry and offset of the function's record, and the end
 * of the last function. Its fields are pointers before 1.18 and u32 since; the offsets count from {@code functions}.
 */
record PcHeader(Version version, int quantum, Cursor table, long count, long textStart, long names, long units, long files, long values,
                long functab, long functions) {
    private static final int HEAD = 8;
    private static final int GO_1_2 = 0xfffffffb;
    private static final int GO_1_16 = 0xfffffffa;
    private static final int GO_1_18 = 0xfffffff0;
    private static final int GO_1_20 = 0xfffffff1;

    /** The layouts, each named after the Go version that brought it. */
    enum Version {
        GO_1_2, GO_1_16, GO_1_18, GO_1_20;

        boolean hasOffsets() {
            return this == GO_1_18 || this == GO_1_20;
        }
    }

    /** Whether a table may start at the position of {@code in}, going by three bytes of the magic in either byte order. */
    static boolean mayStart(Cursor in) {
        int magic = in.s32();
        return (magic >>> 8 == 0xffffff || (magic & 0xffffff) == 0xffffff) && in.u16() == 0;
    }

    static PcHeader read(Cursor section) {
        Cursor in = section.at(0);
        Cursor little = in.order(ByteOrder.LITTLE_ENDIAN);
        int magic = little.s32();
        boolean isLittle = magic >>> 8 == 0xffffff;
        Version version = version(isLittle ? magic : Integer.reverseBytes(magic), section);
        in = in.order(isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).skip(4);
        int padding = in.u16();
        int quantum = in.u8();
        int pointer = in.u8();
        if (padding != 0 || quantum != 1 && quantum != 2 && quantum != 4 || pointer != 4 && pointer != 8) {
            throw in.malformed("before it two zeroes, a quantum of 1, 2 or 4 and a pointer size of 4 or 8");
        }
        return read(version, quantum, in.addressSize(pointer));
    }

    private static Version version(int magic, Cursor section) {
        return switch (magic) {
            case GO_1_2 -> Version.GO_1_2;
            case GO_1_16 -> Version.GO_1_16;
            case GO_1_18 -> Version.GO_1_18;
            case GO_1_20 -> Version.GO_1_20;
            default -> throw section.at(0).malformed("a pclntab magic, not 0x" + Integer.toHexString(magic));
        };
    }

    private static PcHeader read(Version version, int quantum, Cursor in) {
        long count = in.address();
        if (version == Version.GO_1_2) {
            return read12(version, quantum, in, count);
        }
        in.address();
        long textStart = version.hasOffsets() ? in.address() : 0;
        long names = in.address();
        long units = in.address();
        long files = in.address();
        long values = in.address();
        long functab = in.address();
        return new PcHeader(version, quantum, in, count, textStart, names, units, files, values, functab, functab).checked();
    }

    private static PcHeader read12(Version version, int quantum, Cursor in, long count) {
        int pointer = in.addressSize();
        long functab = HEAD + pointer;
        PcHeader unchecked = new PcHeader(version, quantum, in, count, 0, 0, 0, 0, 0, functab, 0).checked();
        long files = in.at(functab + (2 * count + 1) * pointer).u32();
        return new PcHeader(version, quantum, unchecked.table(), count, 0, 0, 0, files, 0, functab, 0);
    }

    private PcHeader checked() {
        Cursor from = table.at(functab);
        if (count < 0 || count > from.remaining() / fieldSize() / 2 || (2 * count + 1) * fieldSize() > from.remaining()) {
            throw from.malformed("a table of " + Long.toUnsignedString(count) + " functions; " + from.remaining() + " bytes are left");
        }
        return this;
    }

    /** Bytes of one field of the functab. */
    int fieldSize() {
        return version.hasOffsets() ? 4 : table.addressSize();
    }

    /** The bytes from {@code offset} to the end of the table. */
    Cursor from(long offset, String name) {
        return table.slice(offset, table.size() - offset, name);
    }
}
