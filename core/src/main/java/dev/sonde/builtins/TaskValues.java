package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;

/** Builtins about the current task, CPU and time. */
final class TaskValues {
    static final List<String> NAMES = List.of("pid", "tid", "uid", "gid", "username", "comm", "cpu", "ncpus", "numaid", "cgroup", "curtask", "rand",
            "nsecs", "elapsed", "jiffies", "cpid", "has_cpid", "usermode");

    private TaskValues() {}

    static Builtin of(String name) {
        return switch (name) {
            case "pid" -> pid();
            case "tid" -> tid();
            case "uid" -> uid();
            case "gid" -> gid();
            case "username" -> username();
            case "comm" -> comm();
            case "cpu" -> cpu();
            case "ncpus" -> ncpus();
            case "numaid" -> numaid();
            case "cgroup" -> cgroup();
            case "curtask" -> curtask();
            case "rand" -> rand();
            case "nsecs" -> nsecs();
            case "elapsed" -> elapsed();
            case "jiffies" -> jiffies();
            case "cpid" -> cpid();
            case "has_cpid" -> hasCpid();
            case "usermode" -> usermode();
            default -> null;
        };
    }

    private static Builtin pid() {
        return Entry.value("pid", "pid").doc("The process id of the current task: what the kernel calls tgid.")
                .example("begin { printf(\"%d\\n\", pid); exit() }")
                .pure().gives(Type.UINT32, l -> new Value.Scalar(l.type(), l.ir().alu(AluOperation.RSH, l.pidTgid(), 32)));
    }

    private static Builtin tid() {
        return Entry.value("tid", "tid").doc("The thread id of the current task.")
                .example("begin { printf(\"%d\\n\", tid); exit() }")
                .pure().gives(Type.UINT32, l -> new Value.Scalar(l.type(), l.ir().extend(l.pidTgid(), 32, false)));
    }

