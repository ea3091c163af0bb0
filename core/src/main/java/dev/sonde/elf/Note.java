package dev.sonde.elf;

import dev.sonde.bytes.Cursor;

/**
 * One note (gABI "Note Section").
 *
 * <pre>
 * namesz u32, descsz u32, type u32, name[namesz], padding, desc[descsz], padding
 * </pre>
 *
 * Padding is to 4 bytes, or to 8 where the section or segment is aligned to 8, as GNU tools write {@code .note.gnu.property}.
 */
record Note(String owner, int type, Cursor description) {
    static final int NT_GNU_BUILD_ID = 3;
    static final int NT_STAPSDT = 3;

    /** Whether another note can follow; fewer bytes than a note header are padding. */
    static boolean hasNext(Cursor in) {
        return in.remaining() >= 12;
    }

    /** The next note of a section or segment aligned to {@code alignment}. */
    static Note next(Cursor in, long alignment) {
        int padding = alignment == 8 ? 8 : 4;
        long nameSize = in.u32();
        long descriptionSize = in.u32();
        int type = in.s32();
        Cursor name = in.slice(in.position(), nameSize, "note name");
        in.skip(nameSize).align(padding);
        Cursor description = in.slice(in.position(), descriptionSize, in.section());
        in.skip(descriptionSize).align(padding);
        return new Note(owner(name), type, description);
    }

    /** The owner without its NUL; names longer than any owner in use are not worth a string. */
    private static String owner(Cursor name) {
        return name.hasRemaining() && name.size() <= 32 && name.at(name.size() - 1).u8() == 0 ? name.string() : "";
    }
}
