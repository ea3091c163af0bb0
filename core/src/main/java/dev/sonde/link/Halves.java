package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.sys.Errno;
import dev.sonde.sys.KernelException;
import java.util.List;

/**
 * Splits a place with many functions of which the kernel refused some: it refuses them all and does not say which. Halving finds the culprits in a
 * few calls each.
 */
final class Halves {
    private Halves() {}

    /** Two places that make up {@code place}; none when it is one function, or when the error would be the same for each. */
    static List<AttachSpec> of(AttachSpec place, KernelException e) {
        int count = place instanceof AttachSpec.UprobeMulti uprobes ? uprobes.offsets().size()
                : place instanceof AttachSpec.KprobeMulti kprobes ? kprobes.functions().size() : 1;
        if (count < 2 || !concernsOne(e.errno())) {
            return List.of();
        }
        int half = count / 2;
        if (place instanceof AttachSpec.UprobeMulti multi) {
            return List.of(part(multi, 0, half), part(multi, half, count));
        }
        return place instanceof AttachSpec.KprobeMulti multi ? List.of(part(multi, 0, half), part(multi, half, count)) : List.of();
    }

    private static boolean concernsOne(Errno errno) {
        return errno == Errno.EINVAL || errno == Errno.ENOENT || errno == Errno.ESRCH || errno == Errno.EADDRNOTAVAIL || errno == Errno.EILSEQ
                || errno == Errno.ENOTSUPP || errno == Errno.ENOEXEC || errno == Errno.EBUSY;
    }

    private static AttachSpec part(AttachSpec.UprobeMulti m, int from, int to) {
        List<Long> offsets = m.offsets().subList(from, to);
        List<Long> refCounters = m.refCounters().isEmpty() ? List.of() : m.refCounters().subList(from, to);
        return new AttachSpec.UprobeMulti(m.site() + from, m.span(), m.path(), offsets, refCounters, m.onReturn(), m.session(), m.pid());
    }

    private static AttachSpec part(AttachSpec.KprobeMulti m, int from, int to) {
        return new AttachSpec.KprobeMulti(m.site() + from, m.span(), m.functions().subList(from, to), m.onReturn(), m.session());
    }
}
