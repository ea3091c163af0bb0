package dev.sonde.testing;

import dev.sonde.asm.BpfHelper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Helpers that tell of the current task, the CPU and the time. */
final class TaskCalls {
    private final BpfExecution run;
    private final Scene scene;

    TaskCalls(BpfExecution run) {
        this.run = run;
        this.scene = run.machine.scene;
    }

    long machineWide(BpfHelper helper) {
        return switch (helper) {
            case KTIME_GET_NS -> now(scene.monotonic);
            case KTIME_GET_BOOT_NS -> now(scene.boot);
            case KTIME_GET_TAI_NS -> now(scene.tai);
            case JIFFIES64 -> scene.jiffies;
            case GET_PRANDOM_U32 -> scene.random.nextInt() & 0xffffffffL;
            case GET_SMP_PROCESSOR_ID -> scene.cpu;
            default -> scene.numaNode;
        };
    }

    private long now(long time) {
        scene.passTime();
        return time;
    }

    long identity(BpfHelper helper) {
        return switch (helper) {
            case GET_CURRENT_PID_TGID -> (long) scene.pid << 32 | scene.tid & 0xffffffffL;
            case GET_CURRENT_UID_GID -> (long) scene.gid << 32 | scene.uid & 0xffffffffL;
            case GET_CURRENT_CGROUP_ID -> scene.cgroup;
            default -> scene.task;
        };
    }

    /** The rest of the buffer is cleared. */
    long comm(long to, long size) {
        if (size <= 0) {
            throw new MachineFailure("R2 invalid zero-sized read");
        }
        run.memory.prepare(to, size);
        byte[] bytes = Arrays.copyOf(scene.comm, (int) size);
        bytes[(int) size - 1] = 0;
        run.memory.write(to, bytes);
        return 0;
    }

    /** struct bpf_pidns_info: pid (of the thread), tgid. */
    long namespaceIds(long device, long inode, long to, long size) {
        run.memory.prepare(to, size);
        boolean known = scene.namespace.isPresent() && size == 8;
        if (!known || scene.namespace.get().device() != device || scene.namespace.get().inode() != inode) {
            run.memory.write(to, new byte[(int) size]);
            return -Errno.EINVAL;
        }
        var ids = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        run.memory.write(to, ids.putInt(scene.namespace.get().tid()).putInt(scene.namespace.get().pid()).array());
        return 0;
    }

    long signal(long number, boolean thread) {
        int signal = (int) number;
        if (signal < 0 || signal > 64) {
            return -Errno.EINVAL;
        }
        run.machine.signals().add(new BpfMachine.Signal(signal, thread));
        return 0;
    }

    long registers(long task) {
        if (task != scene.task) {
            throw new MachineFailure("bpf_task_pt_regs of another task");
        }
        return run.memory.addressOf(scene.taskRegisters, "pt_regs", false);
    }
}
