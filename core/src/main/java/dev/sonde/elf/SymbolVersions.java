package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Versions of dynamic symbols (LSB "Symbol Versioning").
 *
 * <pre>
 * .gnu.version:   one u16 per symbol: bit 15 = not the default version, the rest a version index; 0 and 1 have no version
 * .gnu.version_d: vd_version u16, vd_flags u16, vd_ndx u16, vd_cnt u16, vd_hash u32, vd_aux u32, vd_next u32; aux: vda_name u32, vda_next u32
 * .gnu.version_r: vn_version u16, vn_cnt u16, vn_file u32, vn_aux u32, vn_next u32;
 *                 aux: vna_hash u32, vna_flags u16, vna_other u16, vna_name u32, vna_next u32
 * </pre>
 */
final class SymbolVersions {
    private static final int HIDDEN = 0x8000;
    private static final int INDEX = 0x7fff;
    private static final int MAX_NAMES = 1 << 16;
    private static final SymbolVersions NONE = new SymbolVersions(null, null);

    private final Cursor perSymbol;
    private final StringTable names;
    /** By version index: the name's offset, complemented for a version that another file defines; 0 for none. */
    private int[] nameOffsets = new int[16];
    private int named;

    private SymbolVersions(Cursor perSymbol, StringTable names) {
        this.perSymbol = perSymbol;
        this.names = names;
    }

    static SymbolVersions read(ElfFile elf) {
        Optional<Section> perSymbol = elf.firstOfType(Section.SHT_GNU_VERSYM).filter(Section::inFile);
        Optional<Section> defined = elf.firstOfType(Section.SHT_GNU_VERDEF);
        Optional<Section> needed = elf.firstOfType(Section.SHT_GNU_VERNEED);
        Optional<Section> named = defined.isPresent() ? defined : needed;
        if (perSymbol.isEmpty() || named.isEmpty()) {
            return NONE;
        }
        Cursor in = elf.raw(named.get());
        List<Section> sections = elf.sections();
        if (named.get().link() <= 0 || named.get().link() >= sections.size()) {
            throw in.malformed("sh_link of a string table");
        }
        SymbolVersions versions = new SymbolVersions(elf.raw(perSymbol.get()), StringTable.of(elf.raw(sections.get(named.get().link()))));
        defined.ifPresent(section -> versions.readDefined(elf.raw(section)));
        needed.ifPresent(section -> versions.readNeeded(elf.raw(section)));
        return versions;
    }

    private void readDefined(Cursor in) {
        while (in.remaining() >= 20) {
            long start = in.position();
            int index = in.skip(4).u16() & INDEX;
            long aux = in.skip(6).u32();
            long next = in.u32();
            nameOffset(index, in.at(start).skip(aux).s32(), in);
            if (next < 20) {
                return;
            }
            in.seek(start).skip(next);
        }
    }

    private void readNeeded(Cursor in) {
        while (in.remaining() >= 16) {
            long start = in.position();
            int count = in.skip(2).u16();
            long aux = in.skip(4).u32();
            long next = in.u32();
            readNeededNames(in.at(start).skip(aux), count);
            if (next < 16) {
                return;
            }
            in.seek(start).skip(next);
        }
    }

    private void readNeededNames(Cursor in, int count) {
        for (int i = 0; i < count; i++) {
            long start = in.position();
            int index = in.skip(6).u16() & INDEX;
            nameOffset(index, ~in.s32(), in);
            long next = in.u32();
            if (next < 16) {
                return;
            }
            in.seek(start).skip(next);
        }
    }

    /** Overlapping entries of a hostile table could otherwise be walked without end. */
    private void nameOffset(int index, int offset, Cursor in) {
        if (++named > MAX_NAMES) {
            throw in.malformed("at most " + MAX_NAMES + " versions");
        }
        if (index >= nameOffsets.length) {
            nameOffsets = Arrays.copyOf(nameOffsets, Math.max(index + 1, 2 * nameOffsets.length));
        }
        nameOffsets[index] = offset;
    }

    /** The version of symbol {@code symbol} with {@code @} or {@code @@} before it; empty for none, and for the symbol of the version itself. */
    String suffix(int symbol, String name) {
        if (perSymbol == null || 2L * symbol + 2 > perSymbol.size()) {
            return "";
        }
        int entry = perSymbol.seek(2L * symbol).u16();
        int index = entry & INDEX;
        int offset = index < 2 || index >= nameOffsets.length ? 0 : nameOffsets[index];
        if (offset == 0) {
            return "";
        }
        String version = names.get(offset < 0 ? ~offset : offset);
        return version.equals(name) ? "" : (offset > 0 && (entry & HIDDEN) == 0 ? "@@" : "@") + version;
    }
}