    private static Builtin uid() {
        return Entry.value("uid", "uid").doc("The user id of the current task.").example("begin { printf(\"%d\\n\", uid); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().extend(l.ir().call(BpfHelper.GET_CURRENT_UID_GID), 32, false)));
    }

    private static Builtin gid() {
        return Entry.value("gid", "gid").doc("The group id of the current task.").example("begin { printf(\"%d\\n\", gid); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().alu(AluOperation.RSH, l.ir().call(BpfHelper.GET_CURRENT_UID_GID), 32)));
    }

    private static Builtin username() {
        return Entry.value("username", "username").doc("The name of the current task's user.").example("begin { printf(\"%s\\n\", username); exit() }")
                .pure().gives(new Type.Username(),
                        l -> new Value.Scalar(l.type(), l.ir().extend(l.ir().call(BpfHelper.GET_CURRENT_UID_GID), 32, false)));
    }

    private static Builtin comm() {
        return Entry.value("comm", "comm").doc("The name of the current task: at most 15 bytes.")
                .example("begin { printf(\"%s\\n\", comm); exit() }")
                .gives(new Type.Text(16), l -> {
                    var to = l.destination();
                    l.ir().callFor(BpfHelper.GET_CURRENT_COMM, l.ir().addressOf(to), Operand.of(16));
                    return new Value.InMemory(l.type(), to);
                });
    }

    private static Builtin cpu() {
        return Entry.value("cpu", "cpu").doc("The number of the current CPU.").example("begin { printf(\"%d\\n\", cpu); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.GET_SMP_PROCESSOR_ID)));
    }

    private static Builtin ncpus() {
        return Entry.value("ncpus", "ncpus").doc("How many CPUs the machine can have.").example("begin { printf(\"%d\\n\", ncpus); exit() }")
                .pure().gives(Type.UINT64, l -> Value.constant(l.type(), l.target().possibleCpus()));
    }

    private static Builtin numaid() {
        return Entry.value("numaid", "numaid").doc("The number of the current NUMA node.").example("begin { printf(\"%d\\n\", numaid); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.GET_NUMA_NODE_ID)));
    }

    private static Builtin cgroup() {
        return Entry.value("cgroup", "cgroup").doc("The id of the current task's cgroup (v2).").example("begin { printf(\"%d\\n\", cgroup); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.GET_CURRENT_CGROUP_ID)));
    }

    private static Builtin curtask() {
        return Entry.value("curtask", "curtask").doc("The kernel's struct task_struct of the current task.")
                .example("begin { printf(\"%d\\n\", ((struct task_struct *)curtask)->pid); exit() }")
                .pure().check(c -> new Type.Pointer(new dev.sonde.types.KernelTypes(c.target()::btf).struct("struct", "task_struct").orElse(Type.VOID),
                        AddressSpace.KERNEL))
                .lower(l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.GET_CURRENT_TASK)));
    }

    private static Builtin rand() {
        return Entry.value("rand", "rand").doc("A random number of 32 bits.").example("begin { printf(\"%u\\n\", rand); exit() }")
                .gives(Type.UINT32, l -> new Value.Scalar(l.type(), l.ir().extend(l.ir().call(BpfHelper.GET_PRANDOM_U32), 32, false)));
    }

    private static Builtin nsecs() {
        return Entry.both("nsecs", "nsecs", "nsecs(boot|monotonic|tai|sw_tai)")
                .doc("Nanoseconds since the kernel booted, time asleep included; with an argument, of that clock.")
                .example("begin { $t = nsecs; printf(\"%d\\n\", $t > 0); exit() }")
                .check(Clocks::check).lower(Clocks::lower);
    }

    private static Builtin elapsed() {
        return Entry.value("elapsed", "elapsed").doc("Nanoseconds since the trace started.").example("begin { printf(\"%d\\n\", elapsed > 0); exit() }")
                .gives(Type.UINT64, l -> {
                    var ir = l.ir();
                    var now = ir.call(BpfHelper.KTIME_GET_BOOT_NS);
                    var start = ir.load(new dev.sonde.ir.Address.AtRegister(ir.mapValue(l.internalMap(Lowering.Internal.START_TIME), 0), 0), 8, false);
                    return new Value.Scalar(l.type(), ir.alu(AluOperation.SUB, now, start));
                });
    }

    private static Builtin jiffies() {
        return Entry.value("jiffies", "jiffies").doc("The kernel's tick counter.").example("begin { printf(\"%d\\n\", jiffies > 0); exit() }")
                .gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.JIFFIES64)));
    }

    private static Builtin cpid() {
        return Entry.value("cpid", "cpid").doc("The process id of the command given with -c.").example("begin { printf(\"%d\\n\", has_cpid); exit() }")
                .check(c -> c.settings().childPid() > 0 ? Type.UINT32
                        : c.fail(c.span(), dev.sonde.source.DiagnosticCode.BAD_PARAMETER, "cpid cannot be used without child command", "Give one with -c."))
                .lower(l -> Value.constant(l.type(), l.settings().childPid()));
    }

    private static Builtin hasCpid() {
        return Entry.value("has_cpid", "has_cpid").doc("Whether a command was given with -c.").example("begin { printf(\"%d\\n\", has_cpid); exit() }")
                .gives(Type.BOOL, l -> Value.constant(l.type(), l.settings().childPid() > 0 ? 1 : 0));
    }

    private static Builtin usermode() {
        return Entry.value("usermode", "usermode").doc("1 when the probe interrupted user code, 0 in the kernel (x86-64).")
                .example("profile:hz:99 { @[usermode] = count(); exit() }").traits(Builtin.Trait.CONTEXT)
                .check(c -> c.context().register("cs").isPresent() ? Type.UINT8
                        : c.fail(c.span(), dev.sonde.source.DiagnosticCode.NOT_IN_PROBE, "usermode needs a probe with registers, not " + c.probe().kind().name()))
                .lower(l -> {
                    var cs = l.scalar(l.read(l.context().register("cs").orElseThrow()));
                    var low = l.ir().alu(AluOperation.AND, cs, 3);
                    return new Value.Scalar(l.type(), l.ir().alu(AluOperation.RSH, l.ir().alu(AluOperation.ADD, low, 1), 2));
                });
    }
}
