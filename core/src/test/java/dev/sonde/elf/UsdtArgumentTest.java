package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.UsdtArgument.Immediate;
import dev.sonde.elf.UsdtArgument.Memory;
import dev.sonde.elf.UsdtArgument.Register;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsdtArgumentTest {
    @Test
    void everyFormOfX86IsRead() {
        assertThat(UsdtArgument.parse("8@%r14 -4@%r13d 1@%r12b -4@$-1 4@$0x10", ElfFile.EM_X86_64)).containsExactly(
                new UsdtArgument(8, false, false, new Register("r14")), new UsdtArgument(4, true, false, new Register("r13d")),
                new UsdtArgument(1, false, false, new Register("r12b")), new UsdtArgument(4, true, false, new Immediate(-1)),
                new UsdtArgument(4, false, false, new Immediate(16)));
        assertThat(UsdtArgument.parse("8@-88(%rbp) -2@(%rax) 8@8(%rdi,%rcx,4) 8@(,%rcx,8) 4@16(%rdi,%rsi)", ElfFile.EM_X86_64)).containsExactly(
                new UsdtArgument(8, false, false, new Memory("rbp", "", 1, -88, "")),
                new UsdtArgument(2, true, false, new Memory("rax", "", 1, 0, "")),
                new UsdtArgument(8, false, false, new Memory("rdi", "rcx", 4, 8, "")),
                new UsdtArgument(8, false, false, new Memory("", "rcx", 8, 0, "")),
                new UsdtArgument(4, false, false, new Memory("rdi", "rsi", 1, 16, "")));
    }

    @Test
    void symbolsAndFloatsOfX86AreRead() {
        assertThat(UsdtArgument.parse("-4@global_count+8(%rip) 4@global.1(%rip) 8f@%xmm0 8@table-8 -4@16+4(%rsp) %eax", ElfFile.EM_X86_64))
                .containsExactly(new UsdtArgument(4, true, false, new Memory("rip", "", 1, 8, "global_count")),
                        new UsdtArgument(4, false, false, new Memory("rip", "", 1, 0, "global.1")),
                        new UsdtArgument(8, false, true, new Register("xmm0")), new UsdtArgument(8, false, false, new Memory("", "", 1, -8, "table")),
                        new UsdtArgument(4, true, false, new Memory("rsp", "", 1, 20, "")), new UsdtArgument(8, false, false, new Register("eax")));
    }

    @Test
    void everyFormOfAarch64IsRead() {
        assertThat(UsdtArgument.parse("8@x0 -4@w1 8@[sp] 8@[x29, 16] -4@[x29, -20] 8@[sp, #8] 4@5 -4@-1 8f@d0 8@[x1, x2, lsl 3] 8@[x1,x2] 8@sp",
                ElfFile.EM_AARCH64)).extracting(UsdtArgument::operand).containsExactly(
                new Register("x0"), new Register("w1"), new Memory("sp", "", 1, 0, ""), new Memory("x29", "", 1, 16, ""),
                new Memory("x29", "", 1, -20, ""), new Memory("sp", "", 1, 8, ""), new Immediate(5), new Immediate(-1), new Register("d0"),
                new Memory("x1", "x2", 8, 0, ""), new Memory("x1", "x2", 1, 0, ""), new Register("sp"));
    }

    @Test
    void emptyListHasNoArguments() {
        assertThat(UsdtArgument.parse("", ElfFile.EM_X86_64)).isEmpty();
        assertThat(UsdtArgument.parse("  ", ElfFile.EM_X86_64)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8@", "3@%rax", "8@%", "8@(%rax", "8@8(%rax,)", "8@8(%rax,%rbx,3)", "x@%rax", "8@%rax%rbx", "8@$", "-@%rax",
        "8@99999999999999999999999(%rax)", "-", "@", "8@)"})
    void otherSyntaxIsMalformed(String arguments) {
        assertThatThrownBy(() -> UsdtArgument.parse(arguments, ElfFile.EM_X86_64)).isInstanceOf(MalformedException.class);
    }

    @Test
    void otherMachineIsRefused() {
        assertThatThrownBy(() -> UsdtArgument.parse("8@r3", 21)).isInstanceOf(MalformedException.class).hasMessageContaining("machine 21");
    }
}
