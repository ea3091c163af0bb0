package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.target.Architecture;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Builtins about the current task, CPU and time. */
final class TaskValues {
    static final List<String> NAMES = List.of("pid", "tid", "uid", "gid", "username", "cpu", "ncpus", "numaid", "cgroup", "curtask", "rand", "nsecs",
            "elapsed", "jiffies", "cpid", "has_cpid", "usermode");

    private TaskValues() {}

    static Builtin of(String name) {
        return switch (name) {
            case "pid" -> pid();
            case "tid" -> tid();
            case "uid" -> uid();
            case "gid" -> gid();
            case "username" -> username();
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
        return Entry.both("pid", "pid", "pid(curr_ns|init)")
                .doc("The process id of the current task: what the kernel calls tgid. It is the number in the pid namespace that Sonde runs "
                        + "in (curr_ns); init "
                        + "asks for the number in the machine's first one.")
                .example("begin { printf(\"%d\\n\", pid); exit() }").traits(Builtin.Trait.WORD_FIRST, Builtin.Trait.PURE)
                        .check(TaskValues::checkNumber)
                .lower(l -> new Value.Scalar(l.type(), l.ir().alu(AluOperation.RSH, numbers(l), 32)));
    }

    private static Builtin tid() {
        return Entry.both("tid", "tid", "tid(curr_ns|init)").doc("The thread id of the current task, in the pid namespaces that pid has.")
                .example("begin { printf(\"%d\\n\", tid); exit() }").traits(Builtin.Trait.WORD_FIRST, Builtin.Trait.PURE)
                        .check(TaskValues::checkNumber)
                .lower(l -> new Value.Scalar(l.type(), l.ir().extend(numbers(l), 32, false)));
    }

    private static Type checkNumber(Checking call) {
        if (!call.arguments(0, 1) || call.count() == 0) {
            return Type.UINT32;
        }
        String mode = call.word(0).orElse("");
        if (mode.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + "() only supports curr_ns and init as the argument");
        }
        return mode.equals("curr_ns") || mode.equals("init") ? Type.UINT32
                : call.fail(call.span(0), DiagnosticCode.UNKNOWN_NAME, "Invalid PID namespace mode: " + mode + " (expects: curr_ns or init)");
    }

    private static Operand.Register numbers(Lowering call) {
        boolean first = call.count() == 1 && call.word(0).orElseThrow().equals("init") && call.target().pidNamespace().isPresent();
        return first ? call.ir().call(BpfHelper.GET_CURRENT_PID_TGID) : call.pidTgid();
    }

