package dev.sonde.testing;

import dev.sonde.asm.BpfHelper;

/** Helpers that tell of the probe itself, and bpf_loop. */
final class ProbeCalls {
    private static final int MAX_LOOPS = 1 << 23;

    private final BpfExecution run;
    private final Scene scene;

    ProbeCalls(BpfExecution run) {
        this.run = run;
        this.scene = run.machine.scene;
    }

    /** Returns how often it called back. */
    long loop(long count, long callback, long context, long flags) {
        int times = (int) count;
        if (flags != 0) {
            return -Errno.EINVAL;
        }
        if (Integer.compareUnsigned(times, MAX_LOOPS) > 0) {
            return -Errno.E2BIG;
        }
        for (int i = 0; i < times; i++) {
            if (run.callback(callback, i, context) == 1) {
                return i + 1;
            }
        }
        return times;
    }

    long call(BpfHelper helper, long[] a) {
        if (helper != BpfHelper.GET_SOCKET_COOKIE) {
            MapCalls.requireContext(run, a[1]);
        }
        return switch (helper) {
            case GET_ATTACH_COOKIE -> scene.cookie;
            case GET_FUNC_IP -> scene.functionIp;
            case GET_SOCKET_COOKIE -> scene.socketCookie;
            case GET_FUNC_ARG_CNT -> scene.arguments.length;
            case GET_FUNC_ARG -> argument(a[2], a[3]);
            case GET_FUNC_RET -> result(a[2]);
            default -> override(a[2]);
        };
    }

    private long argument(long index, long to) {
        boolean known = Long.compareUnsigned(index, scene.arguments.length) < 0;
        run.memory.store(to, 8, known ? scene.arguments[(int) index] : 0);
        return known ? 0 : -Errno.EINVAL;
    }

    private long result(long to) {
        run.memory.store(to, 8, scene.result.orElse(0L));
        return scene.result.isPresent() ? 0 : -Errno.EOPNOTSUPP;
    }

    private long override(long value) {
        run.machine.overrides().add(value);
        return 0;
    }
}
