package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Disassembler;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Small functions and the instructions they must not take more than. */
class CodeShapeTest {
    private final IrBuilder builder = new IrBuilder("main");

    @Test
    void comparisonOfAContextFieldTakesFiveInstructions() {
        var field = builder.load(at(builder.parameter(0), 16), 4, false);
        var result = builder.register();
        var end = builder.label();
        builder.copy(result, Operand.of(1));
        builder.branch(Condition.EQ, field, 5, end);
        builder.copy(result, Operand.of(0));
        builder.place(end);
        builder.add(new Operation.Return(result));
        assertThat(code()).containsExactly(
                "r1 = *(u32 *)(r1 +16)", "r0 = 1", "if r1 == 0x5 goto L1", "r0 = 0", "L1:", "exit");
    }

    @Test
    void countBehindAPidFilterMovesNothing() {
        builder.parameter(0);
        var pid = builder.alu(AluOperation.RSH, builder.call(BpfHelper.GET_CURRENT_PID_TGID), 32);
        var end = builder.label();
        builder.branch(Condition.NE, pid, 1234, end);
        var counter = at(builder.mapValue(0, 8), 0);
        builder.store(counter, 8, builder.alu(AluOperation.ADD, builder.load(counter, 8, false), 1));
        builder.place(end);
        builder.ret(0);
        assertThat(code()).containsExactly("call bpf_get_current_pid_tgid#14", "r0 >>= 32", "if r0 != 0x4d2 goto L1", "r2 = map[0][0]+8",
                "r1 = *(u64 *)(r2 +0)", "r1 += 1", "*(u64 *)(r2 +0) = r1", "L1:", "r0 = 0", "exit");
    }

    @Test
    void argumentsAreMadeWhereTheCallWantsThem() {
        var context = builder.parameter(0);
        var slot = builder.slot(8, 8);
        var source = builder.alu(AluOperation.ADD, builder.load(at(context, 112), 8, false), 24);
        builder.callFor(BpfHelper.PROBE_READ_KERNEL, builder.addressOf(new Address.InFrame(slot, 0)), Operand.of(8), source);
        builder.add(new Operation.Return(builder.load(new Address.InFrame(slot, 0), 8, false)));
        assertThat(code()).containsExactly("r3 = *(u64 *)(r1 +112)", "r3 += 24", "r1 = r10", "r1 += -8", "r2 = 8",
                "call bpf_probe_read_kernel#113", "r0 = *(u64 *)(r10 -8)", "exit");
    }

    @Test
    void argumentsInPlaceAreNotMoved() {
        builder.add(new Operation.CallKernelFunction(Optional.empty(), "f", 7, List.of(builder.parameter(0))));
        builder.ret(0);
        assertThat(code()).containsExactly("call f#7", "r0 = 0", "exit");
    }

    @Test
    void resultThatIsReturnedStaysInR0() {
        builder.add(new Operation.Return(builder.call(BpfHelper.KTIME_GET_NS)));
        assertThat(code()).containsExactly("call bpf_ktime_get_ns#5", "exit");
    }

    @Test
    void mapIsLoadedBeforeTheCallThatWantsItAndNotKeptOverAnother() {
        var map = builder.map(3);
        builder.callFor(BpfHelper.KTIME_GET_NS);
        var slot = builder.slot(8, 8);
        builder.store(new Address.InFrame(slot, 0), 8, Operand.of(1));
        builder.callFor(BpfHelper.MAP_DELETE_ELEM, map, builder.addressOf(new Address.InFrame(slot, 0)));
        builder.ret(0);
        assertThat(code()).containsExactly("call bpf_ktime_get_ns#5", "*(u64 *)(r10 -8) = 1", "r2 = r10", "r2 += -8", "r1 = map[3]",
                "call bpf_map_delete_elem#3", "r0 = 0", "exit");
    }

