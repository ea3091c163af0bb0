package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.FormatParser;
import dev.sonde.spec.ProgramKind;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;
import java.util.Optional;

/** Names and numbers of the current task or another, its parent and its process: fields of struct task_struct. */
final class TaskFunctions {
    static final List<String> NAMES = List.of("comm", "pcomm", "ppid", "leader_comm", "leader_tid");
    private static final String FROM_PID = "bpf_task_from_pid";
    private static final String RELEASE = "bpf_task_release";
    private static final int NAME_BYTES = 16;
    private static final byte[] NOT_AVAILABLE = {'N', '/', 'A'};

    private TaskFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "comm" -> comm();
            case "pcomm" -> field(name, "The name of the parent of the current task or of task.", "real_parent", "comm");
            case "ppid" -> field(name, "The process id of the parent of the current task or of task.", "real_parent", "tgid");
            case "leader_comm" -> field(name, "The name of the first thread of the process of the current task or of task.", "group_leader", "comm");
            case "leader_tid" -> field(name, "The thread id of the first thread of the process of the current task or of task.", "group_leader",
                    "pid");
            default -> null;
        };
    }

    private static Builtin field(String name, String doc, String relation, String field) {
        boolean number = !field.equals("comm");
        return Entry.both(name, name, name + "(task)").doc(doc).example("begin { printf(\"%s\\n\", " + name + "); exit() }").check(c -> {
            if (!c.matches(0, 1) || !task(c, relation) || field(c, relation).isEmpty() || field(c, field).isEmpty()) {
                return Type.NONE;
            }
            return number ? Type.INT32 : new Type.Text(NAME_BYTES);
        }).lower(l -> {
            Address pointer = l.temporary(8);
            l.read(pointer, 8, plus(l, task(l), field(l, relation).orElseThrow()), AddressSpace.KERNEL);
            return new Value.Remote(l.type(), plus(l, l.ir().load(pointer, 8, false), field(l, field).orElseThrow()), AddressSpace.KERNEL);
        });
    }

    /** Whether an argument that is given is a task. */
    private static boolean task(Checking call, String field) {
        if (call.count() == 0 || call.type(0) == Type.NONE || call.type(0) instanceof Type.Pointer(Type.Struct struct, _)
                && struct.name().equals("task_struct")) {
            return true;
        }
        call.report(call.span(0), DiagnosticCode.BAD_ARGUMENTS, "Can not access field '" + field + "' on expression of type '"
                + TypeText.of(call.type(0)) + "'", "A struct task_struct * is needed, such as curtask.");
        return false;
    }

    private static Operand task(Lowering call) {
        return call.count() == 0 ? call.ir().call(BpfHelper.GET_CURRENT_TASK) : call.scalar(0);
    }

    private static Operand plus(Lowering call, Operand address, Field field) {
        return call.ir().alu(AluOperation.ADD, address, field.offset());
    }

    /** A field of struct task_struct; a kernel that does not tell it is a mistake. */
    private static Optional<Field> field(Checking call, String name) {
        Optional<Field> field = call.kernelTypes().struct("struct", "task_struct").flatMap(t -> t instanceof Type.Struct s ? s.fields().find(name)
                : Optional.empty());
        if (field.isEmpty()) {
            call.report(call.span(), DiagnosticCode.UNKNOWN_TYPE, call.name() + " needs the field '" + name
                    + "' of the kernel's struct task_struct, and this kernel has no BTF that tells where it is");
        }
        return field;
    }

    private static Builtin comm() {
        return Entry.both("comm", "comm", "comm(pid)", "comm(task)")
                .doc("The name of the current task, of the thread pid or of task: at most 15 bytes, N/A when there is none. Another thread can only "
                        + "be named in a probe whose program is of the kernel's kind \"tracing\" (rawtracepoint, fentry, fexit, iter).")
                .example("begin { printf(\"%s\\n\", comm); exit() }").traits(Builtin.Trait.TYPED_PROGRAM)
                .check(TaskFunctions::checkComm).lower(TaskFunctions::lowerComm);
    }

    private static Type checkComm(Checking call) {
        Type name = new Type.Text(NAME_BYTES);
        if (!call.matches(0, 1)) {
            return Type.NONE;
        }
        if (call.count() == 0 || call.type(0) == Type.NONE) {
            return name;
        }
        if (call.type(0) instanceof Type.Pointer) {
            return task(call, "comm") && field(call, "comm").isPresent() ? name : Type.NONE;
        }
        if (!call.type(0).isInteger()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "Only integer supported for comm()'s pid");
        }
        if (call.probe().program().kind() != ProgramKind.TRACING) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "Syntax comm(PID) is not supported in this probe type yet. Type: "
                    + call.probe().kind().name());
        }
        if (function(call, FROM_PID).isEmpty() || function(call, RELEASE).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.UNSUPPORTED_PROBE, "comm(PID) needs the kernel functions " + FROM_PID + " and " + RELEASE
                    + " (Linux 6.2), which this kernel does not have");
        }
        return field(call, "comm").isPresent() ? name : Type.NONE;
    }

    private static Optional<BtfType.Func> function(Checking call, String name) {
        return call.kernelTypes().btf().flatMap((Btf b) -> b.function(name));
    }

    private static Value lowerComm(Lowering call) {
        if (call.count() == 1 && call.type(0) instanceof Type.Pointer) {
            return new Value.Remote(call.type(), plus(call, call.scalar(0), field(call, "comm").orElseThrow()), AddressSpace.KERNEL);
        }
        if (call.count() == 1) {
            return otherComm(call, call.scalar(0));
        }
        Address to = call.destination();
        // Kernels from 5.18 to 6.1 leave what is behind the NUL as it was, and two of the same name would be two keys.
        call.zero(to, NAME_BYTES);
        call.ir().callFor(BpfHelper.GET_CURRENT_COMM, call.ir().addressOf(to), Operand.of(NAME_BYTES));
        return new Value.InMemory(call.type(), to);
    }

    /** The kernel lends the task and must have it back. Without such a task the name is N/A, and a warning says so. */
    private static Value otherComm(Lowering call, Operand pid) {
        IrBuilder ir = call.ir();
        Address to = call.destination();
        Operand.Register task = ir.register();
        Operation.Label found = ir.label();
        Operation.Label end = ir.label();
        call.zero(to, NAME_BYTES);
        ir.add(new Operation.CallKernelFunction(Optional.of(task), FROM_PID, function(call, FROM_PID).orElseThrow().id(), List.of(pid)));
        ir.branch(Condition.NE, task, 0, found);
        call.store(to, call.type(), new Value.Literal(call.type(), NOT_AVAILABLE));
        if (call.settings().reportFailures()) {
            call.send(List.of(Type.INT64), _ -> new Value.Scalar(Type.INT64, pid),
                    fields -> new EventSpec.Action.Print(EventSpec.Channel.WARNF, FormatParser.of("No such process (pid=%d)"), fields));
        }
        ir.jump(end);
        ir.place(found);
        call.read(to, NAME_BYTES, plus(call, task, field(call, "comm").orElseThrow()), AddressSpace.KERNEL);
        ir.add(new Operation.CallKernelFunction(Optional.empty(), RELEASE, function(call, RELEASE).orElseThrow().id(), List.of(task)));
        ir.place(end);
        return new Value.InMemory(call.type(), to);
    }
}
