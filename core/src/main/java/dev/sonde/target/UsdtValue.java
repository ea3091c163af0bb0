package dev.sonde.target;

import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.UsdtArgument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an argument of a USDT probe is, in terms of struct pt_regs.
 *
 * @param size bytes: 1, 2, 4 or 8, or what the note says when it is unreadable
 * @param signed whether to extend the sign
 * @param place where it is
 */
public record UsdtValue(int size, boolean signed, Place place) {
    /** Where a value is. Offsets are bytes in struct pt_regs, -1 for no register. */
    public sealed interface Place {}

    /** In a register, at {@code offset}. */
    public record Register(int offset) implements Place {}

    /** The number itself. */
    public record Constant(long value) implements Place {}

    /** In memory at {@code base + index * scale + displacement}. */
    public record Memory(int base, int index, int scale, long displacement) implements Place {}

    /** Nowhere that a BPF program can read. */
    public record Unreadable(String reason) implements Place {}

    /** The arguments of {@code probe} in their order; one unreadable value stands for a text that does not follow the grammar. */
    public static List<UsdtValue> of(Binary.Usdt probe, Binary binary, Architecture architecture) {
        int machine = architecture == Architecture.X86_64 ? ElfFile.EM_X86_64 : ElfFile.EM_AARCH64;
        try {
            List<UsdtValue> values = new ArrayList<>();
            for (UsdtArgument argument : UsdtArgument.parse(probe.arguments(), machine)) {
                values.add(new UsdtValue(argument.size(), argument.signed(), place(argument, probe, binary, architecture)));
            }
            return List.copyOf(values);
        } catch (MalformedException e) {
            return List.of(new UsdtValue(8, false, new Unreadable(e.getMessage())));
        }
    }

    private static Place place(UsdtArgument argument, Binary.Usdt probe, Binary binary, Architecture architecture) {
        if (argument.floating() || argument.size() > 8) {
            return new Unreadable("a floating-point or vector register");
        }
        return switch (argument.operand()) {
            case UsdtArgument.Immediate(long value) -> new Constant(value);
            case UsdtArgument.Register(String name) when isZero(name, architecture) -> new Constant(0);
            case UsdtArgument.Register(String name) -> {
                int offset = offset(name, architecture);
                yield offset < 0 ? new Unreadable("the register " + name) : new Register(offset);
            }
            case UsdtArgument.Memory memory -> memory(memory, probe, binary, architecture);
        };
    }

    /** An address that a symbol gives is counted from the probe's own, which the instruction pointer has. */
    private static Place memory(UsdtArgument.Memory memory, Binary.Usdt probe, Binary binary, Architecture architecture) {
        if (!memory.symbol().isEmpty()) {
            Optional<Binary.Function> symbol = binary.symbol(memory.symbol());
            boolean plain = memory.index().isEmpty() && (memory.base().isEmpty() || memory.base().equals("rip"));
            return symbol.isPresent() && plain
                    ? new Memory(architecture.instructionPointer(), -1, 1, symbol.get().address() - probe.address() + memory.displacement())
                    : new Unreadable("the symbol " + memory.symbol());
        }
        int base = memory.base().isEmpty() ? -1 : offset(memory.base(), architecture);
        int index = memory.index().isEmpty() ? -1 : offset(memory.index(), architecture);
        boolean known = (memory.base().isEmpty() || base >= 0) && (memory.index().isEmpty() || index >= 0);
        return known ? new Memory(base, index, memory.scale(), memory.displacement()) : new Unreadable("the registers of its address");
    }

    private static boolean isZero(String name, Architecture architecture) {
        return architecture == Architecture.ARM64 && (name.equals("xzr") || name.equals("wzr"));
    }

    private static int offset(String name, Architecture architecture) {
        boolean arm = architecture == Architecture.ARM64;
        if (!arm && name.length() == 2 && name.charAt(1) == 'h') {
            int low = architecture.offsetOf(name.charAt(0) + "x").orElse(-1);
            return low < 0 ? -1 : low + 1;
        }
        return architecture.offsetOf(arm ? armName(name) : x86Name(name)).orElse(-1);
    }

    /** The name in struct pt_regs of {@code rax}, {@code eax}, {@code ax} and {@code al}, of {@code r8d}, of {@code sil}. */
    private static String x86Name(String name) {
        int length = name.length();
        if (length >= 2 && name.charAt(0) == 'r' && Character.isDigit(name.charAt(1))) {
            return Character.isDigit(name.charAt(length - 1)) ? name : name.substring(0, length - 1);
        }
        if (length == 3) {
            boolean wide = name.charAt(0) == 'r' || name.charAt(0) == 'e';
            return wide ? name.substring(1) : name.charAt(2) == 'l' ? name.substring(0, 2) : name;
        }
        return length == 2 && name.charAt(1) == 'l' ? name.charAt(0) + "x" : name;
    }

    private static String armName(String name) {
        return switch (name.charAt(0)) {
            case 'x', 'w' -> "r" + name.substring(1);
            case 'l' -> "r30";
            default -> name;
        };
    }
}
