package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The native side of one call at a time: six registers, the error number the linker captures, and one structure. Texts, arrays and segments on
 * the Java heap are copied to memory that lives until {@link #release()}; heap segments passed as pointers are copied back by {@link #collect()}.
 */
final class CallBuffer implements Arguments {
    /** The error number comes first: the linker's capture state is a structure of just that int on Linux. */
    private static final int STRUCTURE = 8;
    private static final int LARGEST_STRUCTURE = 160;
    private static final int OBJECT_NAME = 16;

    private final MemorySegment memory = Arena.global().allocate(STRUCTURE + LARGEST_STRUCTURE, 8);
    /** A byte buffer sets fields without the method handles behind segment accesses, which cost milliseconds at start-up. */
    private final ByteBuffer view = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    private final long[] registers = new long[6];
    private int used;
    private Arena copies;
    private List<MemorySegment> borrowed;

    /** The segment whose first int receives errno. */
    MemorySegment captureState() {
        return memory;
    }

    int errno() {
        return view.getInt(0);
    }

    long register(int index) {
        return registers[index];
    }

    /** A field of the structure after the call. */
    int resultInt(int offset) {
        return view.getInt(STRUCTURE + offset);
    }

    /** Copies what the kernel wrote for pointers to heap segments back to them. */
    void collect() {
        if (borrowed != null) {
            for (int i = 0; i < borrowed.size(); i += 2) {
                borrowed.get(i).copyFrom(borrowed.get(i + 1));
            }
        }
    }

    /** Makes the buffer ready for the next call. */
    void release() {
        Arrays.fill(registers, 0);
        used = 0;
        borrowed = null;
        if (copies != null) {
            copies.close();
            copies = null;
        }
    }

    @Override
    public void value(String name, long value) {
        registers[used++] = value;
    }

    @Override
    public void constant(String spelling, long value) {
        registers[used++] = value;
    }

    @Override
    public void pointer(String name, MemorySegment segment) {
        registers[used++] = address(segment);
    }

    @Override
    public void text(String name, String text) {
        registers[used++] = copy(text);
    }

    @Override
    public void structure(String name, int size) {
        if (size > LARGEST_STRUCTURE) {
            throw new IllegalArgumentException(name + " of " + size + " bytes");
        }
        for (int i = 0; i < LARGEST_STRUCTURE; i += 8) {
            view.putLong(STRUCTURE + i, 0);
        }
        registers[used++] = memory.address() + STRUCTURE;
    }

    @Override
    public void u32(int offset, String name, int value) {
        view.putInt(STRUCTURE + offset, value);
    }

    @Override
    public void u64(int offset, String name, long value) {
        view.putLong(STRUCTURE + offset, value);
    }

    @Override
    public void pointer(int offset, String name, MemorySegment segment) {
        u64(offset, name, address(segment));
    }

    @Override
    public void text(int offset, String name, String text) {
        u64(offset, name, copy(text));
    }

    @Override
    public void texts(int offset, String name, String[] texts) {
        if (texts != null) {
            long[] addresses = new long[texts.length];
            for (int i = 0; i < texts.length; i++) {
                addresses[i] = copy(texts[i]);
            }
            longs(offset, name, addresses);
        }
    }

    @Override
    public void bytes(int offset, String name, byte[] bytes) {
        if (bytes != null) {
            u64(offset, name, copy(bytes, bytes.length));
        }
    }

    @Override
    public void longs(int offset, String name, long[] values) {
        if (values != null) {
            MemorySegment copy = copies().allocate(8L * Math.max(1, values.length), 8);
            MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_LONG, 0, values.length);
            u64(offset, name, copy.address());
        }
    }

    /** The kernel takes letters, digits, dots and underscores, and 15 bytes at most. */
    @Override
    public void objectName(int offset, String name, String text) {
        int length = Math.min(text.length(), OBJECT_NAME - 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean allowed = c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '_');
            view.put(STRUCTURE + offset + i, (byte) (allowed ? c : '_'));
        }
    }

    private long address(MemorySegment segment) {
        if (segment == null) {
            return 0;
        }
        return segment.isNative() ? segment.address() : borrow(segment).address();
    }

    private MemorySegment borrow(MemorySegment heap) {
        MemorySegment copy = copies().allocate(Math.max(1, heap.byteSize()), 8);
        MemorySegment.copy(heap, 0, copy, 0, heap.byteSize());
        if (!heap.isReadOnly()) {
            borrowed = borrowed == null ? new ArrayList<>() : borrowed;
            borrowed.add(heap);
            borrowed.add(copy.asSlice(0, heap.byteSize()));
        }
        return copy;
    }

    private long copy(String text) {
        if (text == null) {
            return 0;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return copy(bytes, bytes.length + 1L);
    }

    private long copy(byte[] bytes, long size) {
        MemorySegment copy = copies().allocate(Math.max(1, size), 8);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy.address();
    }

    private Arena copies() {
        if (copies == null) {
            copies = Arena.ofConfined();
        }
        return copies;
    }
}
