package dev.sonde.target;

/** A tracepoint: {@code category:event}. */
public record TracepointName(String category, String event) implements Comparable<TracepointName> {
    @Override
    public int compareTo(TracepointName other) {
        int byCategory = category.compareTo(other.category);
        return byCategory != 0 ? byCategory : event.compareTo(other.event);
    }

    @Override
    public String toString() {
        return category + ":" + event;
    }
}
