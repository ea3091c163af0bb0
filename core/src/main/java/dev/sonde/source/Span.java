package dev.sonde.source;

/**
 * A range of characters of one source; {@code end} is exclusive.
 *
 * @param source the text it is a part of
 * @param start index of the first character
 * @param end index after the last character
 */
public record Span(Source source, int start, int end) {
    public Span {
        if (start < 0 || end < start || end > source.text().length()) {
            throw new IllegalArgumentException(start + ".." + end + " of " + source.text().length());
        }
    }

    /** The smallest span that holds this and {@code other}, which must be of the same source; else this. */
    public Span to(Span other) {
        return other.source == source ? new Span(source, Math.min(start, other.start), Math.max(end, other.end)) : this;
    }

    /** The characters. */
    public String text() {
        return source.text().substring(start, end);
    }

    /** 1-based line of the start. */
    public int line() {
        return source.line(start);
    }

    /** 1-based column of the start. */
    public int column() {
        return source.column(start);
    }

    @Override
    public String toString() {
        return source.name() + ":" + line() + ":" + column();
    }
}
