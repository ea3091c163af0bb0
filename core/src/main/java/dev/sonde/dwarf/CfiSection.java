package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Call frame information: {@code .eh_frame} (Linux Standard Base, Core, "Exception Frames") or {@code .debug_frame} (DWARF 5 §6.4).
 *
 * <pre>
 * entry:  length u32 (0xffffffff: u64 follows), id of the length's size, rest
 * id:     of a common information entry 0 in .eh_frame, all ones in .debug_frame; else where that entry is:
 *         bytes back from the id in .eh_frame, an offset in .debug_frame
 * rest:   of a function: first address, size, [augmentation], instructions
 * </pre>
 *
 * A function whose instructions are malformed gives the rows before them; the error is thrown when the length of an entry itself cannot be right.
 */
public final class CfiSection {
    private static final long EXTENDED_LENGTH = 0xffff_ffffL;

    private final Cursor section;
    private final EhPointer pointers;
    private final boolean debugFrame;
    private final boolean terminated;
    private final int framePointer;
    private final Map<Long, CfiEntry> entries = new HashMap<>();

    private CfiSection(Cursor section, EhPointer pointers, boolean debugFrame, boolean terminated, int framePointer) {
        this.section = section;
        this.pointers = pointers;
        this.debugFrame = debugFrame;
        this.terminated = terminated;
        this.framePointer = framePointer;
    }

    /**
     * An {@code .eh_frame}.
     *
     * @param address its virtual address
     * @param text virtual address of {@code .text}, 0 when not known
     * @param framePointer the DWARF number of the register that rows tell of as frame pointer
     */
    public static CfiSection ehFrame(Cursor section, long address, long text, int framePointer) {
        return new CfiSection(section, new EhPointer(address, text, 0), false, false, framePointer);
    }

    /**
     * An {@code .eh_frame} that is found in memory by {@code .eh_frame_hdr} (Linux Standard Base, "Exception Frame Header"), where a file has no
     * section headers. It ends with an entry of length 0.
     *
     * @param header cursor at the start of that header, over all that is loaded with it
     * @param headerAddress its virtual address
     */
    public static Optional<CfiSection> inMemory(Cursor header, long headerAddress, int framePointer) {
        if (header.u8() != 1) {
            return Optional.empty();
        }
        int encoding = header.u8();
        header.skip(2);
        long address = new EhPointer(headerAddress, 0, headerAddress).read(header, encoding);
        long start = address - headerAddress;
        if (encoding == EhPointer.DW_EH_PE_omit || start < 0 || start >= header.size()) {
            return Optional.empty();
        }
        Cursor frame = header.slice(start, header.size() - start, ".eh_frame");
        return Optional.of(new CfiSection(frame, new EhPointer(address, 0, 0), false, true, framePointer));
    }

    /** A {@code .debug_frame}; its addresses are absolute. */
    public static CfiSection debugFrame(Cursor section, int framePointer) {
        return new CfiSection(section, new EhPointer(0, 0, 0), true, false, framePointer);
    }

    /** Takes the rows of a section. */
    @FunctionalInterface
    public interface Sink {
        /** A row; those of a function come in order of address, functions as the section has them. */
        void row(CfiRow row);
    }

    /** Gives all rows to {@code sink}. */
    public void read(Sink sink) {
        Cursor in = section.at(0);
        boolean more = true;
        while (more && in.remaining() >= 4) {
            more = entry(in, sink) || !terminated;
        }
    }

    /** Whether it was an entry, and not the end of what one object file brought. */
    private boolean entry(Cursor in, Sink sink) {
        long length = in.u32();
        boolean wide = length == EXTENDED_LENGTH;
        length = wide ? in.s64() : length;
        if (length == 0) {
            return false;
        }
        long start = in.position();
        in.skip(length);
        Cursor entry = section.slice(start, length, section.section());
        long id = wide ? entry.s64() : entry.u32();
        if (!isCommon(id, wide)) {
            function(entry, debugFrame ? id : start - id, start, sink);
        }
        return true;
    }

    private boolean isCommon(long id, boolean wide) {
        return debugFrame ? id == (wide ? -1 : EXTENDED_LENGTH) : id == 0;
    }

    /** The entry at {@code offset}. One that cannot be read makes every function that names it unreadable. */
    private CfiEntry common(long offset) {
        CfiEntry known = entries.get(offset);
        if (known == null) {
            Cursor in = section.at(offset);
            long length = in.u32();
            boolean wide = length == EXTENDED_LENGTH;
            length = wide ? in.s64() : length;
            long start = in.position();
            Cursor entry = section.slice(start, length, section.section());
            if (!isCommon(wide ? entry.s64() : entry.u32(), wide)) {
                throw section.at(offset).malformed("a common information entry");
            }
            known = CfiEntry.read(entry, pointers.plus(start));
            entries.put(offset, known);
        }
        return known;
    }

    private void function(Cursor in, long commonOffset, long start, Sink sink) {
        try {
            CfiEntry common = common(commonOffset);
            EhPointer relative = pointers.plus(start);
            Cursor entry = in.addressSize(common.addressSize());
            long first = relative.read(entry, common.pointerEncoding());
            long size = EhPointer.value(entry, common.pointerEncoding());
            if (common.augmented()) {
                entry.skip(entry.uleb128());
            }
            if (size > 0) {
                CfiProgram program = new CfiProgram(common, framePointer, relative);
                program.run(entry, first, first + size, sink);
            }
        } catch (MalformedException e) {
            // Its callers stay unknown; the other functions are as good as they were.
            return;
        }
    }
}
