package dev.sonde.testing;

import dev.sonde.asm.BpfHelper;

/** Which helper does what; the calls themselves are grouped by what they touch. */
final class HelperCalls {
    private final BpfExecution run;
    private final MapCalls maps;
    private final ReadCalls reads;
    private final TaskCalls tasks;
    private final StackCalls stacks;
    private final TextCalls texts;
    private final ProbeCalls probes;

    HelperCalls(BpfExecution run) {
        this.run = run;
        this.maps = new MapCalls(run);
        this.reads = new ReadCalls(run);
        this.tasks = new TaskCalls(run);
        this.stacks = new StackCalls(run);
        this.texts = new TextCalls(run);
        this.probes = new ProbeCalls(run);
    }

    long call(int number, BpfFrame frame) {
        BpfHelper helper = BpfHelper.of(number).orElseThrow(() -> new MachineFailure("unknown func #" + number));
        long[] a = new long[6];
        for (int i = 1; i <= helper.arguments(); i++) {
            boolean optional = helper == BpfHelper.TRACE_PRINTK && i > 2;
            a[i] = optional && !frame.isSet(i) ? 0 : frame.get(i);
        }
        return answer(helper, a);
    }

    private long answer(BpfHelper helper, long[] a) {
        return switch (helper) {
            case MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_LOOKUP_PERCPU_ELEM, FOR_EACH_MAP_ELEM, TASK_STORAGE_GET,
                    TASK_STORAGE_DELETE -> mapCall(helper, a);
            case RINGBUF_RESERVE, RINGBUF_SUBMIT, RINGBUF_DISCARD, RINGBUF_OUTPUT, RINGBUF_QUERY, PERF_EVENT_OUTPUT -> ringCall(helper, a);
            case PROBE_READ, PROBE_READ_USER, PROBE_READ_KERNEL, PROBE_READ_STR, PROBE_READ_USER_STR, PROBE_READ_KERNEL_STR, COPY_FROM_USER,
                    PROBE_WRITE_USER, D_PATH -> readCall(helper, a);
            case GET_CURRENT_PID_TGID, GET_CURRENT_UID_GID, GET_CURRENT_COMM, GET_CURRENT_TASK, GET_CURRENT_TASK_BTF, GET_CURRENT_CGROUP_ID,
                    GET_NS_CURRENT_PID_TGID, SEND_SIGNAL, SEND_SIGNAL_THREAD, TASK_PT_REGS -> taskCall(helper, a);
            case KTIME_GET_NS, KTIME_GET_BOOT_NS, KTIME_GET_TAI_NS, JIFFIES64, GET_PRANDOM_U32, GET_SMP_PROCESSOR_ID, GET_NUMA_NODE_ID ->
                    tasks.machineWide(helper);
            case GET_STACK -> stacks.getStack(a[1], a[2], a[3], a[4]);
            case GET_TASK_STACK -> stacks.getTaskStack(a[1], a[2], a[3], a[4]);
            case GET_STACKID -> stacks.getStackId(a[1], a[2], a[3]);
            case STRNCMP, STRTOL, STRTOUL, TRACE_PRINTK -> textCall(helper, a);
            case LOOP -> probes.loop(a[1], a[2], a[3], a[4]);
            case GET_ATTACH_COOKIE, GET_FUNC_IP, GET_FUNC_ARG, GET_FUNC_RET, GET_FUNC_ARG_CNT, GET_SOCKET_COOKIE, OVERRIDE_RETURN ->
                    probes.call(helper, a);
            default -> throw new MachineFailure("helper " + helper.kernelName() + " is not in the machine");
        };
    }

    private long mapCall(BpfHelper helper, long[] a) {
        return switch (helper) {
            case MAP_LOOKUP_ELEM -> maps.lookup(a[1], a[2], run.machine.scene.cpu);
            case MAP_LOOKUP_PERCPU_ELEM -> maps.lookupPerCpu(a[1], a[2], a[3]);
            case MAP_UPDATE_ELEM -> maps.update(a[1], a[2], a[3], a[4]);
            case MAP_DELETE_ELEM -> maps.delete(a[1], a[2]);
            case FOR_EACH_MAP_ELEM -> maps.forEach(a[1], a[2], a[3], a[4]);
            case TASK_STORAGE_GET -> maps.taskStorage(a[1], a[2], a[3], a[4]);
            default -> maps.deleteTaskStorage(a[1], a[2]);
        };
    }

    private long ringCall(BpfHelper helper, long[] a) {
        return switch (helper) {
            case RINGBUF_RESERVE -> maps.reserve(a[1], a[2], a[3]);
            case RINGBUF_SUBMIT -> maps.submit(a[1]);
            case RINGBUF_DISCARD -> maps.discard(a[1]);
            case RINGBUF_OUTPUT -> maps.output(a[1], a[2], a[3]);
            case RINGBUF_QUERY -> maps.query(a[1], a[2]);
            default -> maps.perfOutput(a[1], a[2], a[4], a[5]);
        };
    }

    private long readCall(BpfHelper helper, long[] a) {
        return switch (helper) {
            case PROBE_READ -> reads.read(a[1], a[2], a[3], true, true);
            case PROBE_READ_USER, COPY_FROM_USER -> reads.read(a[1], a[2], a[3], true, false);
            case PROBE_READ_KERNEL -> reads.read(a[1], a[2], a[3], false, true);
            case PROBE_READ_STR -> reads.readString(a[1], a[2], a[3], true, true);
            case PROBE_READ_USER_STR -> reads.readString(a[1], a[2], a[3], true, false);
            case PROBE_READ_KERNEL_STR -> reads.readString(a[1], a[2], a[3], false, true);
            case PROBE_WRITE_USER -> reads.writeUser(a[1], a[2], a[3]);
            default -> reads.path(a[1], a[2], a[3]);
        };
    }

    private long taskCall(BpfHelper helper, long[] a) {
        return switch (helper) {
            case GET_CURRENT_COMM -> tasks.comm(a[1], a[2]);
            case GET_NS_CURRENT_PID_TGID -> tasks.namespaceIds(a[1], a[2], a[3], a[4]);
            case SEND_SIGNAL -> tasks.signal(a[1], false);
            case SEND_SIGNAL_THREAD -> tasks.signal(a[1], true);
            case TASK_PT_REGS -> tasks.registers(a[1]);
            default -> tasks.identity(helper);
        };
    }

    private long textCall(BpfHelper helper, long[] a) {
        return switch (helper) {
            case STRNCMP -> texts.compare(a[1], a[2], a[3]);
            case STRTOL -> texts.parse(a[1], a[2], a[3], a[4], true);
            case STRTOUL -> texts.parse(a[1], a[2], a[3], a[4], false);
            default -> texts.print(a);
        };
    }
}
