package dev.sonde.builtins;

import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.asm.AluOperation;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;

/** Builtins about symbols and stacks. */
final class SymbolFunctions {
    static final List<String> NAMES = List.of("ksym", "usym", "kaddr", "uaddr", "kstack", "ustack", "dw_ustack", "kptr", "uptr");

    private SymbolFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "ksym" -> ksym();
            case "usym" -> usym();
            case "kaddr" -> kaddr();
            case "uaddr" -> UserSymbols.uaddr();
            case "kstack" -> stack("kstack", "The kernel's stack");
            case "ustack" -> stack("ustack", "The user stack of the current task");
            case "dw_ustack" -> stack("dw_ustack", "The user stack of the current task, walked by the unwind tables of its programs: ustack(dwarf)");
            case "kptr" -> space("kptr", AddressSpace.KERNEL);
            case "uptr" -> space("uptr", AddressSpace.USER);
            default -> null;
        };
    }

    private static Builtin ksym() {
        return Entry.function("ksym", "ksym(address)").doc("The kernel symbol at an address.")
                .example("interval:ms:10 { printf(\"%s\\n\", ksym(0)); exit() }")
                .check(c -> address(c) ? new Type.KernelSymbol() : Type.NONE).lower(l -> new Value.Scalar(l.type(), l.scalar(0)));
    }

    private static Builtin usym() {
        return Entry.function("usym", "usym(address)").doc("The symbol at an address of the current process.")
                .example("begin { printf(\"%s\\n\", usym(0)); exit() }")
                .check(c -> address(c) ? new Type.UserSymbol() : Type.NONE).lower(SymbolFunctions::lowerUsym);
    }

    private static boolean address(Checking call) {
        if (!call.arguments(1, 1) || call.type(0) == Type.NONE) {
            return false;
        }
        if (!call.type(0).isScalar()) {
            call.report(call.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + "() expects an integer or pointer argument");
            return false;
        }
        return true;
    }

    private static Value lowerUsym(Lowering call) {
        Operand address = call.scalar(0);
        Address to = call.destination();
        call.ir().store(to, 8, address);
        call.ir().store(to.plus(8), 8, call.ir().alu(AluOperation.RSH, call.pidTgid(), 32));
        return new Value.InMemory(call.type(), to);
    }

    private static Builtin kaddr() {
        return Entry.function("kaddr", "kaddr(\"SYMBOL\")").doc("The address of a kernel symbol.")
                .example("begin { printf(\"%p\\n\", kaddr(\"vfs_read\")); exit() }")
                .traits(Builtin.Trait.COMPILE_TIME).check(c -> {
                    if (!c.arguments(1, 1) || !c.literalText(0)) {
                        return Type.NONE;
                    }
                    String symbol = c.text(0).orElseThrow();
                    if (c.target().kernelAddress(symbol).isEmpty()) {
                        c.fail(c.span(), DiagnosticCode.NO_MATCH, "Failed to resolve kernel symbol: " + symbol,
                                "Only symbols in /proc/kallsyms have addresses; some kernels list no variables there.");
                    }
                    return Type.UINT64;
                }).lower(l -> Value.constant(l.type(), l.target().kernelAddress(l.text(0).orElseThrow()).orElse(0)));
    }

    private static Builtin stack(String name, String what) {
        boolean user = name.equals("ustack");
        return Entry.both(name, name, name + (user ? "([mode,] [dwarf|fp,] [limit])" : "([mode,] [limit])")).traits(Builtin.Trait.WORD_FIRST)
                .doc(what + ", innermost frame first: at most limit frames (127), shown as mode says "
                + "(bpftrace, perf, raw, build_id)." + (user ? " With dwarf it is walked by unwind tables, with fp by frame pointers; "
                        + "config stack_unwind says which when neither is named." : ""))
                        .example("profile:hz:99 { @[" + name + "] = count(); exit() }").traits(Builtin.Trait.CONTEXT)
                .check(Stacks::check).lower(Stacks::lower);
    }

    private static Builtin space(String name, AddressSpace space) {
        return Entry.function(name, name + "(pointer)").doc("The same pointer, into " + (space == AddressSpace.KERNEL ? "kernel"
                : "user") + " memory.")
                .example("begin { printf(\"%d\\n\", " + name + "(0) == 0); exit() }")
                .check(c -> {
                    if (!c.arguments(1, 1)) {
                        return Type.NONE;
                    }
                    if (c.type(0) != Type.NONE && !c.type(0).isInteger() && !(c.type(0) instanceof Type.Pointer)) {
                        return c.fail(c.span(), DiagnosticCode.BAD_ARGUMENTS, name + "() only supports integer or pointer arguments (" + c.kind(0)
                                + " provided)");
                    }
                    return c.type(0) instanceof Type.Pointer(Type target, _) ? new Type.Pointer(target, space) : new Type.Pointer(Type.VOID, space);
                }).lower(l -> new Value.Scalar(l.type(), l.scalar(0)));
    }
}
