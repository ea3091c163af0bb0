package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The symbols of {@code .symtab} or {@code .dynsym} (gABI "Symbol Table"), addressed by their index in the table.
 *
 * <pre>
 * 32 bit: st_name u32, st_value u32, st_size u32, st_info u8, st_other u8, st_shndx u16
 * 64 bit: st_name u32, st_info u8, st_other u8, st_shndx u16, st_value u64, st_size u64
 * </pre>
 *
 * <p>No object is made per symbol: the accessors by index read the table in place, and {@link #symbol(int)} makes one when asked. The first
 * {@link #lookup} sorts the addresses once. Like {@link StringTable}, it reads a {@link ByteBuffer}, for files have hundreds of thousands of
 * symbols and are read by code that is not optimised yet.
 */
public final class SymbolTable {
    private static final int SHN_LORESERVE = 0xff00;
    private static final int SHN_XINDEX = 0xffff;
    private static final int MAX_SYMBOLS = 1 << 23;

    private final ElfFile elf;
    private final ByteBuffer entries;
    private final int count;
    private final int stride;
    private final int valueAt;
    private final int infoAt;
    private final StringTable names;
    private final Optional<Cursor> extendedSections;
    private final boolean dynamic;
    private SymbolVersions versions;
    private SymbolIndex index;

    private SymbolTable(ElfFile elf, Section section, StringTable names, Optional<Cursor> extendedSections) {
        Cursor bytes = elf.raw(section);
        this.elf = elf;
        this.stride = elf.is64() ? 24 : 16;
        this.valueAt = elf.is64() ? 8 : 4;
        this.infoAt = elf.is64() ? 4 : 12;
        if (bytes.size() / stride > MAX_SYMBOLS) {
            throw bytes.malformed("at most " + MAX_SYMBOLS + " symbols");
        }
        this.entries = bytes.segment().asByteBuffer().order(elf.order());
        this.count = (int) (bytes.size() / stride);
        this.names = names;
        this.extendedSections = extendedSections;
        this.dynamic = section.type() == Section.SHT_DYNSYM;
    }

    static SymbolTable of(ElfFile elf, Section section) {
        int link = section.link();
        if (link <= 0 || link >= elf.sections().size()) {
            throw new MalformedException(section.name(), 0, "sh_link of a string table, not " + Integer.toUnsignedString(link));
        }
        StringTable names = StringTable.of(elf.raw(elf.sections().get(link)));
        return new SymbolTable(elf, section, names, extended(elf, section));
    }

    private static Optional<Cursor> extended(ElfFile elf, Section table) {
        for (Section section : elf.sections()) {
            if (section.type() == Section.SHT_SYMTAB_SHNDX && section.link() == table.index()) {
                return Optional.of(elf.raw(section));
            }
        }
        return Optional.empty();
    }

    /** Number of symbols, with the null symbol at index 0. */
    public int size() {
        return count;
    }

    /** Virtual address of symbol {@code i}. */
    public long value(int i) {
        int at = i * stride + valueAt;
        return stride == 24 ? entries.getLong(at) : Integer.toUnsignedLong(entries.getInt(at));
    }

    /** Bytes of symbol {@code i}; 0 when unknown. */
    public long size(int i) {
        int at = i * stride + (valueAt << 1);
        return stride == 24 ? entries.getLong(at) : Integer.toUnsignedLong(entries.getInt(at));
    }

    /** Type of symbol {@code i}. */
    public Symbol.Type type(int i) {
        return Symbol.Type.of(info(i) & 0xf);
    }

    /** Binding of symbol {@code i}. */
    public Symbol.Binding binding(int i) {
        return Symbol.Binding.of(info(i) >> 4 & 0xf);
    }

    /** Name of symbol {@code i}, without a version; empty when it has none. */
    public String name(int i) {
        int at = nameOffset(i);
        return at == 0 ? "" : names.get(at);
    }

    /** Section index of symbol {@code i}: 0 when undefined, or a reserved {@code SHN_*}. */
    public int section(int i) {
        int section = rawSection(i);
        return section == SHN_XINDEX && extendedSections.isPresent() ? extendedSections.get().at(4L * i).s32() : section;
    }

    /** Whether symbol {@code i} is code defined in this file. */
    public boolean isDefinedFunction(int i) {
        return isFunction(i) && rawSection(i) != Symbol.SHN_UNDEF;
    }

    private boolean isFunction(int i) {
        int type = info(i) & 0xf;
        return type == 2 || type == 10;
    }

    /** Symbol {@code i} as a record. */
    public Symbol symbol(int i) {
        String name = name(i);
        return new Symbol(name, version(i, name), value(i), size(i), type(i), binding(i), section(i));
    }

    private String version(int i, String name) {
        if (!dynamic) {
            return "";
        }
        if (versions == null) {
            versions = SymbolVersions.read(elf);
        }
        return versions.suffix(i, name);
    }

    /**
     * The symbol that covers {@code address}.
     *
     * <p>Functions, data and untyped symbols of a section count; absolute, thread-local, section and file symbols do not, nor do the mapping
     * symbols of ARM and RISC-V. The innermost symbol whose size covers the address wins. Failing that, one of unknown size does, if it is the
     * last before the address and in the same section. Among several at one address the order is: global, weak, local; function, data,
     * untyped; fewer leading underscores; first in the table.
     */
    public Optional<Symbol> lookup(long address) {
        int found = indexOf(address);
        return found < 0 ? Optional.empty() : Optional.of(symbol(found));
    }

    /** The index of the symbol that {@link #lookup} finds, or -1. */
    public int indexOf(long address) {
        if (index == null) {
            index = SymbolIndex.of(this);
        }
        return index.lookup(address);
    }

    /** All defined symbols called {@code name}, in table order. */
    public List<Symbol> byName(String name) {
        return matching(NamePattern.literal(name));
    }

    /** All defined symbols whose names match, in table order. */
    public List<Symbol> matching(NamePattern pattern) {
        List<Symbol> symbols = new ArrayList<>();
        forEachMatch(pattern, i -> symbols.add(symbol(i)));
        return symbols;
    }

    /** Calls {@code action} with the index of each defined symbol whose name matches, in table order, without making objects. */
    public void forEachMatch(NamePattern pattern, IntConsumer action) {
        ByteBuffer text = names.bytes();
        for (int i = 1; i < count; i++) {
            int at = nameOffset(i);
            if (at != 0 && rawSection(i) != Symbol.SHN_UNDEF && pattern.matches(text, at)) {
                action.accept(i);
            }
        }
    }

    /**
     * The names of functions that match, of all {@code tables} and among {@code others}: sorted by their bytes, each once. Functions of other files
     * count too where this file gives them an address in its procedure linkage table; of the tables after the first only these, when
     * {@code foreignOnly}.
     *
     * <p>Parts that a compiler has split off a function ({@code name.part.0}) are left out: they run in the middle of that function.
     */
    public static NameList functionNames(List<SymbolTable> tables, NamePattern pattern, boolean foreignOnly, List<String> others) {
        SortedNames names = new SortedNames();
        for (String other : others) {
            names.add(other);
        }
        // The first is the largest: what is there before it is copied once more.
        for (int i = tables.size() - 1; i >= 0; i--) {
            tables.get(i).addFunctions(pattern, foreignOnly && i > 0, names);
        }
        return names.sorted();
    }

    /** There are few functions of other files: their table need not be copied. */
    private void addFunctions(NamePattern pattern, boolean foreignOnly, SortedNames to) {
        ByteBuffer text = names.bytes();
        boolean all = pattern.toString().equals("*");
        int start = foreignOnly ? 0 : to.take(text);
        for (int i = 1; i < count; i++) {
            if ((!foreignOnly || rawSection(i) == Symbol.SHN_UNDEF) && isFunction(i) && value(i) != 0) {
                int at = nameOffset(i);
                if (at > 0 && at < text.limit() && (all || pattern.matches(text, at))) {
                    if (foreignOnly) {
                        to.add(names.get(at));
                    } else {
                        to.add(start + at);
                    }
                }
            }
        }
    }

    /** Whether symbol {@code i} can answer a lookup by address. */
    boolean hasAddress(int i) {
        int type = info(i) & 0xf;
        int section = rawSection(i);
        return (type <= 2 || type == 10) && section != Symbol.SHN_UNDEF && (section < SHN_LORESERVE || section == SHN_XINDEX)
                && nameOffset(i) != 0 && !isMappingSymbol(i, type);
    }

    /** {@code $x}, {@code $d} and the like mark code and data within ARM and RISC-V sections; they name nothing. */
    private boolean isMappingSymbol(int i, int type) {
        return type == 0 && names.at(nameOffset(i)) == '$'
                && (elf.machine() == ElfFile.EM_AARCH64 || elf.machine() == ElfFile.EM_ARM || elf.machine() == ElfFile.EM_RISCV);
    }

    /** The end of the section that symbol {@code i} is in, as an address. */
    long sectionEnd(int i) {
        int section = section(i);
        if (section <= 0 || section >= elf.sections().size()) {
            return value(i);
        }
        Section in = elf.sections().get(section);
        return in.address() + in.size();
    }

    /** Smaller is preferred among symbols at one address; ties go to the lower index. */
    int rank(int i) {
        int binding = switch (binding(i)) {
            case STB_GLOBAL, STB_GNU_UNIQUE -> 0;
            case STB_WEAK -> 1;
            case STB_LOCAL, STB_UNKNOWN -> 2;
        };
        int type = switch (info(i) & 0xf) {
            case 2, 10 -> 0;
            case 1 -> 1;
            default -> 2;
        };
        return binding << 8 | type << 4 | names.underscores(nameOffset(i));
    }

    private int info(int i) {
        return entries.get(i * stride + infoAt);
    }

    private int rawSection(int i) {
        return entries.getShort(i * stride + infoAt + 2) & 0xffff;
    }

    private int nameOffset(int i) {
        return entries.getInt(i * stride);
    }
}
