package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the section header table and the program header table.
 *
 * <p>Counts that do not fit their 16-bit header fields are in the null section (gABI "ELF Header", e_shnum, e_phnum and e_shstrndx).
 */
final class HeaderTables {
    private static final int SHN_XINDEX = 0xffff;
    private static final int PN_XNUM = 0xffff;
    private static final int MAX_SECTIONS = 1 << 18;
    private static final int MAX_SEGMENTS = 1 << 16;
    private static final int MAX_NAME_BYTES = 16 << 20;

    private final Cursor file;
    private final ElfHeader header;

    HeaderTables(Cursor file, ElfHeader header) {
        this.file = file;
        this.header = header;
    }

    List<Section> sections() {
        if (header.sectionOffset() == 0) {
            return List.of();
        }
        int entry = 16 + 6 * file.addressSize();
        requireEntry("e_shentsize", header.sectionSize(), entry);
        Section first = section(0, entry, null);
        long count = header.sectionCount() == 0 ? first.size() : header.sectionCount();
        if (count > MAX_SECTIONS || count < 0) {
            throw file.malformed("at most " + MAX_SECTIONS + " sections, not " + Long.toUnsignedString(count));
        }
        return named((int) count, entry, header.nameIndex() == SHN_XINDEX ? first.link() : header.nameIndex());
    }

    private List<Section> named(int count, int entry, int nameIndex) {
        StringTable names = null;
        if (nameIndex > 0 && nameIndex < count) {
            Section table = section(nameIndex, entry, null);
            names = table.inFile() ? StringTable.of(file.slice(table.offset(), table.size(), "section names")) : null;
        }
        List<Section> sections = new ArrayList<>(Math.min(count, 64));
        long nameBytes = 0;
        for (int i = 0; i < count; i++) {
            Section section = section(i, entry, names);
            sections.add(section);
            nameBytes += section.name().length();
            if (nameBytes > MAX_NAME_BYTES) {
                throw file.malformed("section names of at most " + MAX_NAME_BYTES + " bytes together");
            }
        }
        return List.copyOf(sections);
    }

    private Section section(int index, int entry, StringTable names) {
        Cursor in = file.at(header.sectionOffset()).skip((long) index * header.sectionSize());
        if (in.remaining() < entry) {
            throw in.malformed("section header " + index);
        }
        int nameOffset = in.s32();
        int type = in.s32();
        String name = names == null || nameOffset == 0 ? "" : names.get(nameOffset);
        long flags = in.address();
        long address = in.address();
        long offset = in.address();
        long size = in.address();
        int link = in.s32();
        int info = in.s32();
        return new Section(index, name, type, flags, address, offset, size, link, info, in.address(), in.address());
    }

    List<Segment> segments() {
        if (header.programOffset() == 0 || header.programCount() == 0) {
            return List.of();
        }
        int count = header.programCount();
        if (count == PN_XNUM && header.sectionOffset() != 0) {
            count = section(0, 16 + 6 * file.addressSize(), null).info();
        }
        if (count < 0 || count > MAX_SEGMENTS) {
            throw file.malformed("at most " + MAX_SEGMENTS + " program headers, not " + Integer.toUnsignedString(count));
        }
        requireEntry("e_phentsize", header.programSize(), 8 + 6 * file.addressSize());
        List<Segment> segments = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            segments.add(segment(file.at(header.programOffset()).skip((long) i * header.programSize())));
        }
        return List.copyOf(segments);
    }

    private static Segment segment(Cursor in) {
        int type = in.s32();
        boolean is64 = in.addressSize() == 8;
        int flags = is64 ? in.s32() : 0;
        long offset = in.address();
        long vaddr = in.address();
        in.address();
        long fileSize = in.address();
        long memorySize = in.address();
        flags = is64 ? flags : in.s32();
        return new Segment(type, flags, offset, vaddr, fileSize, memorySize, in.address());
    }

    private void requireEntry(String field, int size, int least) {
        if (size < least) {
            throw file.malformed(field + " of at least " + least + ", not " + size);
        }
    }
}
