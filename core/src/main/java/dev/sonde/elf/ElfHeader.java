package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * The file header (gABI "ELF Header").
 *
 * <pre>
 * e_ident[16]: 7f 'E' 'L' 'F', class (1 = 32 bit, 2 = 64 bit), data (1 = little-endian, 2 = big-endian), version, OS ABI, padding
 * e_type u16, e_machine u16, e_version u32, e_entry addr, e_phoff addr, e_shoff addr, e_flags u32,
 * e_ehsize u16, e_phentsize u16, e_phnum u16, e_shentsize u16, e_shnum u16, e_shstrndx u16
 * </pre>
 */
record ElfHeader(int type, int machine, long entry, long programOffset, int programSize, int programCount,
                 long sectionOffset, int sectionSize, int sectionCount, int nameIndex) {
    private static final int MAGIC = 0x464c457f;

    /** A cursor over the whole file with the order and address size of its e_ident. */
    static Cursor cursor(MemorySegment bytes, String name) {
        Cursor file = Cursor.of(bytes, name);
        if (file.s32() != MAGIC) {
            throw new MalformedException(name, 0, "the ELF magic 7f 45 4c 46");
        }
        int elfClass = file.u8();
        int data = file.u8();
        if (elfClass != 1 && elfClass != 2) {
            throw new MalformedException(name, 4, "ELF class 1 or 2, not " + elfClass);
        }
        if (data != 1 && data != 2) {
            throw new MalformedException(name, 5, "data encoding 1 or 2, not " + data);
        }
        return file.order(data == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).addressSize(elfClass * 4);
    }

    static ElfHeader read(Cursor file) {
        Cursor in = file.at(16);
        int type = in.u16();
        int machine = in.u16();
        in.skip(4);
        long entry = in.address();
        long programOffset = in.address();
        long sectionOffset = in.address();
        in.skip(6);
        return new ElfHeader(type, machine, entry, programOffset, in.u16(), in.u16(), sectionOffset, in.u16(), in.u16(), in.u16());
    }
}
