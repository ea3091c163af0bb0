package dev.sonde.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsdtValueTest {
    private final RecordedBinary binary = RecordedBinary.of("/bin/app", 0, new byte[64]).withData("glob", 0x3000, 4);

    private List<UsdtValue> of(String arguments, Architecture architecture) {
        return UsdtValue.of(new Binary.Usdt("p", "n", 0x1000, 0x1000, 0, arguments), binary, architecture);
    }

    private UsdtValue.Place x86(String argument) {
        return of(argument, Architecture.X86_64).getFirst().place();
    }

    private static UsdtValue.Place register(String name) {
        return new UsdtValue.Register(Architecture.X86_64.offsetOf(name).orElseThrow());
    }

    @Test
    void partsOfARegisterAreThatRegister() {
        assertThat(x86("8@%rax")).isEqualTo(register("ax"));
        assertThat(x86("-4@%eax")).isEqualTo(register("ax"));
        assertThat(x86("2@%ax")).isEqualTo(register("ax"));
        assertThat(x86("1@%al")).isEqualTo(register("ax"));
        assertThat(x86("1@%dil")).isEqualTo(register("di"));
        assertThat(x86("1@%r13b")).isEqualTo(register("r13"));
        assertThat(x86("-4@%r8d")).isEqualTo(register("r8"));
        assertThat(x86("8@%r9")).isEqualTo(register("r9"));
        assertThat(x86("1@%bh")).isEqualTo(new UsdtValue.Register(Architecture.X86_64.offsetOf("bx").orElseThrow() + 1));
    }

    @Test
    void sizeAndSignComeWithTheArgument() {
        assertThat(of("-4@%eax 1@$5", Architecture.X86_64)).containsExactly(new UsdtValue(4, true, register("ax")),
                new UsdtValue(1, false, new UsdtValue.Constant(5)));
    }

    @Test
    void memoryIsBaseIndexAndDisplacement() {
        int bp = Architecture.X86_64.offsetOf("bp").orElseThrow();
        int cx = Architecture.X86_64.offsetOf("cx").orElseThrow();
        assertThat(x86("8@-24(%rbp)")).isEqualTo(new UsdtValue.Memory(bp, -1, 1, -24));
        assertThat(x86("8@8(%rbp,%rcx,4)")).isEqualTo(new UsdtValue.Memory(bp, cx, 4, 8));
    }

    @Test
    void symbolIsCountedFromTheInstructionPointer() {
        int ip = Architecture.X86_64.instructionPointer();
        assertThat(x86("-4@glob+4(%rip)")).isEqualTo(new UsdtValue.Memory(ip, -1, 1, 0x2004));
        assertThat(x86("-4@nobody(%rip)")).isInstanceOf(UsdtValue.Unreadable.class);
    }

    @Test
    void floatingPointAndBadTextAreUnreadable() {
        assertThat(x86("8f@%xmm0")).isInstanceOf(UsdtValue.Unreadable.class);
        assertThat(x86("4@%foo")).isInstanceOf(UsdtValue.Unreadable.class);
        assertThat(x86("3@@@")).isInstanceOf(UsdtValue.Unreadable.class);
    }

    @Test
    void arm64NamesAreKnown() {
        assertThat(of("8@x3 -4@w5 8@[sp, 16] 8@xzr", Architecture.ARM64)).extracting(UsdtValue::place).containsExactly(new UsdtValue.Register(24),
                new UsdtValue.Register(40), new UsdtValue.Memory(Architecture.ARM64.stackPointer(), -1, 1, 16), new UsdtValue.Constant(0));
    }
}
