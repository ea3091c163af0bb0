package dev.sonde.cli;

import dev.sonde.asm.Encoder;
import dev.sonde.spec.ProgramSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs as a relocatable ELF object for eBPF, for disassemblers: a section and a function symbol for each program. A map is named by its index in
 * the trace.
 *
 * <pre>
 * file header | code of each program | symbol table | names | section headers: null, programs, .symtab, .strtab
 * </pre>
 */
final class ObjectFile {
    private static final int HEADER = 64;
    private static final int SECTION = 64;
    private static final int SYMBOL = 24;
    private static final short ET_REL = 1;
    private static final short EM_BPF = 247;
    private static final int SHT_PROGBITS = 1;
    private static final int SHT_SYMTAB = 2;
    private static final int SHT_STRTAB = 3;
    private static final int ALLOCATED_CODE = 6;
    private static final byte GLOBAL_FUNCTION = 0x12;

    private final List<byte[]> contents = new ArrayList<>();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final List<int[]> sections = new ArrayList<>();

    private ObjectFile() {}

    /** The bytes of the file. */
    static byte[] of(List<ProgramSpec> programs) {
        return new ObjectFile().write(programs);
    }

    private byte[] write(List<ProgramSpec> programs) {
        names.write(0);
        ByteBuffer symbols = buffer(SYMBOL * (programs.size() + 1));
        symbols.position(SYMBOL);
        for (ProgramSpec program : programs) {
            byte[] code = Encoder.encode(program.code()).instructions();
            int name = add(program.name(), SHT_PROGBITS, ALLOCATED_CODE, code, 0, 0, 0);
            symbols.putInt(name).put(GLOBAL_FUNCTION).put((byte) 0).putShort((short) sections.size()).putLong(0).putLong(code.length);
        }
        add(".symtab", SHT_SYMTAB, 0, symbols.array(), programs.size() + 2, 1, SYMBOL);
        int name = name(".strtab");
        sections.add(new int[] {name, SHT_STRTAB, 0, 0, 0, 0});
        contents.add(names.toByteArray());
        return file();
    }

    private int name(String name) {
        int at = names.size();
        names.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        names.write(0);
        return at;
    }

    private int add(String name, int type, int flags, byte[] content, int link, int info, int entry) {
        int at = name(name);
        sections.add(new int[] {at, type, flags, link, info, entry});
        contents.add(content);
        return at;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] file() {
        int size = HEADER;
        for (byte[] content : contents) {
            size += content.length + 7 & -8;
        }
        ByteBuffer file = buffer(size + SECTION * (sections.size() + 1));
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        file.putShort(ET_REL).putShort(EM_BPF).putInt(1).putLong(0).putLong(0).putLong(size).putInt(0).putShort((short) HEADER).putShort((short) 0)
                .putShort((short) 0).putShort((short) SECTION).putShort((short) (sections.size() + 1)).putShort((short) sections.size());
        int offset = HEADER;
        for (int i = 0; i < sections.size(); i++) {
            file.put(offset, contents.get(i));
            header(file.position(size + SECTION * (i + 1)), sections.get(i), offset, contents.get(i).length);
            offset += contents.get(i).length + 7 & -8;
        }
        return file.array();
    }

    private static void header(ByteBuffer file, int[] section, long offset, long size) {
        file.putInt(section[0]).putInt(section[1]).putLong(section[2]).putLong(0).putLong(offset).putLong(size).putInt(section[3]).putInt(section[4])
                .putLong(8).putLong(section[5]);
    }
}
