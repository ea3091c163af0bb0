package dev.sonde.elf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds a small ELF file: sections with given contents, a symbol table and one PT_LOAD over the whole file. */
final class ElfImage {
    private record Part(String name, int type, long flags, long address, byte[] bytes, long size, int link, long alignment) {
    }

    private record Entry(String name, int info, int section, long value, long size) {
    }

    private final boolean is64;
    private final boolean bigEndian;
    private final List<Part> parts = new ArrayList<>();
    private final List<Entry> symbols = new ArrayList<>();
    private int symbolType = Section.SHT_SYMTAB;
    private int machine = ElfFile.EM_X86_64;

    ElfImage(boolean is64, boolean bigEndian) {
        this.is64 = is64;
        this.bigEndian = bigEndian;
    }

    ElfImage machine(int machine) {
        this.machine = machine;
        return this;
    }

    /** Makes the symbol table a {@code .dynsym}. */
    ElfImage dynamicSymbols() {
        symbolType = Section.SHT_DYNSYM;
        return this;
    }

    ElfImage text(long address, int size) {
        return section(".text", 1, Section.SHF_ALLOC | Section.SHF_EXECINSTR, address, new byte[size]);
    }

    ElfImage section(String name, int type, long flags, long address, byte[] bytes) {
        parts.add(new Part(name, type, flags, address, bytes, bytes.length, 0, 4));
        return this;
    }

    ElfImage function(String name, long value, long size, int section) {
        symbols.add(new Entry(name, 0x12, section, value, size));
        return this;
    }

    ElfImage untyped(String name, long value, int section) {
        symbols.add(new Entry(name, 0, section, value, 0));
        return this;
    }

    ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private void word(ByteBuffer out, long value) {
        if (is64) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    MemorySegment build() {
        return MemorySegment.ofArray(bytes());
    }

    byte[] bytes() {
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.write(0);
        byte[] symtab = symbolTable(strings);
        List<Part> all = new ArrayList<>(parts);
        int strtab = all.size() + 2;
        all.add(new Part(symbolType == Section.SHT_DYNSYM ? ".dynsym" : ".symtab", symbolType, 0, 0, symtab, symtab.length, strtab, 8));
        all.add(new Part(".strtab", Section.SHT_STRTAB, 0, 0, strings.toByteArray(), strings.size(), 0, 1));
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        names.write(0);
        List<Integer> nameAt = new ArrayList<>();
        for (Part part : all) {
            nameAt.add(add(names, part.name()));
        }
        nameAt.add(add(names, ".shstrtab"));
        all.add(new Part(".shstrtab", Section.SHT_STRTAB, 0, 0, names.toByteArray(), names.size(), 0, 1));
        return assemble(all, nameAt);
    }

    private byte[] symbolTable(ByteArrayOutputStream strings) {
        ByteBuffer out = buffer((is64 ? 24 : 16) * (symbols.size() + 1)).position(is64 ? 24 : 16);
        for (Entry symbol : symbols) {
            out.putInt(add(strings, symbol.name()));
            if (is64) {
                out.put((byte) symbol.info()).put((byte) 0).putShort((short) symbol.section()).putLong(symbol.value()).putLong(symbol.size());
            } else {
                out.putInt((int) symbol.value()).putInt((int) symbol.size());
                out.put((byte) symbol.info()).put((byte) 0).putShort((short) symbol.section());
            }
        }
        return out.array();
    }

    private static int add(ByteArrayOutputStream table, String text) {
        int at = table.size();
        table.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        table.write(0);
        return at;
    }

    private byte[] assemble(List<Part> all, List<Integer> nameAt) {
        int header = is64 ? 64 : 52;
        int segment = is64 ? 56 : 32;
        int entry = is64 ? 64 : 40;
        int size = header + segment;
        for (Part part : all) {
            size = (size + 7 & -8) + part.bytes().length;
        }
        int table = size + 7 & -8;
        int total = table + entry * (all.size() + 1);
        ByteBuffer out = buffer(total);
        fileHeader(out, header, segment, entry, table, all.size() + 1);
        loadSegment(out, total);
        int at = header + segment;
        for (int i = 0; i < all.size(); i++) {
            at = at + 7 & -8;
            Part part = all.get(i);
            out.put(at, part.bytes());
            sectionHeader(out.position(table + entry * (i + 1)), part, nameAt.get(i), at);
            at += part.bytes().length;
        }
        return out.array();
    }

    private void fileHeader(ByteBuffer out, int header, int segment, int entry, int table, int count) {
        out.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (is64 ? 2 : 1), (byte) (bigEndian ? 2 : 1), 1}).position(16);
        out.putShort((short) ElfFile.ET_DYN).putShort((short) machine).putInt(1);
        word(out, 0);
        word(out, header);
        word(out, table);
        out.putInt(0).putShort((short) header).putShort((short) segment).putShort((short) 1);
        out.putShort((short) entry).putShort((short) count).putShort((short) (count - 1));
    }

    private void loadSegment(ByteBuffer out, int size) {
        out.putInt(Segment.PT_LOAD);
        if (is64) {
            out.putInt(5).putLong(0).putLong(0x10000).putLong(0x10000).putLong(size).putLong(size).putLong(0x1000);
        } else {
            out.putInt(0).putInt(0x10000).putInt(0x10000).putInt(size).putInt(size).putInt(5).putInt(0x1000);
        }
    }

    private void sectionHeader(ByteBuffer out, Part part, int name, int offset) {
        out.putInt(name).putInt(part.type());
        word(out, part.flags());
        word(out, part.address());
        word(out, offset);
        word(out, part.size());
        out.putInt(part.link()).putInt(0);
        word(out, part.alignment());
        word(out, part.type() == symbolType ? (is64 ? 24 : 16) : 0);
    }
}
