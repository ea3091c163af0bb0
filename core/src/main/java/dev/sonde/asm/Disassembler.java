package dev.sonde.asm;

import java.util.List;

/**
 * Programs as text, in the manner of the kernel's disassembler: {@code r1 = *(u64 *)(r10 -8)}, {@code call bpf_map_lookup_elem#1},
 * {@code if r0 == 0x0 goto pc+5}. Each line starts with its slot, the number that the verifier's log uses.
 */
public final class Disassembler {
    private Disassembler() {}

    /**
     * The text of a code: with its labels, the names of its functions, and the line of the script as a comment where another one begins. A jump that
     * needs the long form is shown as the instructions it becomes.
     *
     * @throws IllegalArgumentException as {@link Encoder#encode}
     */
    public static String text(Code code) {
        EncodedProgram program = Encoder.encode(code);
        var text = new ProgramText(program.instructions());
        text.name(code);
        return text.print(program.spans());
    }

    /** The text of raw instructions, with jumps by distance; anything unknown is said so, and a tail of less than a slot left out. */
    public static String text(byte[] instructions) {
        return new ProgramText(instructions).print(List.of());
    }
}
