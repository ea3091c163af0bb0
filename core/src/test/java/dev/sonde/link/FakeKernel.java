package dev.sonde.link;

import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.Syscall;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A kernel with four CPUs that opens everything, but for what a test lets it refuse. */
final class FakeKernel implements Kernel {
    final List<Syscall> calls = new ArrayList<>();
    final Set<Integer> open = new TreeSet<>();
    private final Map<Integer, String> files = new HashMap<>();
    private final Function<Syscall, Errno> refusal;
    private int next = 100;

    /** @param refusal gives the error of a call, null to let it pass */
    FakeKernel(Function<Syscall, Errno> refusal) {
        this.refusal = refusal;
    }

    @Override
    public synchronized long invoke(Syscall call) {
        calls.add(call);
        Errno errno = refusal.apply(call);
        if (errno != null) {
            return -errno.number();
        }
        if (call instanceof Syscall.Close close) {
            open.remove(close.fd());
            return 0;
        }
        if (call instanceof Syscall.Read read) {
            byte[] text = (files.get(read.fd()).endsWith("/type") ? "8\n" : "0-3\n").getBytes(StandardCharsets.US_ASCII);
            read.buffer().asSlice(0, text.length).copyFrom(MemorySegment.ofArray(text));
            return text.length;
        }
        if (call instanceof Syscall.Ioctl) {
            return 0;
        }
        if (call instanceof Syscall.OpenAt file) {
            files.put(next, file.path());
        }
        open.add(next);
        return next++;
    }

    long count(String title) {
        return calls.stream().filter(call -> call.title().equals(title)).count();
    }
}
