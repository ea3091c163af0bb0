package dev.sonde.elf;

import dev.sonde.bytes.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * One argument of a USDT probe: {@code SIZE@OPERAND}, where a negative size means signed and an {@code f} after it floating-point. The
 * operand is in the assembler syntax of the machine (SystemTap's {@code sys/sdt.h}).
 *
 * @param size bytes: 1, 2, 4, 8 or 16
 * @param signed whether to extend the sign
 * @param floating whether the value is a floating-point number
 * @param operand where the value is
 */
public record UsdtArgument(int size, boolean signed, boolean floating, Operand operand) {
    /** Where a value is. */
    public sealed interface Operand {
    }

    /** In the register {@code name}, spelt without a percent sign: {@code rax}, {@code r13d}, {@code x0}. */
    public record Register(String name) implements Operand {
    }

    /** The constant itself. */
    public record Immediate(long value) implements Operand {
    }

    /**
     * In memory at {@code base + index * scale + displacement}, plus the address of {@code symbol}.
     *
     * @param base register name; {@code rip} with a symbol means the symbol's address itself; empty for none
     * @param index register name, or empty for none
     * @param scale 1, 2, 4 or 8
     * @param displacement bytes, signed
     * @param symbol name of a symbol, or empty for none
     */
    public record Memory(String base, String index, int scale, long displacement, String symbol) implements Operand {
    }

    /**
     * Parses the argument string of a probe of {@code machine} ({@link ElfFile#EM_X86_64}, {@link ElfFile#EM_AARCH64} or
     * {@link ElfFile#EM_386}).
     *
     * @throws MalformedException when an argument is written in a way that the machine's assembler has not
     */
    public static List<UsdtArgument> parse(String arguments, int machine) {
        List<UsdtArgument> parsed = new ArrayList<>();
        UsdtParser parser = new UsdtParser(arguments, machine);
        while (parser.hasNext()) {
            parsed.add(parser.next());
        }
        return List.copyOf(parsed);
    }
}