    private static Builtin uid() {
        return Entry.value("uid", "uid").doc("The user id of the current task.").example("begin { printf(\"%d\\n\", uid); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().extend(l.ir().call(BpfHelper.GET_CURRENT_UID_GID), 32, false)));
    }

    private static Builtin gid() {
        return Entry.value("gid", "gid").doc("The group id of the current task.").example("begin { printf(\"%d\\n\", gid); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().alu(AluOperation.RSH, l.ir().call(BpfHelper.GET_CURRENT_UID_GID),
                        32)));
    }

    private static Builtin username() {
        return Entry.value("username", "username").doc("The name of the current task's user.")
                .example("begin { printf(\"%s\\n\", username); exit() }")
                .pure().gives(new Type.Username(),
                        l -> new Value.Scalar(l.type(), l.ir().extend(l.ir().call(BpfHelper.GET_CURRENT_UID_GID), 32, false)));
    }

    private static Builtin cpu() {
        return Entry.value("cpu", "cpu").doc("The number of the current CPU.").example("begin { printf(\"%d\\n\", cpu); exit() }")
                .pure().gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.GET_SMP_PROCESSOR_ID)));
    }

    private static Builtin ncpus() {
        return Entry.value("ncpus", "ncpus").doc("How many CPUs the machine can have.").example("begin { printf(\"%d\\n\", ncpus); exit() }")
                .pure().check(c -> c.matches(0, 0) ? Type.UINT64 : Type.NONE).folds(c -> OptionalLong.of(c.target().possibleCpus()));
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
                .pure().check(c -> c.matches(0, 0)
                        ? new Type.Pointer(c.kernelTypes().struct("struct", "task_struct").orElse(Type.VOID), AddressSpace.KERNEL) : Type.NONE)
                .lower(l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.GET_CURRENT_TASK)));
    }

    private static Builtin rand() {
        return Entry.value("rand", "rand").doc("A random number of 32 bits.").example("begin { printf(\"%u\\n\", rand); exit() }")
                .gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().extend(l.ir().call(BpfHelper.GET_PRANDOM_U32), 32, false)));
    }

    private static Builtin nsecs() {
        return Entry.both("nsecs", "nsecs", "nsecs(boot|monotonic|tai|sw_tai)")
                .doc("Nanoseconds since the kernel booted, time asleep included; with an argument, of that clock.")
                .example("begin { $t = nsecs; printf(\"%d\\n\", $t > 0); exit() }")
                .traits(Builtin.Trait.WORD_FIRST).check(Clocks::check).lower(Clocks::lower);
    }

    private static Builtin elapsed() {
        return Entry.value("elapsed", "elapsed").doc("Nanoseconds since the trace started.")
                .example("begin { printf(\"%d\\n\", elapsed > 0); exit() }")
                .gives(Type.UINT64, l -> {
                    var ir = l.ir();
                    var now = ir.call(BpfHelper.KTIME_GET_BOOT_NS);
                    var start = ir.load(new Address.AtRegister(ir.mapValue(l.internalMap(Lowering.Internal.START_TIME), 0), 0), 8, false);
                    return new Value.Scalar(l.type(), ir.alu(AluOperation.SUB, now, start));
                });
    }

    private static Builtin jiffies() {
        return Entry.value("jiffies", "jiffies").doc("The kernel's tick counter.").example("begin { printf(\"%d\\n\", jiffies > 0); exit() }")
                .gives(Type.UINT64, l -> new Value.Scalar(l.type(), l.ir().call(BpfHelper.JIFFIES64)));
    }

    private static Builtin cpid() {
        return Entry.value("cpid", "cpid").doc("The process id of the command given with -c.")
                .example("begin { printf(\"%d\\n\", has_cpid); exit() }")
                .check(c -> c.settings().childPid() > 0 ? Type.UINT32
                        : c.fail(c.span(), DiagnosticCode.BAD_PARAMETER, "cpid cannot be used without child command", "Give one with -c."))
                .folds(c -> OptionalLong.of(c.settings().childPid()));
    }

    private static Builtin hasCpid() {
        return Entry.value("has_cpid", "has_cpid").doc("Whether a command was given with -c.")
                .example("begin { printf(\"%d\\n\", has_cpid); exit() }")
                .check(c -> c.matches(0, 0) ? Type.BOOL : Type.NONE).folds(c -> OptionalLong.of(c.settings().childPid() > 0 ? 1 : 0));
    }

    private static Builtin usermode() {
        return Entry.value("usermode", "usermode").doc("1 when the probe interrupted user code, 0 when it is in the kernel (x86-64).")
                .example("profile:hz:99 { @[usermode] = count(); exit() }").traits(Builtin.Trait.CONTEXT)
                .check(TaskValues::checkMode).lower(TaskValues::lowerMode);
    }

    private static Type checkMode(Checking call) {
        if (!call.matches(0, 0)) {
            return Type.NONE;
        }
        if (call.target().architecture() != Architecture.X86_64) {
            return call.fail(call.span(), DiagnosticCode.NOT_COMPILED, "usermode is only known on x86-64");
        }
        return constantMode(call).isPresent() || call.context().register("cs").isPresent() ? Type.UINT8
                : call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "The usermode builtin can not be used with '" + call.probe().kind().name()
                        + "' probes");
    }

    /** Tracepoints are in the kernel's own code; what is run for Sonde itself interrupts Sonde. */
    private static OptionalInt constantMode(Checking call) {
        if (call.context() == ProbeContext.EMPTY) {
            return OptionalInt.of(1);
        }
        return switch (call.probe().program().kind()) {
            case TRACEPOINT, RAW_TRACEPOINT, TRACING, SYSCALL -> OptionalInt.of(0);
            case KPROBE, PERF_EVENT -> OptionalInt.empty();
        };
    }

    private static Value lowerMode(Lowering call) {
        OptionalInt constant = constantMode(call);
        if (constant.isPresent()) {
            return Value.constant(call.type(), constant.getAsInt());
        }
        // The privilege level, 0 or 3, is in the low bits of the code segment's selector.
        Operand segment = call.scalar(call.read(call.context().register("cs").orElseThrow()));
        return new Value.Scalar(call.type(), call.ir().alu(AluOperation.AND, segment, 1));
    }
}
