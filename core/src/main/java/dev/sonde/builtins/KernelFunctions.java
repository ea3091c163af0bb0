package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.btf.BtfType;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Feature;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Builtins that reach into the kernel: its per-CPU variables, paths, sockets, functions; and those that change a program's course or memory. */
final class KernelFunctions {
    static final List<String> NAMES = List.of("percpu_kaddr", "path", "socket_cookie", "kfunc_exist", "kfunc_allowed", "override", "write_user");
    /** The kernel's array of what to add to a per-CPU address for each CPU. */
    private static final String CPU_OFFSETS = "__per_cpu_offset";

    private KernelFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "percpu_kaddr" -> Entry.function(name, "percpu_kaddr(\"VARIABLE\" [, cpu])")
                    .doc("The address of the current or of another CPU's copy of a per-CPU variable of the kernel; 0 for a CPU that cannot be.")
                    .example("begin { printf(\"%d\\n\", percpu_kaddr(\"process_counts\") != 0); exit() }")
                    .check(KernelFunctions::checkPerCpu).lower(KernelFunctions::lowerPerCpu);
            case "path" -> Entry.function(name, "path(struct path * [, size])")
                    .doc("The full name of the file that a struct path of the kernel stands for.")
                    .example("fentry:filp_close { printf(\"%s\\n\", path(args.filp.f_path)); exit() }")
                    .check(KernelFunctions::checkPath).lower(KernelFunctions::lowerPath);
            case "socket_cookie" -> Entry.function(name, "socket_cookie(struct sock *)").doc("A number that a socket keeps for its whole life.")
                    .example("fentry:tcp_sendmsg { printf(\"%d\\n\", socket_cookie(args.sk)); exit() }")
                    .traits(Builtin.Trait.TYPED_PROGRAM).check(KernelFunctions::checkCookie).lower(KernelFunctions::lowerCookie);
            case "kfunc_exist" -> kernelFunction(name, "Whether the kernel has a function of that name.", false);
            case "kfunc_allowed" -> kernelFunction(name, "Whether the kernel has a function of that name that BPF programs may call.", true);
            case "override" -> Entry.function(name, "override(result)").doc("Leaves the probed kernel function at once with that result.")
                    .example("kprobe:__x64_sys_getuid /comm == \"id\"/ { override(123); exit() }").traits(Builtin.Trait.UNSAFE, Builtin.Trait.EFFECT)
                    .check(KernelFunctions::checkOverride).lower(l -> {
                        l.ir().callFor(BpfHelper.OVERRIDE_RETURN, l.contextPointer(), l.scalar(0));
                        return new Value.Nothing(Type.NONE);
                    });
            case "write_user" -> Entry.function(name, "write_user(pointer, value, length)")
                    .doc("Writes length bytes of a value, or of what a pointer points to, to the current process's memory; says whether that worked.")
                    .example("uprobe:libc:getenv { write_user(arg0, \"x\", 0); exit() }").traits(Builtin.Trait.UNSAFE, Builtin.Trait.EFFECT)
                    .check(KernelFunctions::checkWrite).lower(KernelFunctions::lowerWrite);
            default -> null;
        };
    }

    private static Type checkPerCpu(Checking call) {
        if (!call.arguments(1, 2) || !call.literalText(0) || !call.integer(1)) {
            return Type.NONE;
        }
        String name = call.text(0).orElseThrow();
        Optional<BtfType.Var> variable = call.kernelTypes().btf().flatMap((Btf b) -> b.variable(name));
        if (variable.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NO_MATCH, "Could not resolve variable \"" + name + "\" from BTF");
        }
        for (String symbol : List.of(name, CPU_OFFSETS)) {
            if (call.target().kernelAddress(symbol).isEmpty()) {
                return call.fail(call.span(), DiagnosticCode.NO_MATCH, "This kernel does not tell the address of " + symbol,
                        "/proc/kallsyms lists variables only in kernels with CONFIG_KALLSYMS_ALL.");
            }
        }
        return new Type.Pointer(call.kernelTypes().of(variable.get().type()), AddressSpace.KERNEL);
    }

    private static Value lowerPerCpu(Lowering call) {
        IrBuilder ir = call.ir();
        Operand.Register cpu = ir.inRegister(call.count() == 2 ? call.scalar(1) : ir.call(BpfHelper.GET_SMP_PROCESSOR_ID));
        Operand.Register result = ir.constant(0);
        Operation.Label none = ir.label();
        Address offset = call.temporary(8);
        ir.branch(Condition.GE, cpu, call.target().possibleCpus(), none);
        Operand.Register scaled = ir.alu(AluOperation.LSH, cpu, 3);
        call.read(offset, 8, ir.alu(AluOperation.ADD, ir.constant(address(call, CPU_OFFSETS)), scaled), AddressSpace.KERNEL);
        ir.copy(result, ir.alu(AluOperation.ADD, ir.load(offset, 8, false), ir.constant(address(call, call.text(0).orElseThrow()))));
        ir.place(none);
        return new Value.Scalar(call.type(), result);
    }

    private static long address(Lowering call, String symbol) {
        return call.target().kernelAddress(symbol).orElseThrow();
    }

    private static Type checkPath(Checking call) {
        if (!call.arguments(1, 2)) {
            return Type.NONE;
        }
        if (call.probe().program().kind() != ProgramKind.TRACING) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "The path function can only be used with 'fentry', 'fexit', 'iter' probes");
        }
        Type type = call.type(0) instanceof Type.Pointer(Type target, _) ? target : call.type(0);
        if (type != Type.NONE && !(type instanceof Type.Struct s && s.name().equals("path"))) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "path() only supports pointer argument to struct path (" + call.kind(0)
                    + " provided)");
        }
        OptionalLong size = call.count() == 2 ? call.constant(1) : OptionalLong.of(call.settings().maxStringLength());
        return size.isPresent() && size.getAsLong() > 0 ? new Type.Text((int) Math.min(size.getAsLong(), call.settings().maxStringLength()))
                : call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "path() requires a positive integer literal as its size");
    }

    private static Value lowerPath(Lowering call) {
        Value path = call.value(0);
        Address to = call.destination();
        int size = call.type().size();
        call.zero(to, size);
        Operand at = path instanceof Value.Remote(Type type, Operand address, _) && !type.isScalar() ? address : call.scalar(path);
        call.ir().callFor(BpfHelper.D_PATH, at, call.ir().addressOf(to), Operand.of(size));
        return new Value.InMemory(call.type(), to);
    }

    private static Type checkCookie(Checking call) {
        if (call.probe().program().kind() != ProgramKind.TRACING) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "socket_cookie can not be used with \"" + call.probe().kind().name()
                    + "\" probes");
        }
        if (!call.arguments(1, 1)) {
            return Type.NONE;
        }
        return call.type(0) == Type.NONE || call.type(0) instanceof Type.Pointer ? Type.UINT64
                : call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "socket_cookie() only supports pointer arguments (" + call.kind(0)
                        + " provided)");
    }

    /** Where the argument may be NULL, the verifier wants that ruled out. */
    private static Value lowerCookie(Lowering call) {
        IrBuilder ir = call.ir();
        Operand.Register socket = ir.inRegister(call.scalar(0));
        Operand.Register cookie = ir.constant(0);
        Operation.Label none = ir.label();
        ir.branch(Condition.EQ, socket, 0, none);
        ir.copy(cookie, ir.call(BpfHelper.GET_SOCKET_COOKIE, socket));
        ir.place(none);
        return new Value.Scalar(call.type(), cookie);
    }

    private static Builtin kernelFunction(String name, String doc, boolean callable) {
        return Entry.function(name, name + "(\"FUNCTION\")").doc(doc).example("begin { print(" + name + "(\"bpf_task_from_pid\")); exit() }")
                .check(c -> {
            if (!c.matches(1, 1)) {
                return Type.NONE;
            }
            return c.text(0).isPresent() ? Type.BOOL : c.fail(c.span(), DiagnosticCode.NOT_CONSTANT, name + "() accepts a string literal only");
        }).folds(c -> OptionalLong.of(c.text(0).isPresent() && has(c, c.text(0).get(), callable) ? 1 : 0));
    }

    /** Functions for programs carry the tag {@code bpf_kfunc}. */
    private static boolean has(Checking call, String name, boolean callable) {
        Optional<Btf> btf = call.kernelTypes().btf();
        Optional<BtfType.Func> function = btf.flatMap(b -> b.function(name));
        if (function.isEmpty() || !callable) {
            return function.isPresent();
        }
        boolean[] tagged = new boolean[1];
        btf.get().forEach(BtfKind.DECL_TAG, id -> tagged[0] |= btf.get().type(id) instanceof BtfType.DeclTag tag && tag.type() == function.get().id()
                && tag.name().equals("bpf_kfunc"));
        return tagged[0];
    }

    private static Type checkOverride(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        if (call.probe().program().kind() != ProgramKind.KPROBE || call.context().space() != AddressSpace.KERNEL
                || call.context().argN(0).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "override() can only be used inside kprobes");
        }
        if (!call.target().has(Feature.OVERRIDE_RETURN)) {
            return call.fail(call.span(), DiagnosticCode.UNSUPPORTED_PROBE, "override() needs " + Feature.OVERRIDE_RETURN.title()
                    + ", which this kernel does not have", "It is built with CONFIG_BPF_KPROBE_OVERRIDE.");
        }
        return Type.NONE;
    }

    private static Type checkWrite(Checking call) {
        if (!call.matches(3, 3)) {
            return Type.NONE;
        }
        if (!call.target().has(Feature.PROBE_WRITE_USER)) {
            return call.fail(call.span(), DiagnosticCode.UNSUPPORTED_PROBE, "write_user() needs " + Feature.PROBE_WRITE_USER.title()
                    + ", which this kernel does not have", "A kernel in lockdown mode hides it.");
        }
        if (call.type(0) != Type.NONE && !call.type(0).isScalar()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "write_user() expects a pointer as its first argument (" + call.kind(0)
                    + " provided)");
        }
        OptionalLong length = call.constant(2);
        if (!call.integer(2) || length.isEmpty()) {
            return length.isPresent() ? Type.NONE
                    : call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "write_user() requires an integer literal as its length");
        }
        int most = call.type(1) == Type.NONE || call.type(1) instanceof Type.Pointer ? call.settings().maxStringLength() : call.type(1).size();
        return length.getAsLong() >= 0 && length.getAsLong() <= most ? Type.BOOL
                : call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, "write_user() of " + length.getAsLong() + " bytes: the value has " + most);
    }

    private static Value lowerWrite(Lowering call) {
        IrBuilder ir = call.ir();
        int length = (int) call.constant(2).orElseThrow();
        Operand.Register done = ir.constant(1);
        if (length == 0) {
            return new Value.Scalar(Type.BOOL, done);
        }
        Operand to = call.scalar(0);
        Operand.Register from = Texts.bytes(call, 1, length);
        Operation.Label written = ir.label();
        ir.branch(Condition.EQ, ir.call(BpfHelper.PROBE_WRITE_USER, to, from, Operand.of(length)), 0, written);
        ir.copy(done, Operand.of(0));
        ir.place(written);
        return new Value.Scalar(Type.BOOL, done);
    }
}
