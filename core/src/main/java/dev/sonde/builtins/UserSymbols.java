package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.target.Binary;
import dev.sonde.target.Feature;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** uaddr(): where a symbol of the probed file is in the process that runs into the probe. */
final class UserSymbols {
    private UserSymbols() {}

    static Builtin uaddr() {
        return Entry.function("uaddr", "uaddr(\"SYMBOL\")")
                .doc("The address of a symbol of the probed file, where the current process has it, as a pointer to as many bytes as the symbol has.")
                .example("uprobe:/bin/true:main { printf(\"%p\\n\", uaddr(\"main\")); exit() } interval:s:1 { exit() }")
                .traits(Builtin.Trait.COMPILE_TIME, Builtin.Trait.CONTEXT).check(UserSymbols::check).lower(UserSymbols::lower);
    }

    /** The probed file and the offsets in it. */
    private record Probed(String path, List<Long> offsets) {}

    private static Optional<Probed> probed(Checking call) {
        List<AttachSpec> attachments = call.probe().plan().attach(0);
        return attachments.size() != 1 ? Optional.empty() : switch (attachments.getFirst()) {
            case AttachSpec.Uprobe probe -> Optional.of(new Probed(probe.path(), List.of(probe.offset())));
            case AttachSpec.UprobeMulti probe -> Optional.of(new Probed(probe.path(), probe.offsets()));
            default -> Optional.empty();
        };
    }

    private static Type check(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        Optional<Probed> probed = probed(call);
        Optional<Binary> binary = probed.flatMap(p -> call.target().binary(p.path()));
        if (binary.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "uaddr can not be used with \"" + call.probe().kind().name() + "\" probes",
                    "It needs a probe on one file of user space.");
        }
        if (call.text(0).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NOT_CONSTANT, "uaddr() expects a string literal as the first argument");
        }
        Optional<Binary.Function> symbol = binary.get().symbol(call.text(0).get());
        if (symbol.isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.NO_MATCH, "Could not resolve symbol: " + probed.get().path() + ":" + call.text(0).get());
        }
        if (binary.get().positionIndependent() && (place(call, probed.get(), binary.get()).isEmpty() || returns(call)
                && !call.target().has(Feature.UPROBE_MULTI))) {
            return call.fail(call.span(), DiagnosticCode.NOT_IN_PROBE, "uaddr() cannot tell where " + probed.get().path() + " is loaded",
                    "The probe must be at one place of a function, and a uretprobe needs Linux " + Feature.UPROBE_MULTI.since() + ".");
        }
        int size = (int) symbol.get().size();
        return new Type.Pointer(size == 1 || size == 2 || size == 4 ? new Type.Int(size, false) : Type.UINT64, AddressSpace.USER);
    }

    /** The virtual address of the probed instruction, from the offsets and addresses of the function that it is in. */
    private static OptionalLong place(Checking call, Probed probed, Binary binary) {
        if (probed.offsets().size() != 1) {
            return OptionalLong.empty();
        }
        for (Binary.Function function : binary.functions(call.probe().sites().getFirst().function())) {
            return OptionalLong.of(probed.offsets().getFirst() + function.address() - function.fileOffset());
        }
        return OptionalLong.empty();
    }

    private static boolean returns(Checking call) {
        return call.context().result().isPresent();
    }

    /** The probed instruction's address in the process less its address in the file is where the file is loaded. */
    private static Value lower(Lowering call) {
        Probed probed = probed(call).orElseThrow();
        Binary binary = call.target().binary(probed.path()).orElseThrow();
        long address = binary.symbol(call.text(0).orElseThrow()).orElseThrow().address();
        if (!binary.positionIndependent()) {
            return Value.constant(call.type(), address);
        }
        Operand here = returns(call) ? call.ir().call(BpfHelper.GET_FUNC_IP, call.contextPointer())
                : call.scalar(call.read(call.context().register("ip").orElseThrow()));
        return new Value.Scalar(call.type(), call.ir().alu(AluOperation.ADD, here, address - place(call, probed, binary).orElseThrow()));
    }
}
