package dev.sonde.symbols;

import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.dwarf.CfiSection;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import java.util.Optional;

/** Processors whose unwind tables become rules: what of them call frame information counts on, and code of theirs that has none. */
enum UnwindMachine {
    X86_64(ElfFile.EM_X86_64, UnwindRule.RBP) {
        @Override
        int rule(CfiRow row) {
            return UnwindRule.of(row);
        }
    },
    ARM64(ElfFile.EM_AARCH64, Arm64UnwindRule.X29) {
        @Override
        int rule(CfiRow row) {
            return Arm64UnwindRule.of(row);
        }

        /** An entry of a procedure linkage table only jumps. */
        @Override
        void addWithout(ElfFile elf, CfiSection.Sink sink) {
            Optional<Section> linkage = elf.section(".plt");
            if (linkage.isPresent() && linkage.get().size() > LINKAGE_HEADER) {
                long start = linkage.get().address();
                sink.row(new CfiRow(start + LINKAGE_HEADER, start + linkage.get().size(), new CfaRule.RegisterOffset(Arm64UnwindRule.SP, 0),
                        FrameRule.UNSET, FrameRule.UNSET, false));
            }
            Arm64Vdso.rows(elf, sink);
        }
    };

    /** Of arm64: the first entry of a linkage table, which calls the dynamic linker. */
    private static final int LINKAGE_HEADER = 32;

    private final int number;
    private final int framePointer;

    UnwindMachine(int number, int framePointer) {
        this.number = number;
        this.framePointer = framePointer;
    }

    /** That of a file. */
    static Optional<UnwindMachine> of(ElfFile elf) {
        for (UnwindMachine machine : values()) {
            if (machine.number == elf.machine()) {
                return Optional.of(machine);
            }
        }
        return Optional.empty();
    }

    /** The DWARF number of its frame pointer. */
    int framePointer() {
        return framePointer;
    }

    /** A row as a rule of {@code UnwindLayout}. */
    abstract int rule(CfiRow row);

    /** Rows of code that call frame information leaves out. */
    void addWithout(ElfFile elf, CfiSection.Sink sink) {
        // Linkers and the vdso of x86-64 tell of all theirs.
    }
}
