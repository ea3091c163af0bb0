package dev.sonde.output;

/**
 * A date of the Gregorian calendar.
 *
 * @param day of the month, from 1
 * @param dayOfYear from 1
 * @param weekday 0 is Sunday
 */
record CivilDate(int year, int month, int day, int dayOfYear, int weekday) {
    private static final int[] BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    /** The date {@code days} after 1970-01-01. */
    static CivilDate ofDay(long days) {
        int year = (int) (1970 + Math.floorDiv(days * 400, 146_097));
        while (firstDay(year + 1) <= days) {
            year++;
        }
        while (firstDay(year) > days) {
            year--;
        }
        int ofYear = (int) (days - firstDay(year));
        int month = 1;
        while (ofYear >= before(year, month + 1)) {
            month++;
        }
        return new CivilDate(year, month, ofYear - before(year, month) + 1, ofYear + 1, Math.floorMod(days + 4, 7));
    }

    private static boolean leap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Days from 1970-01-01 to January the first of {@code year}. */
    private static long firstDay(int year) {
        long past = year - 1L;
        return past * 365 + Math.floorDiv(past, 4) - Math.floorDiv(past, 100) + Math.floorDiv(past, 400) - 719_162;
    }

    private static int before(int year, int month) {
        return BEFORE_MONTH[month - 1] + (month > 2 && leap(year) ? 1 : 0);
    }

    /** Week of the year, counted from the first day {@code first} (0 Sunday, 1 Monday) on; 0 before it. */
    int weekOfYear(int first) {
        return (dayOfYear + 6 - Math.floorMod(weekday - first, 7)) / 7;
    }

    /** Week of the ISO 8601 year. */
    int isoWeek() {
        int thursday = isoThursday();
        if (thursday < 1) {
            return (thursday + yearLength(year - 1) - 1) / 7 + 1;
        }
        return thursday > yearLength(year) ? 1 : (thursday - 1) / 7 + 1;
    }

    /** Year that the ISO 8601 week is of. */
    int isoYear() {
        int thursday = isoThursday();
        return thursday < 1 ? year - 1 : thursday > yearLength(year) ? year + 1 : year;
    }

    /** The day of this year that is the Thursday of the same week; it decides the week's year. */
    private int isoThursday() {
        return dayOfYear + 3 - (weekday + 6) % 7;
    }

    private static int yearLength(int year) {
        return leap(year) ? 366 : 365;
    }
}
