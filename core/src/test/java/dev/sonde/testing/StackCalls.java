package dev.sonde.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Helpers that take stacks. */
final class StackCalls {
    private static final long SKIP_MASK = 0xff;
    private static final long USER_STACK = 1 << 8;
    private static final long FAST_STACK_CMP = 1 << 9;
    private static final long REUSE_STACKID = 1 << 10;

    private final BpfExecution run;

    StackCalls(BpfExecution run) {
        this.run = run;
    }

    /** Returns the bytes written; what is behind them in the buffer stays as it was. */
    long getStack(long context, long to, long size, long flags) {
        MapCalls.requireContext(run, context);
        return write(to, size, flags);
    }

    long getTaskStack(long task, long to, long size, long flags) {
        if (task == 0) {
            throw new MachineFailure("Possibly NULL pointer passed to bpf_get_task_stack");
        }
        return write(to, size, flags);
    }

    private long write(long to, long size, long flags) {
        run.memory.prepare(to, size);
        if ((flags & ~(SKIP_MASK | USER_STACK)) != 0 || size % 8 != 0) {
            run.memory.write(to, new byte[(int) size]);
            return -Errno.EINVAL;
        }
        long[] frames = frames(flags);
        if (frames == null) {
            run.memory.write(to, new byte[(int) size]);
            return -Errno.EFAULT;
        }
        byte[] bytes = bytes(frames, (int) Math.min(frames.length, size / 8));
        run.memory.write(to, bytes);
        return bytes.length;
    }

    /** Stacks that hash alike get one id: the second is refused, or replaces the first if the caller asks for it. */
    long getStackId(long context, long handle, long flags) {
        FakeMap map = run.map(handle);
        MapCalls.requireContext(run, context);
        if (map.type() != FakeMap.STACK_TRACE || (flags & ~(SKIP_MASK | USER_STACK | FAST_STACK_CMP | REUSE_STACKID)) != 0) {
            return -Errno.EINVAL;
        }
        long[] frames = frames(flags);
        if (frames == null || frames.length == 0) {
            return -Errno.EFAULT;
        }
        byte[] value = Arrays.copyOf(bytes(frames, Math.min(frames.length, map.valueSize() / 8)), map.valueSize());
        int id = Math.floorMod(Arrays.hashCode(value), map.maxEntries());
        byte[] key = FakeMap.indexKey(id);
        byte[] old = map.lookup(key, 0);
        if (old != null && !Arrays.equals(old, value) && (flags & REUSE_STACKID) == 0) {
            return -Errno.EEXIST;
        }
        map.update(key, value, 0, 0);
        return id;
    }

    private long[] frames(long flags) {
        long[] all = (flags & USER_STACK) != 0 ? run.machine.scene.userStack : run.machine.scene.kernelStack;
        int skip = (int) (flags & SKIP_MASK);
        return skip > all.length ? null : Arrays.copyOfRange(all, skip, all.length);
    }

    private static byte[] bytes(long[] frames, int count) {
        var bytes = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putLong(frames[i]);
        }
        return bytes.array();
    }
}
