package dev.sonde.asm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the verifier said of a program that it rejected.
 *
 * @param message its last word, one line; empty when the log says nothing
 * @param instruction the slot that it concerns, when it names one or had just looked at one
 * @param before the lines before the message, oldest first, at most {@value #CONTEXT}
 * @param rejection the explanation, when the message is a known one
 */
public record VerifierLog(String message, OptionalInt instruction, List<String> before, Optional<Rejection> rejection) {
    private static final int CONTEXT = 16;

    private static final String[] NOT_A_MESSAGE = {
        "verification time ", "stack depth ", "processed ", "insns processed", "cur state:", "old state:", "caller:", "callee:", "to caller at ",
        "returning from callee", "mark_precise:", "last_idx ", "regs=", "parent ", "propagating ", "Live regs ", "live regs ", "Validating ", "Func#",
        "func#", "from ", "-- ", "frame", "fp-", "max_states", "safe"
    };

    public VerifierLog {
        before = List.copyOf(before);
    }

    /** Reads a log as the kernel wrote it (log_level 1 or 2); it may be cut off anywhere. */
    public static VerifierLog parse(String log) {
        List<String> lines = lines(log);
        int last = lines.size() - 1;
        while (last >= 0 && messageOf(lines.get(last)).isEmpty()) {
            last--;
        }
        if (last < 0) {
            return new VerifierLog("", lastInstruction(lines, lines.size() - 1), tail(lines, lines.size()), Optional.empty());
        }
        return new VerifierLog(messageOf(lines.get(last)), concerned(lines, last), tail(lines, last), explain(lines, last));
    }

    /** The verifier often says a thing in two lines, so every message line of the last group is looked up, the last one first. */
    private static Optional<Rejection> explain(List<String> lines, int last) {
        for (int i = last; i >= 0 && !messageOf(lines.get(i)).isEmpty(); i--) {
            Optional<Rejection> known = Rejection.of(messageOf(lines.get(i)));
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    /** What a line says; empty for an instruction, a state, a line of the source and what else is no verdict. */
    private static String messageOf(String line) {
        String text = line.strip();
        if (instructionOf(text).isPresent()) {
            return behindJump(text);
        }
        return text.startsWith(";") || isNumbered(text) || isState(text) || isChatter(text) ? "" : text;
    }

    /** A jump is written without a line end when its target is looked at next, so a verdict can follow it on the line. */
    private static String behindJump(String text) {
        int jump = text.indexOf("goto pc");
        int end = jump < 0 ? -1 : text.indexOf(' ', jump + "goto pc".length());
        String rest = end < 0 ? "" : text.substring(end).strip();
        return rest.startsWith(";") || rest.isEmpty() || isNumbered(rest) || isState(rest) || rest.startsWith("frame") ? "" : rest;
    }

    private static List<String> lines(String log) {
        var lines = new ArrayList<String>();
        int nul = log.indexOf('\0');
        int length = nul < 0 ? log.length() : nul;
        for (int start = 0, end; start < length; start = end + 1) {
            int feed = log.indexOf('\n', start);
            end = feed < 0 || feed > length ? length : feed;
            if (!log.substring(start, end).isBlank()) {
                lines.add(log.substring(start, end));
            }
        }
        return lines;
    }

    private static List<String> tail(List<String> lines, int end) {
        return lines.subList(Math.max(0, end - CONTEXT), end);
    }

    private static boolean isChatter(String text) {
        for (String start : NOT_A_MESSAGE) {
            if (text.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /** Instructions and states that begin with their slot. */
    private static boolean isNumbered(String text) {
        int colon = digits(text, 0);
        return colon > 0 && text.startsWith(":", colon);
    }

    /** Register states: {@code R1=ctx() R10=fp0}, also with a flag as in {@code R1_w=0}. */
    private static boolean isState(String text) {
        int space = text.indexOf(' ');
        return text.startsWith("R") && text.substring(0, space < 0 ? text.length() : space).indexOf('=') > 0;
    }

    private static OptionalInt concerned(List<String> lines, int last) {
        OptionalInt named = named(messageOf(lines.get(last)));
        return named.isPresent() ? named : lastInstruction(lines, last);
    }

    /** The slot in {@code … insn 12 …}; counts such as {@code Processed 1000001 insn} are not places. */
    private static OptionalInt named(String message) {
        int at = message.indexOf("insn ");
        return at < 0 ? OptionalInt.empty() : number(message, at + 5);
    }

    private static OptionalInt lastInstruction(List<String> lines, int from) {
        for (int i = from; i >= 0; i--) {
            OptionalInt instruction = instructionOf(lines.get(i));
            if (instruction.isPresent()) {
                return instruction;
            }
        }
        return OptionalInt.empty();
    }

    /** The slot of a line such as {@code 12: (79) r1 = …}. */
    private static OptionalInt instructionOf(String line) {
        int colon = digits(line, 0);
        return colon > 0 && line.startsWith(": (", colon) && line.startsWith(") ", colon + 5) ? number(line, 0) : OptionalInt.empty();
    }

    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /** A decimal number of at most eight digits, more than any program has slots. */
    private static OptionalInt number(String text, int from) {
        int end = digits(text, from);
        return end == from || end - from > 8 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text.substring(from, end)));
    }
}
