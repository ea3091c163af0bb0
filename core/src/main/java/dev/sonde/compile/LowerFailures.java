package dev.sonde.compile;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.source.Span;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Type;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the code that tells, while a script runs, what goes wrong in the place whose code is being made. */
final class LowerFailures {
    /** "bpf_", which users do not see. */
    private static final int PREFIX = 4;

    private final Body body;
    private final IrBuilder ir;

    LowerFailures(Body body) {
        this.body = body;
        this.ir = body.ir();
    }

    /** Sends a record of event {@code event}; one that finds no room is counted. {@code fill} stores its fields. */
    static void send(IrBuilder ir, int event, int size, Consumer<Operand.Register> fill) {
        Operation.Label lost = ir.label();
        Operation.Label done = ir.label();
        Operand.Register record = ir.call(BpfHelper.RINGBUF_RESERVE, ir.map(TraceSpec.RING), Operand.of(size), Operand.of(0));
        ir.branch(Condition.EQ, record, 0, lost);
        ir.store(new Address.AtRegister(record, 0), 8, Operand.of(event));
        fill.accept(record);
        ir.callFor(BpfHelper.RINGBUF_SUBMIT, record, Operand.of(0));
        ir.jump(done);
        ir.place(lost);
        ir.add(new Operation.AtomicAdd(new Address.AtRegister(ir.mapValue(Module.LOST, 0), 0), 8, ir.constant(1)));
        ir.place(done);
    }

    /** Tells of a mistake of the script. */
    void mistake(String message) {
        Optional<Span> place = ir.at(Optional.empty());
        ir.at(place);
        place.filter(_ -> body.module().tellsFailures()).ifPresent(span -> {
            int event = body.module().event(new EventSpec(EventSpec.HEADER, new EventSpec.Action.RuntimeError(message), span));
            send(ir, event, EventSpec.HEADER, _ -> { });
        });
    }

    /** Tells when an update of a map fails. */
    void update(Operand.Register returned) {
        if (!body.module().tellsFailures()) {
            return;
        }
        Operation.Label fine = ir.label();
        ir.branch(Condition.EQ, returned, 0, fine);
        failed(BpfHelper.MAP_UPDATE_ELEM, returned);
        ir.place(fine);
    }

    /** Tells when a read fails, if that was asked for. */
    void read(BpfHelper helper, Operand.Register returned) {
        if (body.module().tellsHelperErrors()) {
            Operation.Label fine = ir.label();
            ir.branch(Condition.SGE, returned, 0, fine);
            failed(helper, returned);
            ir.place(fine);
        }
    }

    /** Tells when an entry is not there, if that was asked for. */
    void lookup(BpfHelper helper, Operand.Register entry) {
        if (body.module().tellsHelperErrors()) {
            Operation.Label fine = ir.label();
            ir.branch(Condition.NE, entry, 0, fine);
            failed(helper, Operand.of(0));
            ir.place(fine);
        }
    }

    private void failed(BpfHelper helper, Operand returned) {
        Optional<Span> place = ir.at(Optional.empty());
        ir.at(place);
        place.ifPresent(span -> {
            var code = new EventSpec.Field(EventSpec.HEADER, Type.INT32);
            var action = new EventSpec.Action.HelperError(helper.kernelName().substring(PREFIX), code);
            int size = EventSpec.HEADER + 8;
            int event = body.module().event(new EventSpec(size, action, span));
            send(ir, event, size, record -> ir.store(new Address.AtRegister(record, EventSpec.HEADER), 8, returned));
        });
    }
}
