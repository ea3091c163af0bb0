package dev.sonde.builtins;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.target.UserApi;
import dev.sonde.types.Type;
import java.util.List;
import java.util.OptionalLong;

/** Builtins that act on processes, and cgroups. */
final class ProcessFunctions {
    static final List<String> NAMES = List.of("signal", "signal_thread", "cgroupid", "cgroup_path");

    private ProcessFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "signal" -> signal("signal", BpfHelper.SEND_SIGNAL, "process");
            case "signal_thread" -> signal("signal_thread", BpfHelper.SEND_SIGNAL_THREAD, "thread");
            case "cgroupid" -> cgroupid();
            case "cgroup_path" -> cgroupPath();
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
        if (!call.arguments(1, 1)) {
            return Type.NONE;
        }
        if (call.text(0).isPresent() && number(call.text(0).get()).isEmpty()) {
            return call.fail(call.span(0), DiagnosticCode.BAD_ARGUMENTS, call.text(0).get() + " is not a valid signal");
        }
        OptionalLong constant = call.constant(0);
        if (constant.isPresent() && (constant.getAsLong() < 1 || constant.getAsLong() > 64)) {
            return call.fail(call.span(0), DiagnosticCode.OUT_OF_RANGE, constant.getAsLong() + " is not a valid signal, allowed range: [1,64]");
        }
        return Type.NONE;
    }

    private static OptionalLong number(String name) {
        return UserApi.value(name.startsWith("SIG") ? name : "SIG" + name);
    }

    private static Builtin cgroupid() {
        return Entry.function("cgroupid", "cgroupid(\"PATH\")").doc("The id of a cgroup (v2) by its path.")
                .example("begin { printf(\"%d\\n\", cgroup > 0); exit() }").traits(Builtin.Trait.COMPILE_TIME).check(c -> {
                    if (!c.arguments(1, 1)) {
                        return Type.NONE;
                    }
                    if (c.text(0).isEmpty()) {
                        return c.fail(c.span(0), DiagnosticCode.NOT_CONSTANT, "cgroupid() requires a string literal");
                    }
                    return c.target().cgroupId(c.text(0).get()).isPresent() ? Type.UINT64
                            : c.fail(c.span(0), DiagnosticCode.NO_MATCH, "No cgroup has the path " + c.text(0).get());
                }).lower(l -> Value.constant(l.type(), l.target().cgroupId(l.text(0).orElseThrow()).orElse(0)));
    }

    private static Builtin cgroupPath() {
        return Entry.function("cgroup_path", "cgroup_path(id [, \"FILTER\"])").doc("A cgroup's path for printing.")
                .example("begin { printf(\"%s\\n\", cgroup_path(cgroup)); exit() }").check(c -> {
                    if (!c.arguments(1, 2)) {
                        return Type.NONE;
                    }
                    return new Type.CgroupPath(c.count() == 2 ? c.text(1).orElse("") : "");
                }).lower(l -> new Value.Scalar(l.type(), l.scalar(0)));
    }
}
