package dev.sonde.asm;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/** Writes the lines of one program: labels, lines of the script, slots and instructions. */
final class ProgramText implements SlotText.Names {
    private final long[] words;
    private final String[] labels;
    private final String[] kernelFunctions;
    private final StringBuilder out = new StringBuilder();
    private final SlotText text = new SlotText(out, this);
    private String place = "";

    ProgramText(byte[] instructions) {
        this.words = words(instructions);
        this.labels = new String[words.length];
        this.kernelFunctions = new String[words.length];
    }

    @Override
    public String target(int slot, int distance) {
        long target = (long) slot + 1 + distance;
        String label = target >= 0 && target < labels.length ? labels[(int) target] : null;
        return label != null ? label : "pc" + (distance < 0 ? "" : "+") + distance;
    }

    @Override
    public String kernelFunction(int slot, int btfId) {
        String name = kernelFunctions[slot];
        return (name != null ? name : "kernel-function") + "#" + btfId;
    }

    /** Takes the names of places and kernel functions from the code that the instructions were made of. */
    void name(Code code) {
        Layout layout = Layout.of(code);
        for (int i = 0; i < code.lines().size(); i++) {
            Instruction instruction = code.lines().get(i).instruction();
            if (instruction instanceof Instruction.Label label && layout.start(i) < labels.length) {
                labels[layout.start(i)] = "L" + label.number();
            } else if (instruction instanceof Instruction.CallKernelFunction call) {
                kernelFunctions[layout.start(i)] = call.name();
            }
        }
        for (Code.Function function : code.functions()) {
            labels[layout.target(function.start())] = function.name();
        }
    }

    /** The whole text; {@code spans} has one for each slot, or is empty. */
    String print(List<Optional<Span>> spans) {
        for (int slot = 0; slot < words.length; slot++) {
            if (labels[slot] != null) {
                out.append(labels[slot]).append(":\n");
            }
            if (!spans.isEmpty()) {
                spans.get(slot).ifPresent(this::comment);
            }
            number(slot);
            long next = slot + 1 < words.length ? words[slot + 1] : 0;
            text.append(slot, words[slot], next);
            out.append('\n');
            slot += SlotText.isWide(words[slot]) ? 1 : 0;
        }
        return out.toString();
    }

    private void comment(Span span) {
        String next = span.source().name() + ":" + span.line();
        if (!next.equals(place)) {
            place = next;
            out.append("; ").append(next).append(": ").append(span.source().lineText(span.start()).strip()).append('\n');
        }
    }

    private void number(int slot) {
        String digits = Integer.toString(slot);
        out.repeat(' ', Math.max(0, 4 - digits.length())).append(digits).append(": ");
    }

    private static long[] words(byte[] instructions) {
        long[] words = new long[instructions.length / 8];
        for (int i = 0; i < words.length * 8; i++) {
            words[i >>> 3] |= (instructions[i] & 0xffL) << 8 * (i & 7);
        }
        return words;
    }
}
