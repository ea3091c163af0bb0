package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operation;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayOutFrameTest {
    private final IrBuilder builder = new IrBuilder("main");
    private final FrameSlot first = builder.slot(16, 8);
    private final FrameSlot second = builder.slot(12, 4);

    @Test
    void slotsUsedOneAfterTheOtherShareBytes() {
        pass(first);
        pass(second);
        var frame = frame();
        assertThat(frame.size()).isEqualTo(16);
        assertThat(frame.offset(first)).isEqualTo(-16);
        assertThat(frame.offset(second)).isEqualTo(-16);
    }

    @Test
    void slotLivesWhileAPointerToItIsRead() {
        var pointer = builder.addressOf(new Address.InFrame(first, 0));
        pass(second);
        builder.callFor(BpfHelper.SEND_SIGNAL, builder.addressOf(new Address.AtRegister(pointer, 8)));
        assertThat(frame().size()).isEqualTo(32);
    }

    @Test
    void slotLivesThroughTheLoopThatReadsIt() {
        var head = builder.label();
        builder.place(head);
        pass(first);
        pass(second);
        builder.branch(Condition.NE, builder.call(BpfHelper.KTIME_GET_NS), 0, head);
        assertThat(frame().size()).isEqualTo(32);
    }

    @Test
    void slotWhoseAddressIsStoredElsewhereLivesToTheEnd() {
        var map = builder.mapValue(0, 0);
        builder.store(new Address.AtRegister(map, 0), 8, builder.addressOf(new Address.InFrame(first, 0)));
        pass(second);
        assertThat(frame().size()).isEqualTo(32);
    }

    @Test
    void slotThatNothingNamesTakesNoBytes() {
        pass(second);
        assertThat(frame().size()).isEqualTo(16);
    }

    @Test
    void frameOverTheLimitIsAnErrorAtTheLargestSlot() {
        var span = Optional.of(new Span(new Source("script.bt", "BEGIN { exit() }"), 3, 9));
        var large = builder.slot(504, 8);
        pass(first);
        builder.at(span);
        var pointer = builder.addressOf(new Address.InFrame(large, 0));
        builder.at(Optional.empty());
        builder.callFor(BpfHelper.SEND_SIGNAL, pointer, builder.addressOf(new Address.InFrame(second, 0)));
        builder.ret(0);
        assertThat(assemble(builder.build())).isEqualTo(new Assembly.StackOverflow("main", 520, span));
    }

    @Test
    void framesOfACallChainAreCountedTogether() {
        var inner = new IrBuilder("inner");
        inner.callFor(BpfHelper.SEND_SIGNAL, inner.addressOf(new Address.InFrame(inner.slot(300, 8), 0)));
        inner.ret(0);
        builder.callFor(BpfHelper.SEND_SIGNAL, builder.addressOf(new Address.InFrame(builder.slot(200, 8), 0)));
        builder.add(new Operation.CallFunction(Optional.empty(), "inner", List.of()));
        builder.ret(0);
        assertThat(assemble(builder.build(), inner.build())).isEqualTo(new Assembly.StackOverflow("inner", 320 + 224, Optional.empty()));
    }

    private void pass(FrameSlot slot) {
        builder.callFor(BpfHelper.SEND_SIGNAL, builder.addressOf(new Address.InFrame(slot, 0)));
    }

    private LayOutFrame frame() {
        builder.ret(0);
        return LayOutFrame.of(builder.build());
    }

    private static Assembly assemble(IrProgram.Function... functions) {
        return AssembleProgram.assemble(new IrProgram(List.of(functions)));
    }
}
