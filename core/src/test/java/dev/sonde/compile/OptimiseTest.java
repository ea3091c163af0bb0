package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimiseTest {
    private final IrBuilder builder = new IrBuilder("main");
    private final Operand.Register context = builder.parameter(0);

    /** {@code u64[v0+0] op constant}, then what that becomes. */
    @ParameterizedTest
    @CsvSource({"ADD,0,return v1", "SUB,3,v2 = v1 + -3", "MUL,1,return v1", "MUL,8,v2 = v1 << 3", "MUL,0,return 0", "MUL,6,v2 = v1 * 6",
            "DIV,1,return v1", "DIV,16,v2 = v1 >> 4", "DIV,0,return 0", "DIV,10,v2 = v1 / 10", "MOD,8,v2 = v1 & 7", "MOD,1,return 0",
            "MOD,0,return v1", "AND,-1,return v1", "AND,0,return 0", "AND,4294967295,v2 = u32(v1)", "OR,0,return v1", "OR,-1,return -1",
            "XOR,0,return v1", "LSH,0,return v1", "LSH,65,v2 = v1 << 1", "ARSH,64,return v1"})
    void identitiesOfArithmetic(AluOperation operation, long constant, String expected) {
        returned(builder.alu(operation, field(0), constant));
        assertThat(lines()).contains(expected).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void constantsAreComputed() {
        var seven = builder.alu(AluOperation.ADD, builder.constant(3), builder.constant(4));
        returned(builder.alu(AluOperation.MUL, seven, seven));
        assertThat(lines()).containsExactly("return 49");
    }

    @Test
    void extensionOfANarrowLoadIsDropped() {
        var field = builder.load(new Address.AtRegister(context, 4), 4, false);
        returned(builder.extend(field, 32, false));
        assertThat(lines()).containsExactly("v0 = parameter 0", "v1 = u32[v0+4]", "return v1");
    }

    @Test
    void shiftPairsAreExtensions() {
        var high = builder.alu(AluOperation.LSH, field(0), 48);
        returned(builder.alu(AluOperation.ARSH, high, 48));
        assertThat(lines()).contains("v3 = s16(v1)").hasSize(4);
    }

    @Test
    void extensionDoesNotBypassACheckedValue() {
        var narrow = (Operand.Register) builder.extend(field(0), 32, false);
        var end = builder.label();
        builder.branch(Condition.GT, narrow, 100, end);
        returned(builder.extend(narrow, 16, false));
        builder.place(end);
        builder.ret(0);
        assertThat(lines()).contains("v3 = u16(v2)");
    }

    @Test
    void steadyHelperIsCalledOnce() {
        var first = builder.call(BpfHelper.GET_CURRENT_PID_TGID);
        var second = builder.call(BpfHelper.GET_CURRENT_PID_TGID);
        returned(builder.alu(AluOperation.ADD, builder.alu(AluOperation.RSH, first, 32), second));
        assertThat(lines()).filteredOn(line -> line.contains("bpf_get_current_pid_tgid")).hasSize(1);
    }

    @Test
    void clockIsReadAgainUnlessTheCallerSharesIt() {
        var first = builder.call(BpfHelper.KTIME_GET_NS);
        var second = builder.call(BpfHelper.KTIME_GET_NS);
        returned(builder.alu(AluOperation.SUB, second, first));
        var program = new IrProgram(List.of(builder.build()));
        assertThat(IrPrinter.print(Optimise.all(program))).containsSubsequence("bpf_ktime_get_ns", "bpf_ktime_get_ns");
        assertThat(IrPrinter.print(Optimise.all(program, Set.of(BpfHelper.KTIME_GET_NS.number())))).isEqualTo("main:\n    return 0\n");
    }

    @Test
    void callWithoutEffectGoesWithItsResult() {
        builder.call(BpfHelper.KTIME_GET_NS);
        builder.call(BpfHelper.SEND_SIGNAL, Operand.of(9));
        builder.ret(0);
        assertThat(lines()).containsExactly("bpf_send_signal(9)", "return 0");
    }

    @Test
    void resultOfOneBranchIsNotUsedInAnother() {
        var otherwise = builder.label();
        builder.branch(Condition.EQ, field(0), 0, otherwise);
        builder.callFor(BpfHelper.SEND_SIGNAL, builder.call(BpfHelper.GET_CURRENT_TASK));
        builder.place(otherwise);
        builder.callFor(BpfHelper.SEND_SIGNAL, builder.call(BpfHelper.GET_CURRENT_TASK));
        builder.ret(0);
        assertThat(lines()).filteredOn(line -> line.contains("bpf_get_current_task")).hasSize(2);
    }

    @Test
    void decidedBranchTakesItsOtherSideAway() {
        var otherwise = builder.label();
        builder.branch(Condition.EQ, builder.constant(1), 1, otherwise);
        builder.callFor(BpfHelper.SEND_SIGNAL, Operand.of(9));
        builder.place(otherwise);
        builder.ret(0);
        assertThat(lines()).containsExactly("return 0");
    }

    @Test
    void branchAroundAJumpIsTurnedOver() {
        var then = builder.label();
        var end = builder.label();
        builder.branch(Condition.LT, field(0), 7, then);
        builder.jump(end);
        builder.place(then);
        builder.callFor(BpfHelper.SEND_SIGNAL, Operand.of(9));
        builder.place(end);
        builder.ret(0);
        assertThat(lines()).contains("if v1 >= 7 goto L1").noneMatch(line -> line.startsWith("goto"));
    }

    @Test
    void equalReturnsAreShared() {
        var early = builder.label();
        builder.branch(Condition.EQ, field(0), 0, early);
        builder.callFor(BpfHelper.SEND_SIGNAL, Operand.of(9));
        builder.ret(0);
        builder.place(early);
        builder.ret(0);
        assertThat(lines()).filteredOn("return 0"::equals).hasSize(1);
    }

    @Test
    void storedValueIsNotLoadedBack() {
        var slot = builder.slot(8, 8);
        builder.store(new Address.InFrame(slot, 0), 4, field(0));
        returned(builder.load(new Address.InFrame(slot, 0), 4, true));
        assertThat(lines()).containsExactly("slot0: 8 bytes, aligned to 8", "v0 = parameter 0", "v1 = u64[v0+0]", "u32[slot0+0] = v1",
                "v2 = s32(v1)", "return v2");
    }

    @Test
    void slotThatACallMayWriteIsLoaded() {
        var slot = builder.slot(8, 8);
        builder.store(new Address.InFrame(slot, 0), 8, Operand.of(1));
        builder.callFor(BpfHelper.PROBE_READ_KERNEL, builder.addressOf(new Address.InFrame(slot, 0)), Operand.of(8), Operand.of(0));
        returned(builder.load(new Address.InFrame(slot, 0), 8, false));
        assertThat(lines()).contains("v2 = u64[slot0+0]");
    }

    private Operand.Register field(int offset) {
        return builder.load(new Address.AtRegister(context, offset), 8, false);
    }

    private void returned(Operand value) {
        builder.add(new Operation.Return(value));
    }

    private List<String> lines() {
        return IrPrinter.print(Optimise.all(new IrProgram(List.of(builder.build())))).lines().skip(1).map(String::strip).toList();
    }
}
