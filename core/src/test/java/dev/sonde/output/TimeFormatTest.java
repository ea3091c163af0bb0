package dev.sonde.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** strftime. Expected texts are bpftrace 0.27.1's on 2026-11-22 03:15:19 UTC, or java.time's for the calendar. */
class TimeFormatTest {
    private static final long MOMENT = 1_795_317_319_333_429_950L;

    private final TimeZone before = TimeZone.getDefault();

    @BeforeEach
    void useUtc() {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(before);
    }

    private static String event(String format, long moment) {
        var out = new TextBuffer(64);
        TimeFormat.event(out, format, moment);
        return out.toString();
    }

    private static String clock(String format) {
        var out = new TextBuffer(64);
        TimeFormat.clock(out, format, MOMENT);
        return out.toString();
    }

    @Test
    void everyConversion() {
        assertThat(event("%Y-%m-%d %H:%M:%S %f|%e|%j|%s|%z|%Z|%a %A %b %B %c %D %d %F %I %k %l %M %m", MOMENT)).isEqualTo(
                "2026-11-22 03:15:19 333429|22|326|1795317319|+0000|UTC|Sun Sunday Nov November Sun Nov 22 03:15:19 2026 11/22/26 22 2026-11-22 03"
                        + " 333429950 333 15 11");
        assertThat(event("%p %R %r %S %T %t %U %u %V %W %w %X %x %y %C %G %g %h %P %E %%", MOMENT)).isEqualTo(
                "AM 03:15 03:15:19 AM 19 03:15:19 \t 47 7 47 46 0 03:15:19 11/22/26 26 20 2026 26 Nov am %E %");
    }

    @Test
    void flagsWidthsAndUnknownConversions() {
        assertThat(event("%%|%5d|%-d|%_d|%^a|%#Z|%Ey|%Od|%Q|%E|%3H|%L %N", MOMENT)).isEqualTo("%|00022|22|22|SUN|utc|26|22|%Q|%E|003|%L %N");
        assertThat(event("%-H|%_H|%-m", MOMENT)).isEqualTo("3| 3|11");
    }

    @Test
    void fractionsOfASecondAreOnlyForEvents() {
        assertThat(clock("%H:%M:%S.%f|%k|%l|%d\n")).isEqualTo("03:15:19.%f| 3| 3|22\n");
        assertThat(event("%%f %f", MOMENT)).isEqualTo("%f 333429");
        assertThat(event("%f", -1)).isEqualTo("999999");
    }

    @Test
    void localTimeFollowsTheZone() {
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        assertThat(clock("%c %Z %z %A")).isEqualTo("Sun Nov 22 04:15:19 2026 CET +0100 Sunday");
        TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
        assertThat(clock("%H:%M %z")).isEqualTo("23:45 -0330");
    }

    @Test
    void theCalendarAgreesWithJavaTime() {
        for (long day = -800_000; day < 400_000; day += 13) {
            LocalDate expected = LocalDate.ofEpochDay(day);
            CivilDate date = CivilDate.ofDay(day);
            assertThat(LocalDate.of(date.year(), date.month(), date.day())).isEqualTo(expected);
            assertThat(date.dayOfYear()).isEqualTo(expected.getDayOfYear());
            assertThat(date.weekday()).isEqualTo(expected.getDayOfWeek().getValue() % 7);
            assertThat(date.isoWeek()).as("%s", expected).isEqualTo(expected.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            assertThat(date.isoYear()).isEqualTo(expected.get(IsoFields.WEEK_BASED_YEAR));
        }
    }
}