    @Test
    void pidIsMadeOnceForAFilterAndARecord() {
        var end = builder.label();
        var pid = builder.alu(AluOperation.RSH, builder.call(BpfHelper.GET_CURRENT_PID_TGID), 32);
        builder.branch(Condition.NE, pid, 7, end);
        builder.callFor(BpfHelper.SEND_SIGNAL, Operand.of(9));
        var again = builder.alu(AluOperation.RSH, builder.call(BpfHelper.GET_CURRENT_PID_TGID), 32);
        builder.store(at(builder.mapValue(0, 0), 0), 4, again);
        builder.place(end);
        builder.ret(0);
        assertThat(code()).containsExactly("call bpf_get_current_pid_tgid#14", "r6 = r0", "r6 >>= 32", "if r6 != 0x7 goto L1", "r1 = 9",
                "call bpf_send_signal#109", "r1 = map[0][0]+0", "*(u32 *)(r1 +0) = r6", "L1:", "r0 = 0", "exit");
    }

    @Test
    void resultOfALookupOrOfASecondOneStaysInR0() {
        var value = builder.register();
        var found = builder.label();
        var end = builder.label();
        var key = builder.slot(8, 8);
        builder.store(new Address.InFrame(key, 0), 8, Operand.of(3));
        builder.copy(value, builder.call(BpfHelper.MAP_LOOKUP_ELEM, builder.map(0), builder.addressOf(new Address.InFrame(key, 0))));
        builder.branch(Condition.NE, value, 0, found);
        builder.copy(value, builder.call(BpfHelper.MAP_LOOKUP_ELEM, builder.map(1), builder.addressOf(new Address.InFrame(key, 0))));
        builder.branch(Condition.EQ, value, 0, end);
        builder.place(found);
        builder.store(at(value, 0), 8, builder.alu(AluOperation.ADD, builder.load(at(value, 0), 8, false), 1));
        builder.place(end);
        builder.ret(0);
        assertThat(code()).hasSize(18).contains("if r0 != 0x0 goto L1", "if r0 == 0x0 goto L2", "*(u64 *)(r0 +0) = r1")
                .noneMatch(line -> line.endsWith("= r0") && !line.startsWith("*"));
    }

    @Test
    void signedIntIsComparedWithoutExtension() {
        var field = builder.load(at(builder.parameter(0), 4), 4, true);
        var end = builder.label();
        builder.branch(Condition.SGE, field, -4, end);
        builder.callFor(BpfHelper.SEND_SIGNAL, Operand.of(9));
        builder.place(end);
        builder.ret(0);
        assertThat(code()).startsWith("r1 = *(u32 *)(r1 +4)", "if w1 s>= 0xfffffffc goto L1", "r1 = 9");
    }

    @Test
    void valueOfAnAndIsTestedWithoutBeingMade() {
        var field = builder.load(at(builder.parameter(0), 8), 8, false);
        var otherwise = builder.label();
        var test = builder.label();
        var truth = builder.register();
        builder.copy(truth, Operand.of(0));
        builder.branch(Condition.LE, field, 10, test);
        builder.branch(Condition.GE, field, 20, test);
        builder.copy(truth, Operand.of(1));
        builder.place(test);
        builder.branch(Condition.EQ, truth, 0, otherwise);
        builder.callFor(BpfHelper.SEND_SIGNAL, Operand.of(9));
        builder.place(otherwise);
        builder.ret(0);
        assertThat(code()).containsExactly("r1 = *(u64 *)(r1 +8)", "if r1 <= 0xa goto L1", "if r1 >= 0x14 goto L1", "r1 = 9",
                "call bpf_send_signal#109", "L1:", "r0 = 0", "exit");
    }

    @Test
    void fifthValueLiveOverCallsIsSpilledOnceAndLoadedWhereItIsRead() {
        var context = builder.parameter(0);
        Operand.Register[] values = new Operand.Register[5];
        for (int i = 0; i < values.length; i++) {
            values[i] = builder.load(at(context, 8 * i), 8, false);
        }
        builder.callFor(BpfHelper.KTIME_GET_NS);
        Operand sum = values[0];
        for (int i = 1; i < values.length; i++) {
            sum = builder.alu(AluOperation.ADD, sum, values[i]);
        }
        builder.add(new Operation.Return(sum));
        assertThat(code()).hasSize(14).filteredOn(line -> line.contains("r10")).hasSize(2);
    }

    private static Address at(Operand.Register base, int offset) {
        return new Address.AtRegister(base, offset);
    }

    private List<String> code() {
        var assembly = AssembleProgram.assemble(Optimise.all(new IrProgram(List.of(builder.build()))));
        return Disassembler.text(((Assembly.Assembled) assembly).code()).lines().map(line -> line.replaceFirst("^ *[0-9]+: ", "")).toList();
    }
}
