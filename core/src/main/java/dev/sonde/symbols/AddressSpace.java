package dev.sonde.symbols;

import dev.sonde.linux.Mapping;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a process had code mapped when it was looked at. Immutable.
 *
 * @param identity which process, running which program
 * @param mountNamespace where the paths of the mappings hold; empty when not known
 * @param code executable mappings in order of address
 */
record AddressSpace(int pid, ProcessIdentity identity, String mountNamespace, List<Mapping> code) {
    private static final int MAX_KEPT = 4096;

    AddressSpace {
        code = List.copyOf(code);
    }

    /** Keeps what is executable of {@code mappings}. */
    static AddressSpace of(int pid, ProcessIdentity identity, String mountNamespace, List<Mapping> mappings) {
        List<Mapping> code = new ArrayList<>();
        for (Mapping mapping : mappings) {
            if (mapping.isExecutable()) {
                code.add(compact(mapping));
            }
        }
        return new AddressSpace(pid, identity, mountNamespace.intern(), code);
    }

    /** Thousands of processes map the same files. */
    private static Mapping compact(Mapping m) {
        return new Mapping(m.start(), m.end(), m.permissions().intern(), m.offset(), m.device(), m.inode(), m.path().intern(), m.deleted());
    }

    /** The mapping that covers {@code address}, null for none. */
    Mapping find(long address) {
        int i = last(address);
        return i >= 0 && code.get(i).covers(address) ? code.get(i) : null;
    }

    /** Index of the last mapping that starts up to {@code address}, -1 when all start after it. */
    private int last(long address) {
        int low = 0;
        int high = code.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(code.get(middle).start(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** This space and those files of an older one whose place is free now: a stack may be older than the dlclose(3). */
    AddressSpace withClosedFiles(AddressSpace older) {
        List<Mapping> merged = new ArrayList<>(code);
        for (Mapping mapping : older.code) {
            if (mapping.inode() != 0 && merged.size() < MAX_KEPT && isFree(mapping)) {
                merged.add(mapping);
            }
        }
        if (merged.size() == code.size()) {
            return this;
        }
        merged.sort((a, b) -> Long.compareUnsigned(a.start(), b.start()));
        return new AddressSpace(pid, identity, mountNamespace, merged);
    }

    private boolean isFree(Mapping mapping) {
        int i = last(mapping.end() - 1);
        return i < 0 || Long.compareUnsigned(code.get(i).end(), mapping.start()) <= 0;
    }
}
