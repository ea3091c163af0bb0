package dev.sonde.symbols;

import dev.sonde.linux.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that stacks come from, with what was seen of its address spaces: the present one, and those of the programs that it, or a process with
 * its pid, ran before. It is looked at again at growing intervals, because most files are loaded early, and when an address is in no mapping.
 * Times are nanoseconds of {@link System#nanoTime()}.
 */
final class TracedProcess {
    private static final long FIRST_INTERVAL = 1_000_000;
    private static final long LAST_INTERVAL = 60_000_000_000L;
    /** A program that calls execve(2) shortly after being looked at is noticed when its stacks are printed. */
    private static final long CHECK_INTERVAL = 50_000_000;
    /** Searches in vain that are free; further ones may take a twentieth of the time. */
    private static final int FREE_SEARCHES = 3;
    private static final int PRICE = 20;
    private static final int MAX_SPACES = 4;
    /** No code is mapped below it (mmap_min_addr); what is negative belongs to the kernel. */
    private static final long LOWEST = 0x1000;

    private final int pid;
    private final ProcessReader reader;
    /** The present one first. */
    private final List<AddressSpace> spaces = new ArrayList<>(1);
    private long interval = FIRST_INTERVAL;
    private long lastLook;
    private long lastCheck;
    private long lastCost;
    private int vainSearches;

    TracedProcess(int pid, ProcessReader reader, long now) {
        this.pid = pid;
        this.reader = reader;
        look(now);
    }

    int pid() {
        return pid;
    }

    /** In clock ticks since boot; 0 when the process had ended before it was looked at. */
    long startTime() {
        return spaces.isEmpty() ? 0 : spaces.getFirst().identity().startTime();
    }

    /** Looks again when it is time to: something of the process was seen just now. */
    void seen(long now) {
        if (now - lastLook >= interval) {
            interval = Math.min(2 * interval, LAST_INTERVAL);
            look(now);
        }
    }

    /** Looks again if the process runs another program by now. */
    void check(long now) {
        if (now - lastCheck >= CHECK_INTERVAL) {
            lastCheck = now;
            Optional<ProcessIdentity> identity = reader.identity(pid);
            if (identity.isPresent() && (spaces.isEmpty() || !identity.get().equals(spaces.getFirst().identity()))) {
                look(now);
            }
        }
    }

    private void look(long now) {
        lastLook = now;
        lastCheck = now;
        Optional<ProcessIdentity> identity = reader.identity(pid);
        if (identity.isPresent()) {
            List<Mapping> mappings = reader.mappings(pid);
            if (!mappings.isEmpty()) {
                add(AddressSpace.of(pid, identity.get(), reader.mountNamespace(pid), mappings));
            }
        }
    }

    private void add(AddressSpace space) {
        if (!spaces.isEmpty() && spaces.getFirst().identity().equals(space.identity())) {
            spaces.set(0, space.withClosedFiles(spaces.getFirst()));
            return;
        }
        spaces.addFirst(space);
        if (spaces.size() > MAX_SPACES) {
            spaces.removeLast();
        }
    }

    /** The newest space in which {@code address} is mapped as code, null for none. */
    AddressSpace spaceOf(long address) {
        for (AddressSpace space : spaces) {
            if (space.find(address) != null) {
                return space;
            }
        }
        return null;
    }

    /** Looks for an address that is in no mapping: whether one was found. Wild addresses are common where frame pointers are missing. */
    boolean search(long address, long now) {
        if (address < LOWEST || vainSearches >= FREE_SEARCHES && now - lastLook < PRICE * lastCost) {
            return false;
        }
        long start = System.nanoTime();
        look(now);
        lastCost = System.nanoTime() - start;
        boolean found = spaceOf(address) != null;
        vainSearches = found ? 0 : vainSearches + 1;
        return found;
    }
}
