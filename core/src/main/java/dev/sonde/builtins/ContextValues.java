package dev.sonde.builtins;

import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Builtins about the probe: its arguments, result, registers and names. */
final class ContextValues {
    static final List<String> NAMES = names();

    private ContextValues() {}

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("args", "retval", "reg", "ctx", "func", "probe", "probetype"));
        for (int i = 0; i < 10; i++) {
            names.add("arg" + i);
            names.add("sarg" + i);
        }
        return List.copyOf(names);
    }

    static Builtin of(String name) {
        return switch (name) {
            case "args" -> args();
            case "retval" -> retval();
            case "reg" -> reg();
            case "ctx" -> ctx();
            case "func" -> func();
            case "probe" -> probe();
            case "probetype" -> probetype();
            default -> numbered(name);
        };
    }

    private static Builtin numbered(String name) {
        boolean stack = name.startsWith("sarg");
        String digits = name.startsWith("arg") ? name.substring(3) : stack ? name.substring(4) : "";
        if (digits.length() != 1 || !Character.isDigit(digits.charAt(0))) {
            return null;
        }
        int index = digits.charAt(0) - '0';
        return Entry.value(name, name)
                .doc(stack ? "Word " + index + " of the stack above the return address: an argument passed there."
                        : "Argument " + index + " of the probed function, as an integer.")
                .example("uprobe:libc:getenv { printf(\"%s\\n\", str(arg0)); exit() } interval:s:1 { exit() }").traits(Builtin.Trait.CONTEXT)
                .check(c -> source(c, stack ? c.context().stackArgN(index) : c.context().argN(index), stack ? "'kprobes' and 'uprobes'"
                        : "'kprobes', 'uprobes' and 'usdt'"))
                .lower(l -> l.read((stack ? l.context().stackArgN(index) : l.context().argN(index)).orElseThrow()));
    }

    private static Type source(Checking call, Optional<ProbeContext.Source> source, String kinds) {
        if (!call.matches(0, 0)) {
            return Type.NONE;
        }
        return source.map(ProbeContext.Source::type).orElseGet(() -> call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE,
                "The " + call.name() + " builtin can only be used with " + kinds + " probes"));
    }

    private static Builtin args() {
        return Entry.value("args", "args", "args.NAME").doc("The probe's arguments by name, and all of them as a record.")
                .example("tracepoint:raw_syscalls:sys_enter { printf(\"%d\\n\", args.id); exit() }").traits(Builtin.Trait.CONTEXT)
                .check(ContextValues::record).lower(ContextValues::lowerRecord);
    }

    private static Type record(Checking call) {
        List<ProbeContext.Argument> arguments = call.context().arguments();
        if (!call.context().withoutArguments().isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, call.context().withoutArguments());
        }
        if (arguments.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE,
                    "The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and uprobe probes ("
                    + call.probe().kind().name() + " used here)");
        }
        return new Type.Named(arguments.stream().map(ProbeContext.Argument::name).toList(), arguments.stream().map(a -> a.source().type()).toList());
    }

    private static Value lowerRecord(Lowering call) {
        var to = call.destination();
        var type = (Type.Named) call.type();
        List<ProbeContext.Argument> arguments = call.context().arguments();
        call.zero(to, type.size());
        for (int i = 0; i < arguments.size(); i++) {
            call.store(to.plus(Layout.tupleOffset(type.elements(), i)), type.elements().get(i), call.read(arguments.get(i).source()));
        }
        return new Value.InMemory(type, to);
    }

    private static Builtin retval() {
        return Entry.value("retval", "retval").doc("The result of the probed function.")
                .example("uretprobe:libc:getpid { printf(\"%d\\n\", retval); exit() } interval:s:1 { exit() }").traits(Builtin.Trait.CONTEXT)
                .check(c -> source(c, c.context().result(), "'kretprobe' and 'uretprobe' and 'fentry'"))
                        .lower(l -> l.read(l.context().result().orElseThrow()));
    }

    private static Builtin reg() {
        return Entry.function("reg", "reg(\"NAME\")").doc("A CPU register at the probe: ip, sp, di, … on x86-64; r0, …, pc on arm64.")
                .example("uprobe:libc:getpid { printf(\"%x\\n\", reg(\"sp\")); exit() } interval:s:1 { exit() }").traits(Builtin.Trait.CONTEXT)
                .check(ContextValues::register).lower(l -> l.read(l.context().register(l.text(0).orElseThrow()).orElseThrow()));
    }

    private static Type register(Checking call) {
        if (call.context().registers().isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "reg can not be used with \"" + call.probe().kind().name() + "\" probes");
        }
        if (!call.arguments(1, 1) || !call.literalText(0)) {
            return Type.NONE;
        }
        String name = call.text(0).orElseThrow();
        return call.context().register(name).map(ProbeContext.Source::type).orElseGet(() -> call.fail(call.span(), DiagnosticCode.UNKNOWN_NAME,
                "'" + name + "' is not a valid register on this architecture ("
                        + call.target().architecture().name().toLowerCase(Locale.ROOT)
                        + ")", "Registers here: " + String.join(", ", call.context().registers()) + "."));
    }

    private static Builtin ctx() {
        return Entry.value("ctx", "ctx").doc("The context that the kernel gives the program.")
                .example("interval:s:1 { printf(\"%d\\n\", ctx != 0); exit() }").traits(Builtin.Trait.CONTEXT)
                .check(c -> c.context().contextType()).lower(l -> new Value.Scalar(l.type(), l.contextPointer()));
    }

    private static Builtin func() {
        return Entry.value("func", "func").doc("The name of the probed function.")
                .example("uprobe:libc:getpid { printf(\"%s\\n\", func); exit() } interval:s:1 { exit() }").traits(Builtin.Trait.SITE)
                .check(ContextValues::hasFunction).lower(l -> new Value.Scalar(l.type(), l.functionSite()));
    }

    private static Type hasFunction(Checking call) {
        boolean named = !call.probe().sites().getFirst().function().isEmpty();
        return named ? new Type.SiteName(true)
                : call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "The func builtin can not be used with '" + call.probe().kind().name()
                        + "' probes");
    }

    private static Builtin probe() {
        return Entry.value("probe", "probe").doc("The full attach point of the probe that fired.")
                .example("begin { printf(\"%s\\n\", probe); exit() }").traits(Builtin.Trait.SITE)
                .gives(new Type.SiteName(false), l -> new Value.Scalar(l.type(), l.site()));
    }

    private static Builtin probetype() {
        return Entry.value("probetype", "probetype").doc("The kind of the probe.").example("begin { printf(\"%s\\n\", probetype); exit() }")
                .check(c -> new Type.Text(c.probe().kind().type().length() + 1))
                .lower(l -> new Value.Literal(l.type(), l.probe().kind().type().getBytes(StandardCharsets.UTF_8)));
    }
}
