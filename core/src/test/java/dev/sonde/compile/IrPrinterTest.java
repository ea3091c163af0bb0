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
import org.junit.jupiter.api.Test;

class IrPrinterTest {
    @Test
    void everyOperationIsOneLine() {
        var b = new IrBuilder("main");
        var context = b.parameter(0);
        var slot = b.slot(16, 8);
        var loaded = b.load(new Address.AtRegister(context, -8), 4, true);
        var sum = b.alu(AluOperation.ARSH, loaded, Operand.of(3));
        b.store(new Address.InFrame(slot, 8), 8, sum);
        var swapped = b.register();
        b.add(new Operation.ByteSwap(swapped, sum, 16));
        var end = b.label();
        b.branch(Condition.SLT, swapped, (Operand.Register) b.extend(sum, 8, false), end);
        b.call(BpfHelper.MAP_LOOKUP_ELEM, b.map(2), b.addressOf(new Address.InFrame(slot, 0)));
        b.add(new Operation.AtomicAdd(new Address.AtRegister(b.mapValue(1, 24), 0), 8, sum));
        b.place(end);
        b.ret(0);
        assertThat(IrPrinter.print(new IrProgram(List.of(b.build())))).isEqualTo("""
                main:
                    slot0: 16 bytes, aligned to 8
                    v0 = parameter 0
                    v1 = s32[v0-8]
                    v2 = v1 s>> 3
                    u64[slot0+8] = v2
                    v3 = swap16(v2)
                    v4 = u8(v2)
                    if v3 s< v4 goto L0
                    v5 = map 2
                    v6 = &[slot0+0]
                    v7 = bpf_map_lookup_elem(v5, v6)
                    v8 = value of map 1 + 24
                    lock u64[v8+0] += v2
                  L0:
                    return 0
                """);
    }
}
