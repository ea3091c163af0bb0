package dev.sonde.output;

import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Times by strftime(3) in the C locale and the local time zone, with glibc's flags ({@code _ - 0 ^ #}) and widths. {@link #event} knows
 * bpftrace's {@code %f} microseconds, {@code %k} nanoseconds and {@code %l} milliseconds as well.
 */
final class TimeFormat {
    private static final String[] DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    private static final String[] MONTHS = {
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    private static final long BILLION = 1_000_000_000;

    private final TextBuffer out;
    private final boolean event;
    private final long seconds;
    private final int nanoseconds;
    private final int zone;
    private final CivilDate date;
    private final int second;

    /** Flag and width of the conversion being written; flag 0 and width -1 for none. */
    private char flag;
    private boolean upper;
    private boolean swap;
    private int width;

    private TimeFormat(TextBuffer out, long epochNanoseconds, boolean event) {
        this.out = out;
        this.event = event;
        seconds = Math.floorDiv(epochNanoseconds, BILLION);
        nanoseconds = (int) Math.floorMod(epochNanoseconds, BILLION);
        zone = TimeZone.getDefault().getOffset(seconds * 1000) / 1000;
        date = CivilDate.ofDay(Math.floorDiv(seconds + zone, 86_400));
        second = Math.floorMod(seconds + zone, 86_400);
    }

    /** Writes a time as {@code strftime()} does. */
    static void event(TextBuffer out, String format, long epochNanoseconds) {
        new TimeFormat(out, epochNanoseconds, true).write(format);
    }

    /** Writes a time as {@code time()} does. */
    static void clock(TextBuffer out, String format, long epochNanoseconds) {
        new TimeFormat(out, epochNanoseconds, false).write(format);
    }

    private void write(String format) {
        int at = 0;
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.put(format.substring(at));
                return;
            }
            out.put(format.substring(at, percent));
            at = conversion(format, percent);
        }
    }

    /** Writes the conversion at {@code percent}, or its text when it is none; returns where the next text starts. */
    private int conversion(String format, int percent) {
        int at = flags(format, percent + 1);
        width = -1;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            width = Math.min(1000, Math.max(0, width) * 10 + format.charAt(at++) - '0');
        }
        if (at + 1 < format.length() && (format.charAt(at) == 'E' || format.charAt(at) == 'O')) {
            at++;
        }
        if (at >= format.length() || !convert(format.charAt(at))) {
            int end = Math.min(at + 1, format.length());
            out.put(format.substring(percent, end));
            return end;
        }
        return at + 1;
    }

    private int flags(String format, int from) {
        flag = 0;
        upper = false;
        swap = false;
        int at = from;
        while (at < format.length()) {
            switch (format.charAt(at)) {
                case '_', '-', '0' -> flag = format.charAt(at);
                case '^' -> upper = true;
                case '#' -> swap = true;
                default -> {
                    return at;
                }
            }
            at++;
        }
        return at;
    }

    private boolean convert(char c) {
        switch (c) {
            case 'f', 'k', 'l' -> {
                return fraction(c) || number(c);
            }
            case 'a' -> word(DAYS[date.weekday()].substring(0, 3));
            case 'A' -> word(DAYS[date.weekday()]);
            case 'b', 'h' -> word(MONTHS[date.month() - 1].substring(0, 3));
            case 'B' -> word(MONTHS[date.month() - 1]);
            case 'p' -> word(second < 43_200 ? "AM" : "PM");
            case 'P' -> word(second < 43_200 ? "am" : "pm");
            case 'n' -> word("\n");
            case 't' -> word("\t");
            case '%' -> word("%");
            case 'z' -> offset();
            case 'Z' -> word(zoneName());
            case 'c' -> write("%a %b %e %H:%M:%S %Y");
            case 'D', 'x' -> write("%m/%d/%y");
            case 'F' -> write("%Y-%m-%d");
            case 'r' -> write("%I:%M:%S %p");
            case 'R' -> write("%H:%M");
            case 'T', 'X' -> write("%H:%M:%S");
            case 's' -> plain(seconds, 1, '0');
            default -> {
                return number(c);
            }
        }
        return true;
    }

    private boolean fraction(char c) {
        if (!event) {
            return false;
        }
        switch (c) {
            case 'f' -> out.padded(nanoseconds / 1000, 6);
            case 'k' -> out.padded(nanoseconds, 9);
            default -> out.padded(nanoseconds / 1_000_000, 3);
        }
        return true;
    }

    private boolean number(char c) {
        int hour = second / 3600;
        switch (c) {
            case 'C' -> plain(date.year() / 100, 2, '0');
            case 'd' -> plain(date.day(), 2, '0');
            case 'e' -> plain(date.day(), 2, ' ');
            case 'g' -> plain(date.isoYear() % 100, 2, '0');
            case 'G' -> plain(date.isoYear(), 1, '0');
            case 'H' -> plain(hour, 2, '0');
            case 'I' -> plain((hour + 11) % 12 + 1, 2, '0');
            case 'j' -> plain(date.dayOfYear(), 3, '0');
            case 'k' -> plain(hour, 2, ' ');
            case 'l' -> plain((hour + 11) % 12 + 1, 2, ' ');
            case 'm' -> plain(date.month(), 2, '0');
            case 'M' -> plain(second / 60 % 60, 2, '0');
            case 'S' -> plain(second % 60, 2, '0');
            case 'u' -> plain((date.weekday() + 6) % 7 + 1, 1, '0');
            case 'U' -> plain(date.weekOfYear(0), 2, '0');
            case 'V' -> plain(date.isoWeek(), 2, '0');
            case 'w' -> plain(date.weekday(), 1, '0');
            case 'W' -> plain(date.weekOfYear(1), 2, '0');
            case 'y' -> plain(date.year() % 100, 2, '0');
            case 'Y' -> plain(date.year(), 1, '0');
            default -> {
                return false;
            }
        }
        return true;
    }

    private void plain(long value, int digits, char fill) {
        int start = out.length();
        out.decimal(value);
        if (flag != '-') {
            char with = flag == '_' ? ' ' : flag == '0' ? '0' : fill;
            out.pad(start, Math.max(digits, width), false, with);
        }
    }

    private void word(String text) {
        int start = out.length();
        String shown = upper ? text.toUpperCase(Locale.ROOT) : text;
        if (swap) {
            boolean allUpper = text.equals(text.toUpperCase(Locale.ROOT));
            shown = allUpper ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
        }
        out.put(shown).pad(start, width, false, flag == '0' ? '0' : ' ');
    }

    private void offset() {
        int minutes = Math.abs(zone) / 60;
        int start = out.length();
        out.put(zone < 0 ? '-' : '+').padded(minutes / 60 * 100 + minutes % 60, 4);
        out.pad(start, width, false, ' ');
    }

    private String zoneName() {
        TimeZone local = TimeZone.getDefault();
        boolean summer = local.inDaylightTime(new Date(seconds * 1000));
        return local.getDisplayName(summer, TimeZone.SHORT, Locale.ENGLISH);
    }
}
