package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForgetPointersTest {
    private static final int POINTER = 16;

    private final IrBuilder builder = new IrBuilder("main");
    private final Operand.Register context = builder.parameter(0);

    @Test
    void aPointerOfTheContextBecomesANumber() {
        builder.callFor(BpfHelper.TRACE_PRINTK, builder.alu(AluOperation.RSH, slot(POINTER), 4));
        assertThat(lines()).containsSubsequence("v3 = u64[v0+16]", "v4 = -v3", "v1 = -v4", "v2 = v1 >> 4");
    }

    @Test
    void anotherSlotStaysAsItIs() {
        builder.callFor(BpfHelper.TRACE_PRINTK, builder.alu(AluOperation.RSH, slot(8), 4));
        assertThat(lines()).contains("v1 = u64[v0+8]").noneMatch(line -> line.contains("-v"));
    }

    @Test
    void whatTheKernelWantsAsAPointerStaysOneAndIsANumberElsewhere() {
        var socket = slot(POINTER);
        builder.call(BpfHelper.GET_SOCKET_COOKIE, socket);
        builder.store(new Address.InFrame(builder.slot(8, 8), 0), 8, socket);
        assertThat(lines()).containsSubsequence("v1 = u64[v0+16]", "v2 = bpf_get_socket_cookie(v1)", "v4 = -v1", "v3 = -v4", "u64[slot0+0] = v3");
    }

    @Test
    void aMemberOfSuchAStructIsStillAPointer() {
        var path = builder.alu(AluOperation.ADD, slot(POINTER), 64);
        builder.call(BpfHelper.D_PATH, path, Operand.of(0), Operand.of(0));
        assertThat(lines()).contains("v1 = u64[v0+16]", "v2 = v1 + 64").noneMatch(line -> line.contains("= -v"));
    }

    @Test
    void aFunctionThatIsCalledBackFindsTheContextInItsCaptures() {
        builder.ret(0);
        var callback = new IrBuilder("callback");
        var captures = callback.parameter(1);
        var inner = callback.load(new Address.AtRegister(captures, Body.CAPTURED_CONTEXT), 8, false);
        callback.callFor(BpfHelper.TRACE_PRINTK, callback.load(new Address.AtRegister(inner, POINTER), 8, false));
        callback.ret(0);
        assertThat(lines(new IrProgram(List.of(builder.build(), callback.build())))).contains("v4 = -v3", "v2 = -v4");
    }

    private Operand.Register slot(int offset) {
        return builder.load(new Address.AtRegister(context, offset), 8, false);
    }

    private List<String> lines() {
        builder.ret(0);
        return lines(new IrProgram(List.of(builder.build())));
    }

    private static List<String> lines(IrProgram program) {
        return IrPrinter.print(ForgetPointers.apply(program, Set.of(POINTER))).lines().map(String::strip).toList();
    }
}
