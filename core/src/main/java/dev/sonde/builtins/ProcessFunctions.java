package dev.sonde.builtins;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.target.UserApi;
import dev.sonde.types.Type;
import java.util.List;
import java.util.OptionalLong;

/** Builtins that act on processes, and cgroups. */
final class ProcessFunctions {
    static final List<String> NAMES = List.of("signal", "signal_thread", "cgroupid", "cgroup_path", "unwatch");

    /** Kinds of probes at which the current process is one that the script's author did not mean. */
    private static final List<String> REFUSED = List.of("interval", "software", "hardware", "iter");

    private ProcessFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "signal" -> signal("signal", BpfHelper.SEND_SIGNAL, "process");
            case "signal_thread" -> signal("signal_thread", BpfHelper.SEND_SIGNAL_THREAD, "thread");
            case "cgroupid" -> cgroupid();
            case "cgroup_path" -> cgroupPath();
            case "unwatch" -> unwatch();
            default -> null;
        };
    }

    private static Builtin signal(String name, BpfHelper helper, String what) {
        return Entry.function(name, name + "(number)", name + "(\"SIGNAME\")").doc("Sends a signal to the current " + what + ".")
                .example("interval:s:1 { exit() }").traits(Builtin.Trait.UNSAFE, Builtin.Trait.EFFECT)
                .check(ProcessFunctions::checkSignal).lower(l -> {
                    Operand number = l.text(0).isPresent() ? Operand.of(number(l.text(0).get()).orElse(0)) : l.scalar(0);
                    l.ir().callFor(helper, number);
                    return new Value.Nothing(Type.NONE);
                });
    }

    private static Type checkSignal(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        boolean stranger = REFUSED.contains(call.probe().kind().name()) || call.probe().plan().attach(0).getFirst() instanceof AttachSpec.Self;
        if (stranger) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, call.name() + "() can not be used for this probetype "
                    + call.probe().kind().name());
        }
        boolean text = call.text(0).isPresent();
        if (text && number(call.text(0).get()).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "Invalid string for signal: " + call.text(0).get());
        }
        OptionalLong constant = text ? OptionalLong.of(1) : call.constant(0);
        boolean fits = constant.isPresent() ? constant.getAsLong() >= 1 && constant.getAsLong() <= 64
                : call.type(0) == Type.NONE || Values.read(call.type(0)).isInteger();
        return fits ? Type.NONE : call.fail(call.span(), DiagnosticCode.OUT_OF_RANGE, call.name()
                + "() accepts a string literal or an integer between 1 and 64 (inclusive)");
    }

    private static OptionalLong number(String name) {
        return UserApi.value(name.startsWith("SIG") ? name : "SIG" + name);
    }

    private static Builtin cgroupid() {
        return Entry.function("cgroupid", "cgroupid(\"PATH\")").doc("The id of a cgroup (v2) by its path.")
                .example("begin { printf(\"%d\\n\", cgroup > 0); exit() }").traits(Builtin.Trait.COMPILE_TIME).check(c -> {
                    if (!c.arguments(1, 1) || !c.literalText(0)) {
                        return Type.NONE;
                    }
                    return c.target().cgroupId(c.text(0).orElseThrow()).isPresent() ? Type.UINT64
                            : c.fail(c.span(), DiagnosticCode.NO_MATCH, "Failed to get `cgroupid` for path: \"" + c.text(0).orElseThrow() + "\"");
                }).lower(l -> Value.constant(l.type(), l.target().cgroupId(l.text(0).orElseThrow()).orElse(0)));
    }

    private static Builtin cgroupPath() {
        return Entry.function("cgroup_path", "cgroup_path(id [, \"FILTER\"])").doc("A cgroup's path for printing.")
                .example("begin { printf(\"%s\\n\", cgroup_path(cgroup)); exit() }").check(c -> {
                    if (!c.arguments(1, 2) || !c.integer(0)) {
                        return Type.NONE;
                    }
                    if (c.count() == 2 && c.text(1).isEmpty()) {
                        return c.fail(c.span(), DiagnosticCode.NOT_CONSTANT, "cgroup_path() only supports string arguments (" + c.kind(1)
                                + " provided)");
                    }
                    return new Type.CgroupPath(c.count() == 2 ? c.text(1).orElse("") : "");
                }).lower(l -> new Value.Scalar(l.type(), l.scalar(0)));
    }

    private static Builtin unwatch() {
        return Entry.function("unwatch", "unwatch(address)").doc("Removes the watchpoint on an address.")
                .example("watchpoint:0x10000000:8:rw { unwatch(0x10000000) } interval:s:1 { exit() }").traits(Builtin.Trait.ASYNC)
                .check(c -> OutputFunctions.nothing(c.arguments(1, 1) && (c.type(0) instanceof Type.Pointer || c.integer(0)))).lower(l -> {
                    l.send(List.of(Type.UINT64), _ -> new Value.Scalar(Type.UINT64, l.scalar(0)), fields -> new Action.Unwatch(fields.getFirst()));
                    return new Value.Nothing(Type.NONE);
                });
    }
}
