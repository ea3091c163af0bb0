package dev.sonde.builtins;

import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.asm.AluOperation;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.target.Binary;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Builtins about symbols and stacks. */
final class SymbolFunctions {
    static final List<String> NAMES = List.of("ksym", "usym", "kaddr", "uaddr", "kstack", "ustack", "dw_ustack", "kptr", "uptr");

    private SymbolFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "ksym" -> ksym();
            case "usym" -> usym();
            case "kaddr" -> kaddr();
            case "uaddr" -> uaddr();
            case "kstack" -> stack("kstack", "The kernel's stack");
            case "ustack" -> stack("ustack", "The user stack of the current task");
            case "dw_ustack" -> Entry.both(name, "dw_ustack", "dw_ustack([mode,] [limit])")
                    .doc("The user stack walked by the DWARF tables of its programs. Sonde does not compile it: use ustack, which walks by frame pointers.")
                    .example("profile:hz:99 { @[ustack] = count(); exit() }")
                    .check(c -> c.fail(c.span(), DiagnosticCode.NOT_COMPILED, "dw_ustack is not compiled by Sonde: user stacks are walked by frame pointers only",
                            "Use ustack."))
                    .lower(_ -> new Value.Nothing(Type.NONE));
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
        return Entry.function("kaddr", "kaddr(\"SYMBOL\")").doc("The address of a kernel symbol.").example("begin { printf(\"%p\\n\", kaddr(\"vfs_read\")); exit() }")
                .traits(Builtin.Trait.COMPILE_TIME).check(c -> {
                    if (!c.arguments(1, 1) || !c.literalText(0)) {
                        return Type.NONE;
                    }
                    String symbol = c.text(0).orElseThrow();
                    return c.target().kernelAddress(symbol).isPresent() ? Type.UINT64
                            : c.fail(c.span(), DiagnosticCode.NO_MATCH, "Failed to resolve kernel symbol: " + symbol,
                                    "Only symbols in /proc/kallsyms have addresses; some kernels list no variables there.");
                }).lower(l -> Value.constant(l.type(), l.target().kernelAddress(l.text(0).orElseThrow()).orElse(0)));
    }

    private static Builtin uaddr() {
        return Entry.function("uaddr", "uaddr(\"SYMBOL\")")
                .doc("The address of a symbol of the probed executable, as a pointer to as many bytes as the symbol has; where it is loaded at run time counts.")
                .example("uprobe:/bin/bash:main { printf(\"%p\\n\", uaddr(\"main\")); exit() } interval:s:1 { exit() }").traits(Builtin.Trait.COMPILE_TIME)
                .check(SymbolFunctions::checkUaddr).lower(SymbolFunctions::lowerUaddr);
    }

    private static Type checkUaddr(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        if (call.context().binary().isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "uaddr can not be used with \"" + call.probe().kind().name() + "\" probes");
        }
        if (call.text(0).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "uaddr() expects a string literal as the first argument");
        }
        Optional<Binary.Function> symbol = symbol(call);
        if (symbol.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NO_MATCH, "Could not resolve symbol: " + call.context().binary().get() + ":" + call.text(0).get());
        }
        int size = (int) symbol.get().size();
        Type target = size == 1 || size == 2 || size == 4 ? new Type.Int(size, false) : Type.UINT64;
        return new Type.Pointer(target, AddressSpace.USER);
    }

    private static Optional<Binary> binary(Checking call) {
        return call.context().binary().flatMap(call.target()::binary);
    }

    private static Optional<Binary.Function> symbol(Checking call) {
        return binary(call).flatMap(b -> b.symbol(call.text(0).orElseThrow()));
    }

    /** The instruction pointer at a probe less its address in the file is where the file is loaded. */
    private static Value lowerUaddr(Lowering call) {
        long address = symbol(call).orElseThrow().address();
        OptionalLong probed = call.context().probedAddress();
        boolean moves = binary(call).map(Binary::positionIndependent).orElse(false);
        if (!moves || probed.isEmpty() || call.context().functionAddress().isEmpty()) {
            return Value.constant(call.type(), address);
        }
        Operand pointer = call.scalar(call.read(call.context().functionAddress().get()));
        return new Value.Scalar(call.type(), call.ir().alu(AluOperation.ADD, pointer, address - probed.getAsLong()));
    }

    private static Builtin stack(String name, String what) {
        return Entry.both(name, name, name + "([mode,] [limit])").traits(Builtin.Trait.WORD_FIRST).doc(what + ", innermost frame first: at most limit frames (127), shown as mode says "
                + "(bpftrace, perf, raw, build_id).").example("profile:hz:99 { @[" + name + "] = count(); exit() }")
                .check(Stacks::check).lower(Stacks::lower);
    }

    private static Builtin space(String name, AddressSpace space) {
        return Entry.function(name, name + "(pointer)").doc("The same pointer, into " + (space == AddressSpace.KERNEL ? "kernel" : "user") + " memory.")
                .example("begin { printf(\"%d\\n\", " + name + "(0) == 0); exit() }")
                .check(c -> {
                    if (!c.arguments(1, 1)) {
                        return Type.NONE;
                    }
                    if (c.type(0) != Type.NONE && !c.type(0).isInteger() && !(c.type(0) instanceof Type.Pointer)) {
                        return c.fail(c.span(), DiagnosticCode.BAD_ARGUMENTS, name + "() only supports integer or pointer arguments (" + c.kind(0) + " provided)");
                    }
                    return c.type(0) instanceof Type.Pointer(Type target, _) ? new Type.Pointer(target, space) : new Type.Pointer(Type.VOID, space);
                }).lower(l -> new Value.Scalar(l.type(), l.scalar(0)));
    }
}
