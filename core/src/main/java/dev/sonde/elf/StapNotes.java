package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code .note.stapsdt} (SystemTap wiki, "UserSpaceProbeImplementation").
 *
 * <pre>
 * note: owner "stapsdt", type 3, description: pc addr, base addr, semaphore addr, provider NUL, name NUL, arguments NUL
 * </pre>
 *
 * The addresses were right when the file was linked and the section {@code .stapsdt.base} was at {@code base}; prelink moves code but not
 * notes, so they are shifted by how far that section has moved since.
 */
public final class StapNotes {
    private static final int MAX_STRING = 4096;

    private StapNotes() {
    }

    /** The probe sites of {@code elf} in file order; empty when it has none. */
    public static List<StapNote> read(ElfFile elf) {
        List<StapNote> notes = new ArrayList<>();
        Optional<Section> base = elf.section(".stapsdt.base");
        for (Section section : elf.sections()) {
            if (section.type() == Section.SHT_NOTE && section.name().equals(".note.stapsdt")) {
                read(elf.raw(section), section.alignment(), base, notes);
            }
        }
        return notes;
    }

    private static void read(Cursor in, long alignment, Optional<Section> base, List<StapNote> notes) {
        while (Note.hasNext(in)) {
            Note note = Note.next(in, alignment);
            if (note.type() == Note.NT_STAPSDT && note.owner().equals("stapsdt")) {
                notes.add(site(note.description(), base));
            }
        }
    }

    private static StapNote site(Cursor in, Optional<Section> base) {
        long pc = in.address();
        long linkedBase = in.address();
        long semaphore = in.address();
        long shift = base.isPresent() && linkedBase != 0 ? base.get().address() - linkedBase : 0;
        return new StapNote(string(in), string(in), pc + shift, semaphore == 0 ? 0 : semaphore + shift, string(in));
    }

    private static String string(Cursor in) {
        String value = in.string();
        if (value.length() > MAX_STRING) {
            throw in.malformed("a string of at most " + MAX_STRING + " bytes before it");
        }
        return value;
    }
}
