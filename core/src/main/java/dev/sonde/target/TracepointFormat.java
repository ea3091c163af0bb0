package dev.sonde.target;

import java.util.List;
import java.util.Optional;

/**
 * The format file of a tracepoint (Documentation/trace/events.rst).
 *
 * @param name its name
 * @param id the number that perf_event_open takes
 * @param fields the fields in order, the common ones included
 */
public record TracepointFormat(TracepointName name, long id, List<Field> fields) {
    public TracepointFormat {
        fields = List.copyOf(fields);
    }

    /**
     * One field.
     *
     * @param type the C type as written, without array brackets: {@code const char *}, {@code __data_loc char[]} stays whole
     * @param name its name
     * @param count array length, 0 when it is no array
     * @param offset bytes from the start of the record
     * @param size bytes, of the whole array
     * @param signed as the file says
     * @param dynamic {@code __data_loc} or {@code __rel_loc}: 4 bytes of offset (low half) and length (high half) of data elsewhere in the record
     */
    public record Field(String type, String name, int count, int offset, int size, boolean signed, Dynamic dynamic) {}

    /** Where a field's data is. */
    public enum Dynamic {
        /** In the field itself. */
        NONE,
        /** {@code __data_loc}: offset from the start of the record. */
        DATA_LOC,
        /** {@code __rel_loc}: offset from the end of the field. */
        REL_LOC
    }

    /** The field of that name. */
    public Optional<Field> field(String wanted) {
        for (Field field : fields) {
            if (field.name().equals(wanted)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }
}
