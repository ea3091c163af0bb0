package dev.sonde.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Helpers on strings. */
final class TextCalls {
    private final BpfExecution run;

    TextCalls(BpfExecution run) {
        this.run = run;
    }

    /** Compares at most {@code size} characters with a string that ends within its memory; the kernel wants that one in a frozen map. */
    long compare(long text, long size, long other) {
        byte[] left = run.memory.read(text, size);
        for (int i = 0; i < size; i++) {
            int right = run.memory.read(other + i, 1)[0] & 0xff;
            int difference = (left[i] & 0xff) - right;
            if (difference != 0 || right == 0) {
                return Integer.signum(difference);
            }
        }
        return 0;
    }

    /** A number after white space, in the base of the low five bits of {@code flags} or, if that is 0, as its prefix says. */
    long parse(long text, long size, long flags, long to, boolean signed) {
        run.memory.store(to, 8, 0);
        byte[] bytes = run.memory.read(text, size);
        int base = (int) flags;
        if (bytes.length == 0 || base != 0 && base != 8 && base != 10 && base != 16) {
            return -Errno.EINVAL;
        }
        int at = 0;
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] >= '\t' && bytes[at] <= '\r')) {
            at++;
        }
        boolean negative = at < bytes.length && bytes[at] == '-';
        at += negative ? 1 : 0;
        return digits(bytes, at, base, negative, to, signed);
    }

    private long digits(byte[] bytes, int from, int base, boolean negative, long to, boolean signed) {
        boolean prefix = from + 1 < bytes.length && bytes[from] == '0' && (bytes[from + 1] | 0x20) == 'x';
        boolean hex = prefix && from + 2 < bytes.length && Character.digit(bytes[from + 2], 16) >= 0;
        int radix = base != 0 ? base : hex ? 16 : from < bytes.length && bytes[from] == '0' ? 8 : 10;
        int at = from + (prefix && radix == 16 ? 2 : 0);
        int start = at;
        var value = BigInteger.ZERO;
        while (at < bytes.length && Character.digit(bytes[at], radix) >= 0) {
            value = value.multiply(BigInteger.valueOf(radix)).add(BigInteger.valueOf(Character.digit(bytes[at++], radix)));
        }
        if (at == start) {
            return -Errno.EINVAL;
        }
        if (value.bitLength() > 64 || signed && (negative ? value.negate() : value).bitLength() > 63) {
            return -Errno.ERANGE;
        }
        if (negative && !signed) {
            return -Errno.EINVAL;
        }
        value = negative ? value.negate() : value;
        run.memory.store(to, 8, value.longValue());
        return at;
    }

    /** Keeps the format and the arguments that it names; returns its length. */
    long print(long[] a) {
        byte[] bytes = run.memory.read(a[1], a[2]);
        if (bytes.length == 0 || bytes[bytes.length - 1] != 0) {
            return -Errno.EINVAL;
        }
        String format = new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
        int count = (int) format.replace("%%", "").chars().filter(c -> c == '%').count();
        if (count > 3) {
            return -Errno.EINVAL;
        }
        var arguments = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            arguments.add(a[3 + i]);
        }
        run.machine.prints().add(new BpfMachine.Print(format, arguments));
        return format.length();
    }
}
