package dev.sonde.symbols;

import dev.sonde.linux.Kallsyms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Frames of kernel stacks. The table is asked for when the first address comes. */
final class KernelSymbols {
    private final Supplier<Kallsyms> table;
    private Kallsyms symbols;

    KernelSymbols(Supplier<Kallsyms> table) {
        this.table = table;
    }

    /** The frames at {@code addresses}, nearest first; all but the first are return addresses. */
    List<Frame> frames(long[] addresses) {
        List<Frame> frames = new ArrayList<>(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            frames.add(frame(addresses[i], i == 0 ? 0 : 1));
        }
        return frames;
    }

    /** @param back how far before the address the code is that is to be named */
    private Frame frame(long address, int back) {
        if (symbols == null) {
            symbols = table.get();
        }
        Optional<Kallsyms.Symbol> found = symbols.lookup(address - back);
        if (found.isEmpty()) {
            return new Frame.Unknown(address, Frame.Location.NONE);
        }
        Kallsyms.Symbol symbol = found.get();
        Frame.Location location = symbol.module().equals(Kallsyms.VMLINUX) ? Frame.Location.NONE
                : new Frame.Location("[" + symbol.module() + "]", "", 0);
        return new Frame.Kernel(address, symbol.name(), address - symbol.address(), location);
    }
}
