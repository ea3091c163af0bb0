package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/**
 * skboutput(): bytes of a packet go to a capture file. They are read from the part of the packet that lies in one piece, {@code skb->data} to
 * {@code skb->len - skb->data_len}; what the network card put in pages of its own is not written.
 */
final class PacketCapture {
    /** Bytes of a packet that are kept at most when the length is not known before: more than an Ethernet frame has. */
    private static final int MOST = 2048;
    private static final List<String> FIELDS = List.of("data", "len", "data_len");

    private PacketCapture() {}

    static Builtin entry() {
        return Entry.function("skboutput", "skboutput(\"FILE\", struct sk_buff *, length, offset)")
                .doc("Writes a packet to a capture file (pcap): length bytes, at most 2048, from offset on, of its part that lies in one piece.")
                .example("tracepoint:net:net_dev_queue { skboutput(\"out.pcap\", (struct sk_buff *)args.skbaddr, 96, 0); exit() } "
                        + "interval:s:1 { exit() }")
                .traits(Builtin.Trait.ASYNC).check(PacketCapture::check).lower(PacketCapture::lower);
    }

    private static Type check(Checking call) {
        if (!call.arguments(4, 4) || !call.literalText(0) || !call.integer(2) || !call.integer(3)) {
            return Type.NONE;
        }
        Type type = call.type(1);
        if (type != Type.NONE && !(type instanceof Type.Pointer(Type.Struct struct, _) && struct.name().equals("sk_buff"))) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "skboutput() expects a struct sk_buff * as its second argument ("
                    + call.kind(1) + " provided)");
        }
        for (String name : FIELDS) {
            if (type != Type.NONE && field(call, name).isEmpty()) {
                return call.fail(call.span(), DiagnosticCode.UNKNOWN_TYPE, "skboutput() needs the field '" + name
                        + "' of the kernel's struct sk_buff");
            }
        }
        return Type.NONE;
    }

    private static Optional<Field> field(Checking call, String name) {
        return ((Type.Struct) ((Type.Pointer) call.type(1)).target()).fields().find(name);
    }

    private static Value lower(Lowering call) {
        IrBuilder ir = call.ir();
        int capacity = call.constant(2).isPresent() ? Math.clamp(call.constant(2).getAsLong(), 0, MOST) : MOST;
        Operand.Register packet = ir.inRegister(call.scalar(1));
        Operand.Register offset = ir.inRegister(call.scalar(3));
        Operand.Register wanted = Texts.limited(call, call.scalar(2), capacity);
        Operand.Register here = ir.alu(AluOperation.SUB, ir.alu(AluOperation.SUB, read(call, packet, "len"), read(call, packet, "data_len")), offset);
        Operand.Register data = ir.alu(AluOperation.ADD, read(call, packet, "data"), offset);
        Operation.Label nothing = ir.label();
        Operation.Label whole = ir.label();
        Operand.Register size = ir.register();
        ir.branch(Condition.SLT, here, 1, nothing);
        ir.copy(size, wanted);
        ir.branch(Condition.LE, size, here, whole);
        ir.copy(size, here);
        ir.place(whole);
        Address bytes = call.temporary(4 + capacity);
        Operand.Register length = Texts.limited(call, size, capacity);
        ir.store(bytes, 4, length);
        ir.callFor(BpfHelper.PROBE_READ_KERNEL, ir.addressOf(bytes.plus(4)), length, data);
        Type.Buffer buffer = new Type.Buffer(capacity);
        call.send(List.of(Type.UINT64, buffer), i -> i == 0 ? new Value.Scalar(Type.UINT64, ir.call(BpfHelper.KTIME_GET_BOOT_NS))
                : new Value.InMemory(buffer, bytes), fields -> new Action.Capture(call.text(0).orElseThrow(), fields.get(0), fields.get(1)));
        ir.place(nothing);
        return new Value.Nothing(Type.NONE);
    }

    private static Operand.Register read(Lowering call, Operand.Register packet, String name) {
        Field field = field(call, name).orElseThrow();
        Address slot = call.temporary(8);
        call.read(slot, field.type().size(), call.ir().alu(AluOperation.ADD, packet, field.offset()), AddressSpace.KERNEL);
        return call.ir().load(slot, field.type().size(), false);
    }
}
