package dev.sonde.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Makes scripts of other scripts: tokens, groups in brackets and statements are deleted, doubled, exchanged, moved and taken from elsewhere. */
final class Mutator {
    private static final String[] WORDS = {
            "{", "}", "(", ")", "[", "]", "\"", "'", "/", "/*", "*/", "//", "#", "#define A(", "#if", "#endif", "\\", ";", ",", ":", "..",
            "->", "=", "==", "$", "@", "${", "$1", "$2", "$#", "$x", "@x", "@x[1]", "if", "else", "for", "while", "let", "macro", "fn",
            "struct", "union", "enum", "config", "import", "sizeof(", "offsetof(", "typeof(", "comptime", "(int8)", "(uint64)",
            "(string[4])", "(struct task_struct *)", "++", "--", "?:", "?", "<<=", "&&", "-", "~", "!", "*", "&", "kprobe:f", "count()",
            "hist(1)", "(1, 2)", "(a=1)", "()", ".0", ".a", "comm", "args", "pid", "kstack", "true", "unroll(3) {", "break", "continue",
            "return", "\0", "é", "\uD83D\uDE00", "\uD83D", "\n", "\r\n", "begin { ", "\"a\"", "\"%s %d\"", "nsecs", "curtask"};
    private static final String[] NUMBERS = {
            "0", "1", "-1", "2", "7", "8", "63", "64", "65", "127", "128", "255", "256", "511", "512", "1023", "1024", "4096", "32767",
            "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
            "18446744073709551615", "18446744073709551616", "0x", "1e3", "1e19", "99999999999999999999999999", "0xffffffffffffffff",
            "1_000", "07", "5ms", "300000000d", "1u", "1ull"};
    private static final String[] OPENINGS = {
            "(", "{", "[", "-", "!", "~", "*", "&", "++", "(int8)", "if (1) {", "1 + (", "@a[", "1 ? ", "comptime ", "str(", "(1,",
            "sizeof(", "{ 1; ", "while (1) {"};

    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    /** {@code script} with some damage, in part with pieces of {@code other}. */
    String mutate(String script, String other) {
        List<String> tokens = new ArrayList<>(Tokens.of(script));
        List<String> donor = Tokens.of(other);
        for (int i = random.nextInt(4); i >= 0; i--) {
            if (tokens.isEmpty() || donor.isEmpty()) {
                return script + other;
            }
            once(tokens, donor);
        }
        return String.join("", tokens);
    }

    private void once(List<String> tokens, List<String> donor) {
        int at = random.nextInt(tokens.size());
        switch (random.nextInt(12)) {
            case 0 -> tokens.subList(at, Math.min(tokens.size(), at + 1 + random.nextInt(4))).clear();
            case 1 -> tokens.addAll(at, List.copyOf(tokens.subList(at, Math.min(tokens.size(), at + 1 + random.nextInt(8)))));
            case 2 -> Collections.swap(tokens, at, random.nextInt(tokens.size()));
            case 3 -> tokens.add(at, WORDS[random.nextInt(WORDS.length)]);
            case 4 -> tokens.set(at, WORDS[random.nextInt(WORDS.length)]);
            case 5 -> number(tokens, at);
            case 6, 7 -> group(tokens, at, donor);
            case 8, 9 -> statement(tokens, at, donor);
            case 10 -> alike(tokens, at, donor);
            default -> moveStatement(tokens, at);
        }
    }

    private void number(List<String> tokens, int at) {
        int found = find(tokens, at, "0123456789");
        if (found >= 0) {
            tokens.set(found, NUMBERS[random.nextInt(NUMBERS.length)]);
        }
    }

    /** Replaces what stands in brackets by what stands in brackets of the same kind elsewhere. */
    private void group(List<String> tokens, int at, List<String> donor) {
        int open = find(tokens, at, "([{");
        if (open < 0) {
            return;
        }
        int from = find(donor, random.nextInt(donor.size()), tokens.get(open));
        List<String> piece = from < 0 ? List.of() : List.copyOf(donor.subList(from, Tokens.close(donor, from)));
        List<String> old = tokens.subList(open, Tokens.close(tokens, open));
        old.clear();
        old.addAll(piece);
    }

    private void statement(List<String> tokens, int at, List<String> donor) {
        int[] from = Tokens.statement(donor, random.nextInt(donor.size()));
        int[] to = Tokens.statement(tokens, at);
        List<String> piece = List.copyOf(donor.subList(from[0], from[1]));
        List<String> place = tokens.subList(to[0], to[1]);
        if (random.nextBoolean()) {
            place.clear();
        }
        place.addAll(piece);
    }

    private void moveStatement(List<String> tokens, int at) {
        int[] from = Tokens.statement(tokens, at);
        List<String> piece = List.copyOf(tokens.subList(from[0], from[1]));
        if (random.nextBoolean()) {
            tokens.subList(from[0], from[1]).clear();
        }
        if (!tokens.isEmpty()) {
            tokens.addAll(Tokens.statement(tokens, random.nextInt(tokens.size()))[0], piece);
        }
    }

    /** Replaces a token by one that begins with the same kind of character. */
    private void alike(List<String> tokens, int at, List<String> donor) {
        char first = tokens.get(at).charAt(0);
        for (int i = 0; i < 20; i++) {
            String candidate = donor.get(random.nextInt(donor.size()));
            char other = candidate.charAt(0);
            if (Character.isLetter(first) == Character.isLetter(other) && Character.isDigit(first) == Character.isDigit(other)
                    && Character.isWhitespace(first) == Character.isWhitespace(other)) {
                tokens.set(at, candidate);
                return;
            }
        }
    }

    /** The first token from {@code at} on, around the end, that begins with one of {@code starts}; -1 when there is none. */
    private static int find(List<String> tokens, int at, String starts) {
        for (int i = 0; i < tokens.size(); i++) {
            int index = (at + i) % tokens.size();
            if (starts.indexOf(tokens.get(index).charAt(0)) >= 0) {
                return index;
            }
        }
        return -1;
    }

    /** Text that is hardly a script: random characters, one piece many times, deep nesting. */
    String hostile(String script) {
        int times = 1 << random.nextInt(15);
        String word = WORDS[random.nextInt(WORDS.length)];
        return switch (random.nextInt(5)) {
            case 0 -> characters(random.nextInt(400), 128);
            case 1 -> characters(random.nextInt(400), 65536);
            case 2 -> "begin { $x = " + word.repeat(times) + (random.nextBoolean() ? "1" : "");
            case 3 -> nested(word, times);
            default -> spliced(script, word.repeat(Math.min(times, 2000)));
        };
    }

    private String nested(String word, int times) {
        String open = OPENINGS[random.nextInt(OPENINGS.length)];
        String close = closing(open);
        String start = "begin { " + (random.nextBoolean() ? "$x = " : "");
        return start + open.repeat(times) + (random.nextBoolean() ? "1" : word) + close.repeat(times) + " }";
    }

    private static String closing(String open) {
        if (open.indexOf('{') >= 0) {
            return "}";
        }
        if (open.endsWith("[")) {
            return "]";
        }
        return open.endsWith("? ") ? " : 1" : open.contains("(") && !open.endsWith(")") ? ")" : "";
    }

    private String spliced(String script, String piece) {
        int at = random.nextInt(script.length() + 1);
        return script.substring(0, at) + piece + script.substring(at);
    }

    private String characters(int length, int bound) {
        var text = new StringBuilder(random.nextBoolean() ? "begin { " : "");
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(bound));
        }
        return text.toString();
    }
}
