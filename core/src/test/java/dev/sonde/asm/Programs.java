package dev.sonde.asm;

import static dev.sonde.asm.Register.R0;

import java.util.HexFormat;
import java.util.Optional;

/** Small programs for the tests. */
final class Programs {
    private Programs() {}

    static Code code(Instruction... instructions) {
        var builder = new Code.Builder().at(Optional.empty());
        for (Instruction instruction : instructions) {
            builder.add(instruction);
        }
        return builder.build();
    }

    /** The instructions between {@code before} and {@code after}. */
    static Code padded(Instruction[] before, int count, Instruction... after) {
        var builder = new Code.Builder();
        for (Instruction instruction : before) {
            builder.add(instruction);
        }
        for (int i = 0; i < count; i++) {
            builder.add(new Instruction.AluImmediate(AluOperation.ADD, true, R0, 1));
        }
        for (Instruction instruction : after) {
            builder.add(instruction);
        }
        return builder.build();
    }

    static String hex(Instruction... instructions) {
        return hex(Encoder.encode(code(instructions)).instructions());
    }

    /** Slots of eight bytes, with a space between them. */
    static String hex(byte[] bytes) {
        var out = new StringBuilder();
        for (int i = 0; i < bytes.length; i += 8) {
            out.append(i == 0 ? "" : " ").append(HexFormat.of().formatHex(bytes, i, i + 8));
        }
        return out.toString();
    }

    /** The text of one instruction, without its slot. */
    static String text(Instruction instruction) {
        return Disassembler.text(Encoder.encode(code(instruction)).instructions()).lines().findFirst().orElseThrow().substring("   0: ".length());
    }
}
