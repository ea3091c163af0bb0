package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names for procedure linkage table stubs, {@code name@plt}, on x86-64 and AArch64.
 *
 * <p>A stub jumps through a slot of the global offset table, and a relocation fills that slot with the address of a dynamic symbol, or with
 * what an ifunc resolver returns (x86-64 psABI "Procedure Linkage Table"; AArch64 ELF ABI). The slot is decoded from the stub itself, so
 * every layout of {@code .plt}, {@code .plt.sec} and {@code .plt.got} is read the same way.
 */
public final class PltSymbols {
    private static final int STUB = 16;
    private static final int MAX_STUBS = 1 << 20;

    private final ElfFile elf;
    private final boolean x86;
    /** Slot address to dynamic symbol index, or to the complement of an ifunc resolver's address. */
    private final Map<Long, Long> slots = new HashMap<>();
    private final List<Symbol> stubs = new ArrayList<>();

    private PltSymbols(ElfFile elf) {
        this.elf = elf;
        this.x86 = elf.machine() == ElfFile.EM_X86_64;
    }

    /** Reads the stubs of {@code elf}; none on other machines or in a file without a PLT. */
    public static PltSymbols read(ElfFile elf) {
        PltSymbols plt = new PltSymbols(elf);
        if (elf.is64() && (plt.x86 || elf.machine() == ElfFile.EM_AARCH64)) {
            plt.readSlots();
            for (Section section : elf.sections()) {
                if (section.inFile() && (section.name().equals(".plt") || section.name().startsWith(".plt."))) {
                    plt.readStubs(section);
                }
            }
        }
        return plt;
    }

    /** The stubs in order of section and address. */
    public List<Symbol> stubs() {
        return List.copyOf(stubs);
    }

    /** The stub that covers {@code address}. */
    public Optional<Symbol> lookup(long address) {
        for (Symbol stub : stubs) {
            if (Long.compareUnsigned(address - stub.value(), stub.size()) < 0) {
                return Optional.of(stub);
            }
        }
        return Optional.empty();
    }

    /** Only {@code .plt.got} uses slots of {@code .rela.dyn}, which is often large. */
    private void readSlots() {
        boolean all = elf.section(".plt.got").isPresent();
        for (Section section : elf.sections()) {
            if (section.type() == Section.SHT_RELA && section.isAllocated() && (all || section.name().equals(".rela.plt"))) {
                readSlots(elf.raw(section));
            }
        }
    }

    private void readSlots(Cursor in) {
        int globDat = x86 ? 6 : 1025;
        int jumpSlot = x86 ? 7 : 1026;
        int irelative = x86 ? 37 : 1032;
        while (in.remaining() >= 24 && slots.size() < MAX_STUBS) {
            long slot = in.s64();
            long info = in.s64();
            long addend = in.s64();
            int type = (int) info;
            if (type == jumpSlot || type == globDat) {
                slots.put(slot, info >>> 32);
            } else if (type == irelative) {
                slots.put(slot, ~addend);
            }
        }
    }

    private void readStubs(Section section) {
        Cursor in = elf.raw(section);
        int step = !x86 ? 4 : section.entrySize() == 8 ? 8 : STUB;
        for (long at = 0; at + step <= in.size() && stubs.size() < MAX_STUBS; at += step) {
            long slot = x86 ? x86Slot(in.seek(at), section.address()) : armSlot(in.seek(at), section.address());
            Optional<String> name = name(slot);
            if (name.isPresent()) {
                stubs.add(stub(name.get(), section, at, x86 ? step : STUB));
            }
        }
    }

    private static Symbol stub(String name, Section section, long at, int size) {
        return new Symbol(name + "@plt", "", section.address() + at, size, Symbol.Type.STT_FUNC, Symbol.Binding.STB_LOCAL, section.index());
    }

    private Optional<String> name(long slot) {
        Long target = slots.get(slot);
        if (target == null || target == 0) {
            return Optional.empty();
        }
        if (target < 0) {
            return elf.symbols().flatMap(symbols -> symbols.lookup(~target)).filter(symbol -> symbol.value() == ~target).map(Symbol::name);
        }
        return elf.dynsym().filter(symbols -> target < symbols.size()).map(symbols -> symbols.name((int) (long) target));
    }

    /** {@code [endbr64] [bnd] jmp *slot(%rip)}: the slot, or 0 for other code. */
    private static long x86Slot(Cursor in, long base) {
        if (in.remaining() >= 4 && in.at(in.position()).s32() == 0xfa1e0ff3) {
            in.skip(4);
        }
        if (in.hasRemaining() && in.at(in.position()).u8() == 0xf2) {
            in.skip(1);
        }
        if (in.remaining() < 6 || in.u16() != 0x25ff) {
            return 0;
        }
        int displacement = in.s32();
        return base + in.position() + displacement;
    }

    /** {@code adrp x16, page; ldr x17, [x16, #offset]}: the slot, or 0 for other code. */
    private static long armSlot(Cursor in, long base) {
        long pc = base + in.position();
        if (in.remaining() < 8) {
            return 0;
        }
        int adrp = in.s32();
        int ldr = in.s32();
        if ((adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211) {
            return 0;
        }
        long page = (long) (adrp << 8 >> 13 << 2 | adrp >>> 29 & 3) << 12;
        return (pc & ~0xfffL) + page + ((ldr >>> 10 & 0xfff) << 3);
    }
}
