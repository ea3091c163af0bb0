package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates compressed sections.
 *
 * <pre>
 * SHF_COMPRESSED (gABI "Section Compression"): ch_type u32 (1 = zlib, 2 = zstd), [64 bit: reserved u32], ch_size addr, ch_addralign addr, stream
 * .zdebug_* (GNU, before 2015):                "ZLIB", size u64 big-endian, stream
 * </pre>
 *
 * The output is outside the Java heap and lives as long as the cursor over it.
 */
final class CompressedSection {
    private static final int ELFCOMPRESS_ZLIB = 1;
    private static final int ELFCOMPRESS_ZSTD = 2;
    private static final int ZLIB_MAGIC = 0x5a4c4942;
    private static final long MAX_SIZE = 1L << 30;

    private CompressedSection() {
    }

    static MemorySegment inflate(Cursor raw) {
        int type = raw.s32();
        if (type == ELFCOMPRESS_ZSTD) {
            throw raw.malformed("zlib compression; zstd is not supported");
        }
        if (type != ELFCOMPRESS_ZLIB) {
            throw raw.malformed("compression type 1 (zlib), not " + type);
        }
        raw.skip(raw.addressSize() - 4);
        long size = raw.address();
        raw.address();
        return inflate(raw, size);
    }

    static MemorySegment inflateZdebug(Cursor raw) {
        Cursor in = raw.order(ByteOrder.BIG_ENDIAN);
        if (in.s32() != ZLIB_MAGIC) {
            throw raw.malformed("\"ZLIB\" at the start");
        }
        long size = in.s64();
        return inflate(in, size);
    }

    private static MemorySegment inflate(Cursor in, long size) {
        if (size < 0 || size > MAX_SIZE) {
            throw in.malformed("at most " + MAX_SIZE + " inflated bytes, not " + Long.toUnsignedString(size));
        }
        MemorySegment compressed = in.segment().asSlice(in.position());
        if (compressed.byteSize() > MAX_SIZE) {
            throw in.malformed("at most " + MAX_SIZE + " compressed bytes");
        }
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(compressed.asByteBuffer());
            return inflated(inflater, size, in);
        } catch (DataFormatException e) {
            throw in.malformed("a zlib stream; " + e.getMessage());
        }
    }

    /** Grows the output with what is really there: the declared size may lie. */
    private static MemorySegment inflated(Inflater inflater, long size, Cursor in) throws DataFormatException {
        long room = Math.min(size, 16 * in.remaining() + 64);
        MemorySegment out = Arena.ofAuto().allocate(Math.max(room, 1));
        ByteBuffer buffer = out.asByteBuffer().limit((int) room);
        while (buffer.position() < size) {
            if (!buffer.hasRemaining()) {
                room = Math.min(size, 2 * room);
                MemorySegment larger = Arena.ofAuto().allocate(room);
                MemorySegment.copy(out, 0, larger, 0, buffer.position());
                buffer = larger.asByteBuffer().position(buffer.position());
                out = larger;
            }
            if (inflater.inflate(buffer) == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                throw new MalformedException(in.section(), in.position(), size + " inflated bytes; only " + buffer.position() + " came out");
            }
        }
        return out.asSlice(0, size);
    }
}
