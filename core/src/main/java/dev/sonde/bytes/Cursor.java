package dev.sonde.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Sequential, bounds-checked reads over one section of a binary file.
 *
 * <p>A cursor has a position, a byte order and an address size (4 or 8 bytes), so a reader holds no 32/64-bit twins. Positions and offsets
 * are bytes from the start of the section. Any read past the end throws {@link MalformedException}. A cursor is not thread-safe; make one
 * per reader with {@link #at(long)}, which shares the bytes.
 */
public final class Cursor {
    private static final ValueLayout.OfShort SHORT_LE = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_LE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_LE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;
    private final String section;
    private final boolean bigEndian;
    private final int addressSize;
    private long position;

    private Cursor(MemorySegment bytes, String section, boolean bigEndian, int addressSize, long position) {
        this.bytes = bytes;
        this.section = section;
        this.bigEndian = bigEndian;
        this.addressSize = addressSize;
        this.position = position;
    }

    /** A cursor at the start of {@code bytes}, little-endian, with 8-byte addresses; {@code section} is named in errors. */
    public static Cursor of(MemorySegment bytes, String section) {
        return new Cursor(bytes, section, false, 8, 0);
    }

    /** The same over a heap array. */
    public static Cursor of(byte[] bytes, String section) {
        return of(MemorySegment.ofArray(bytes), section);
    }

    /** The same bytes and position, read in {@code order}. */
    public Cursor order(ByteOrder order) {
        return new Cursor(bytes, section, order == ByteOrder.BIG_ENDIAN, addressSize, position);
    }

    /** The same bytes and position with addresses of {@code size} bytes (4 or 8). */
    public Cursor addressSize(int size) {
        if (size != 4 && size != 8) {
            throw malformed("an address size of 4 or 8, not " + size);
        }
        return new Cursor(bytes, section, bigEndian, size, position);
    }

    /** An independent cursor over the same bytes at {@code offset}. */
    public Cursor at(long offset) {
        return new Cursor(bytes, section, bigEndian, addressSize, 0).seek(offset);
    }

    /** An independent cursor over {@code size} bytes from {@code offset}; its positions start at 0 and errors name {@code name}. */
    public Cursor slice(long offset, long size, String name) {
        if (offset < 0 || size < 0 || offset > bytes.byteSize() - size) {
            throw new MalformedException(section, offset, size + " bytes of " + name + "; " + bytes.byteSize() + " bytes are there in all");
        }
        return new Cursor(bytes.asSlice(offset, size), name, bigEndian, addressSize, 0);
    }

    /** Bytes from the start of the section to the next read. */
    public long position() {
        return position;
    }

    /** Size of the section in bytes. */
    public long size() {
        return bytes.byteSize();
    }

    /** Bytes left to read. */
    public long remaining() {
        return bytes.byteSize() - position;
    }

    /** Whether anything is left to read. */
    public boolean hasRemaining() {
        return position < bytes.byteSize();
    }

    /** Size of an address in bytes: 4 or 8. */
    public int addressSize() {
        return addressSize;
    }

    /** Byte order of the integers. */
    public ByteOrder order() {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** The name used in errors. */
    public String section() {
        return section;
    }

    /** The bytes below, whole. */
    public MemorySegment segment() {
        return bytes;
    }

    /** Moves to {@code offset}, which may be the end. */
    public Cursor seek(long offset) {
        if (offset < 0 || offset > bytes.byteSize()) {
            throw new MalformedException(section, offset, "an offset within its " + bytes.byteSize() + " bytes");
        }
        position = offset;
        return this;
    }

    /** Skips {@code count} bytes. */
    public Cursor skip(long count) {
        advance(count);
        return this;
    }

    /** Moves forward to the next multiple of {@code alignment} (a power of two), or to the end when that comes first. */
    public Cursor align(int alignment) {
        position = Math.min((position + alignment - 1) & -alignment, bytes.byteSize());
        return this;
    }

    /** An unsigned byte. */
    public int u8() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
    }

    /** A signed byte. */
    public byte s8() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1));
    }

    /** An unsigned 16-bit integer. */
    public int u16() {
        short value = bytes.get(SHORT_LE, advance(2));
        return (bigEndian ? Short.reverseBytes(value) : value) & 0xffff;
    }

    /** A signed 32-bit integer. */
    public int s32() {
        int value = bytes.get(INT_LE, advance(4));
        return bigEndian ? Integer.reverseBytes(value) : value;
    }

    /** An unsigned 32-bit integer. */
    public long u32() {
        return Integer.toUnsignedLong(s32());
    }

    /** A 64-bit integer. */
    public long s64() {
        long value = bytes.get(LONG_LE, advance(8));
        return bigEndian ? Long.reverseBytes(value) : value;
    }

    /** A 32-bit count or size that must fit in an {@code int}. */
    public int count() {
        long at = position;
        int value = s32();
        if (value < 0) {
            throw new MalformedException(section, at, "a count below 2^31, not " + Integer.toUnsignedString(value));
        }
        return value;
    }

    /** An unsigned address of {@link #addressSize()} bytes. */
    public long address() {
        return addressSize == 8 ? s64() : u32();
    }

    /** An unsigned integer of {@code size} bytes, 1 to 8. */
    public long unsigned(int size) {
        return switch (size) {
            case 1 -> u8();
            case 2 -> u16();
            case 4 -> u32();
            case 8 -> s64();
            case 3, 5, 6, 7 -> bytewise(size);
            default -> throw malformed("an integer of 1 to 8 bytes, not " + size);
        };
    }

    private long bytewise(int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            long next = u8();
            value = bigEndian ? value << 8 | next : value | next << (8 * i);
        }
        return value;
    }

    /** An unsigned LEB128 (DWARF 5 §7.6); more than 64 significant bits are malformed. */
    public long uleb128() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = u8();
            if (shift > 63 || shift == 63 && (next & 0x7e) != 0) {
                throw malformed("an unsigned LEB128 of at most 64 bits");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
    }

    /** A signed LEB128 (DWARF 5 §7.6). */
    public long sleb128() {
        long value = 0;
        for (int shift = 0; ; ) {
            int next = u8();
            if (shift > 63) {
                throw malformed("a signed LEB128 of at most 64 bits");
            }
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
            if (next < 0x80) {
                return shift < 64 && (next & 0x40) != 0 ? value | -1L << shift : value;
            }
        }
    }

    /** A NUL-terminated UTF-8 string; the position moves past the NUL. */
    public String string() {
        long end = terminator();
        String value = text(position, end - position);
        position = end + 1;
        return value;
    }

    /** The NUL-terminated string at {@code offset}; the position stays. */
    public String stringAt(long offset) {
        return at(offset).string();
    }

    /** {@code count} raw bytes. */
    public byte[] bytes(long count) {
        long at = advance(count);
        return bytes.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE);
    }

    /** An error at the current position. */
    public MalformedException malformed(String expectation) {
        return new MalformedException(section, position, expectation);
    }

    private String text(long from, long length) {
        if (length > Integer.MAX_VALUE - 8) {
            throw malformed("a string below 2 GiB");
        }
        byte[] out = new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, out, 0, (int) length);
        return new String(out, StandardCharsets.UTF_8);
    }

    private long terminator() {
        long end = bytes.byteSize();
        for (long i = position; i < end; i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, i) == 0) {
                return i;
            }
        }
        throw malformed("a string that ends with a NUL");
    }

    private long advance(long count) {
        long at = position;
        if (count < 0 || count > bytes.byteSize() - at) {
            throw malformed(count + " more bytes; " + remaining() + " are left");
        }
        position = at + count;
        return at;
    }
}
