package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.sys.BpfLink;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import java.io.File;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Probes that are attached with one bpf(2) call and no perf event. Each method adds to {@code parts} what it opened. */
final class DirectProbes {
    private static final int CHUNK = 4096;

    private final Kernel kernel;

    DirectProbes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Kernels before 6.10 take no cookie with a raw tracepoint; a program for them does not ask for it. */
    void rawTracepoint(BpfProgram program, AttachSpec.RawTracepoint place, Parts parts) {
        int fd = program.fd().number();
        BpfLink.RawTracepoint plain = new BpfLink.RawTracepoint(place.event(), fd, 0);
        parts.attachments().add(first(new BpfLink.RawTracepoint(place.event(), fd, place.site()), plain));
    }

    /** Before 5.18 such programs are attached by opening a raw tracepoint without a name. */
    void tracing(BpfProgram program, int attachType, AttachSpec.Tracing place, Parts parts) {
        int fd = program.fd().number();
        parts.attachments().add(first(new BpfLink.Tracing(fd, attachType, place.site()), new BpfLink.RawTracepoint(null, fd, 0)));
    }

    /** Links by {@code better}, or by {@code older} where the kernel does not know it; the error is that of the better way. */
    private Fd first(BpfLink.Create better, BpfLink.Create older) {
        try {
            return BpfLink.open(kernel, better).fd();
        } catch (KernelException e) {
            if (e.errno() != Errno.EINVAL && e.errno() != Errno.E2BIG) {
                throw e;
            }
            try {
                return BpfLink.open(kernel, older).fd();
            } catch (KernelException again) {
                throw again.errno() == Errno.EINVAL ? e : again;
            }
        }
    }

    void uprobeMulti(BpfProgram program, AttachSpec.UprobeMulti place, Parts parts) {
        long[] counters = array(place.refCounters());
        BpfLink.Create link = new BpfLink.UprobeMulti(program.fd().number(), place.path(), array(place.offsets()), anyOf(counters) ? counters : null,
                sites(place, place.offsets().size()), Math.max(0, place.pid()), place.onReturn(), place.session());
        parts.attachments().add(BpfLink.open(kernel, link).fd());
    }

    private static boolean anyOf(long[] values) {
        for (long value : values) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    void kprobeMulti(BpfProgram program, AttachSpec.KprobeMulti place, Parts parts) {
        String[] functions = place.functions().toArray(new String[0]);
        BpfLink.Create link = new BpfLink.KprobeMulti(program.fd().number(), functions, null, sites(place, functions.length), place.onReturn(),
                place.session());
        parts.attachments().add(BpfLink.open(kernel, link).fd());
    }

    private static long[] sites(AttachSpec place, int count) {
        long[] sites = new long[count];
        for (int i = 0; i < sites.length; i++) {
            sites[i] = place.site() + i;
        }
        return sites;
    }

    private static long[] array(List<Long> values) {
        long[] array = new long[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    /** Runs the iterator to its end: its programs send what they find as events. A pinned one runs whenever somebody reads its file. */
    void iterator(BpfProgram program, AttachSpec.Iterator place, Parts parts) {
        BpfLink link = BpfLink.open(kernel, new BpfLink.Iter(program.fd().number(), null));
        parts.attachments().add(link.fd());
        if (!place.pin().isEmpty()) {
            link.pin(place.pin());
            parts.pins().add(new File(place.pin()));
            return;
        }
        try (Fd run = link.iterate()) {
            MemorySegment chunk = MemorySegment.ofArray(new byte[CHUNK]);
            while (read(run, chunk) > 0) {
                // What the program wrote with bpf_seq_write is of no use to anybody.
            }
        }
    }

    /** A run is told to go on with EAGAIN after a million objects that the program said nothing about. */
    private static int read(Fd run, MemorySegment chunk) {
        try {
            return run.read(chunk);
        } catch (KernelException e) {
            if (e.errno() == Errno.EAGAIN || e.errno() == Errno.EINTR) {
                return 1;
            }
            throw e;
        }
    }
}
