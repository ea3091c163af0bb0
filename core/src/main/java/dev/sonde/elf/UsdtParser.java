package dev.sonde.elf;

import dev.sonde.bytes.MalformedException;

/**
 * Parses an argument string, {@code [[-]SIZE[f]@]OPERAND} separated by blanks.
 *
 * <pre>
 * x86:     %reg | $number | [number | symbol[+-number]](%base[,%index[,scale]]) | symbol[+-number] | number
 * AArch64: reg | number | #number | [base] | [base, number] | [base, #number] | [base, index[, lsl number]] | symbol
 * </pre>
 */
final class UsdtParser {
    private final String text;
    private final boolean arm;
    private final int wordSize;
    private int at;

    UsdtParser(String text, int machine) {
        this.text = text;
        this.arm = machine == ElfFile.EM_AARCH64;
        this.wordSize = machine == ElfFile.EM_386 ? 4 : 8;
        if (!arm && machine != ElfFile.EM_X86_64 && machine != ElfFile.EM_386) {
            throw malformed("arguments of x86 or AArch64, not of machine " + machine);
        }
    }

    boolean hasNext() {
        skipBlanks();
        return at < text.length();
    }

    UsdtArgument next() {
        skipBlanks();
        int separator = text.indexOf('@', at);
        int blank = text.indexOf(' ', at);
        if (separator < 0 || blank >= 0 && blank < separator) {
            return new UsdtArgument(wordSize, false, false, operand());
        }
        boolean signed = accept('-');
        long size = number();
        boolean floating = accept('f');
        expect('@');
        if (size != 1 && size != 2 && size != 4 && size != 8 && size != 16) {
            throw malformed("a size of 1, 2, 4, 8 or 16 bytes, not " + size);
        }
        return new UsdtArgument((int) size, signed, floating, operand());
    }

    private UsdtArgument.Operand operand() {
        UsdtArgument.Operand operand = arm ? armOperand() : x86Operand();
        if (at < text.length() && text.charAt(at) != ' ') {
            throw malformed("a blank after an argument");
        }
        return operand;
    }

    private UsdtArgument.Operand x86Operand() {
        if (accept('%')) {
            return new UsdtArgument.Register(word());
        }
        if (accept('$')) {
            return new UsdtArgument.Immediate(signedNumber());
        }
        int start = at;
        String symbol = isNameStart() ? word() : "";
        long displacement = isNumberStart() ? signedNumber() : 0;
        boolean isEmpty = at == start;
        if (!accept('(')) {
            if (isEmpty) {
                throw malformed("an operand");
            }
            return new UsdtArgument.Memory("", "", 1, displacement, symbol);
        }
        return x86Address(symbol, displacement);
    }

    private UsdtArgument.Memory x86Address(String symbol, long displacement) {
        String base = accept('%') ? word() : "";
        String index = "";
        int scale = 1;
        if (accept(',')) {
            expect('%');
            index = word();
            scale = accept(',') ? (int) number() : 1;
        }
        expect(')');
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw malformed("a scale of 1, 2, 4 or 8 before this");
        }
        return new UsdtArgument.Memory(base, index, scale, displacement, symbol);
    }

    private UsdtArgument.Operand armOperand() {
        if (accept('[')) {
            return armAddress();
        }
        if (accept('#') || isNumberStart()) {
            return new UsdtArgument.Immediate(signedNumber());
        }
        String name = word();
        if (isArmRegister(name)) {
            return new UsdtArgument.Register(name);
        }
        return new UsdtArgument.Memory("", "", 1, isNumberStart() ? signedNumber() : 0, name);
    }

    private UsdtArgument.Memory armAddress() {
        String base = word();
        String index = "";
        long displacement = 0;
        int scale = 1;
        if (acceptComma()) {
            if (accept('#') || isNumberStart()) {
                displacement = signedNumber();
            } else {
                index = word();
                scale = acceptComma() ? armShift() : 1;
            }
        }
        expect(']');
        return new UsdtArgument.Memory(base, index, scale, displacement, "");
    }

    /** {@code lsl #n}, {@code sxtw #n} and the like; the extension itself is left to the register's name. */
    private int armShift() {
        word();
        skipBlanks();
        accept('#');
        long shift = isNumberStart() ? number() : 0;
        if (shift > 3) {
            throw malformed("a shift of 0 to 3 before this");
        }
        return 1 << shift;
    }

    private static boolean isArmRegister(String name) {
        if (name.equals("sp") || name.equals("lr") || name.equals("xzr") || name.equals("wzr")) {
            return true;
        }
        if (name.length() < 2 || name.length() > 3 || "xwvqdshb".indexOf(name.charAt(0)) < 0) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            if (!isDigit(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean acceptComma() {
        boolean comma = accept(',');
        skipBlanks();
        return comma;
    }

    private long signedNumber() {
        boolean negative = accept('-');
        if (!negative) {
            accept('+');
        }
        long value = number();
        while (at + 1 < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') && isDigit(text.charAt(at + 1))) {
            int sign = text.charAt(at++) == '-' ? -1 : 1;
            value += (negative ? -sign : sign) * number();
        }
        return negative ? -value : value;
    }

    private long number() {
        boolean hexadecimal = text.startsWith("0x", at);
        int start = hexadecimal ? at + 2 : at;
        int end = start;
        while (end < text.length() && Character.digit(text.charAt(end), hexadecimal ? 16 : 10) >= 0) {
            end++;
        }
        try {
            long value = Long.parseUnsignedLong(text, start, end, hexadecimal ? 16 : 10);
            at = end;
            return value;
        } catch (NumberFormatException e) {
            throw malformed("a number");
        }
    }

    private String word() {
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed("a name");
        }
        return text.substring(start, at);
    }

    private boolean isNameStart() {
        return at < text.length() && isNamePart(text.charAt(at)) && !isDigit(text.charAt(at));
    }

    private boolean isNumberStart() {
        return at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '-' || text.charAt(at) == '+');
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '.' || c == '$' || c == '@';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean accept(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw malformed("'" + c + "'");
        }
    }

    private MalformedException malformed(String expectation) {
        return new MalformedException("USDT arguments \"" + text + "\"", at, expectation);
    }
}
