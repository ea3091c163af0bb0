package dev.sonde.symbols;

import dev.sonde.elf.ElfFile;
import dev.sonde.elf.PltSymbols;
import dev.sonde.elf.Symbol;
import dev.sonde.elf.SymbolTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One of the places in or beside a file that names its functions. A lookup may throw {@link dev.sonde.bytes.MalformedException}. */
sealed interface SymbolSource permits GoTable, SymbolSource.Table, SymbolSource.Plt, SymbolSource.Nothing {
    /** The function that covers a virtual address of the file, null when this source names none there. */
    NamedFunction lookup(long vaddr);

    /** Bytes of heap it takes, about. */
    long weight();

    /** What is asked after a source that is missing or broken. */
    record Nothing() implements SymbolSource {
        @Override
        public NamedFunction lookup(long vaddr) {
            return null;
        }

        @Override
        public long weight() {
            return 0;
        }
    }

    /** A symbol table; the functions it was asked for are kept by their index. */
    final class Table implements SymbolSource {
        private static final int BYTES_PER_SYMBOL = 16;
        private static final int BYTES_PER_NAME = 256;
        private static final int MAX_KEPT = 1 << 14;

        private final SymbolTable symbols;
        private final long unpacked;
        private final Map<Integer, NamedFunction> kept = new HashMap<>();

        /** @param unpacked bytes of heap that the table's file takes itself */
        Table(SymbolTable symbols, long unpacked) {
            this.symbols = symbols;
            this.unpacked = unpacked;
        }

        static SymbolSource of(Optional<SymbolTable> symbols, long unpacked) {
            return symbols.isPresent() ? new Table(symbols.get(), unpacked) : new Nothing();
        }

        @Override
        public NamedFunction lookup(long vaddr) {
            int index = symbols.indexOf(vaddr);
            if (index < 0) {
                return null;
            }
            NamedFunction function = kept.get(index);
            return function == null ? keep(index) : function;
        }

        private NamedFunction keep(int index) {
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            NamedFunction function = NamedFunction.ofSymbol(symbols.name(index), symbols.value(index));
            kept.put(index, function);
            return function;
        }

        @Override
        public long weight() {
            return unpacked + (long) symbols.size() * BYTES_PER_SYMBOL + (long) kept.size() * BYTES_PER_NAME;
        }
    }

    /** The stubs by which a file calls others. */
    final class Plt implements SymbolSource {
        private static final int BYTES_PER_STUB = 256;

        private final PltSymbols stubs;
        private final int count;

        Plt(ElfFile elf) {
            this.stubs = PltSymbols.read(elf);
            this.count = stubs.stubs().size();
        }

        @Override
        public NamedFunction lookup(long vaddr) {
            Optional<Symbol> stub = stubs.lookup(vaddr);
            return stub.isEmpty() ? null : NamedFunction.ofSymbol(stub.get().name(), stub.get().value());
        }

        @Override
        public long weight() {
            return (long) count * BYTES_PER_STUB;
        }
    }
}
