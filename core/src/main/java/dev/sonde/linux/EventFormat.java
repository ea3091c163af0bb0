package dev.sonde.linux;

import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the {@code format} file of a tracepoint (Documentation/trace/events.rst, "Event formats").
 *
 * <pre>
 * name: NAME
 * ID: NUMBER
 * format:
 * TAB field:DECLARATION; TAB offset:N; TAB size:N; TAB signed:0|1;
 * </pre>
 */
final class EventFormat {
    private static final String FIELD = "field:";

    private EventFormat() {
    }

    /** The format; empty when the text has no id. Lines that are no fields are passed over. */
    static Optional<TracepointFormat> parse(TracepointName name, String text) {
        List<TracepointFormat.Field> fields = new ArrayList<>();
        long id = -1;
        Lines lines = new Lines(text);
        for (String line = lines.next(); line != null; line = lines.next()) {
            int field = line.indexOf(FIELD);
            if (line.startsWith("ID: ")) {
                id = number(line, 4);
            } else if (field >= 0 && line.substring(0, field).isBlank()) {
                field(line, field + FIELD.length(), fields);
            } else if (line.startsWith("print fmt:")) {
                break;
            }
        }
        return id < 0 ? Optional.empty() : Optional.of(new TracepointFormat(name, id, fields));
    }

    private static void field(String line, int start, List<TracepointFormat.Field> fields) {
        int end = line.indexOf(';', start);
        int offset = number(line, "offset:", end);
        int size = number(line, "size:", end);
        if (end < 0 || offset < 0 || size < 0) {
            return;
        }
        String declaration = line.substring(start, end).trim();
        int bracket = arrayStart(declaration);
        int nameEnd = bracket < 0 ? declaration.length() : bracket;
        int nameStart = nameStart(declaration, nameEnd);
        String type = declaration.substring(0, nameStart).trim();
        String name = declaration.substring(nameStart, nameEnd).trim();
        int count = bracket < 0 ? 0 : count(declaration.substring(bracket), type, size);
        boolean signed = number(line, "signed:", end) == 1;
        fields.add(new TracepointFormat.Field(type, name, count, offset, size, signed, dynamic(type)));
    }

    /** Where the brackets after the name begin, -1 when there are none: those of {@code char[] name} belong to the type. */
    private static int arrayStart(String declaration) {
        return declaration.endsWith("]") ? declaration.indexOf('[', lastSpaceOutside(declaration)) : -1;
    }

    /** The last blank that is in no brackets: some events write {@code name[6 + 1]}. */
    private static int lastSpaceOutside(String declaration) {
        int depth = 0;
        for (int i = declaration.length() - 1; i >= 0; i--) {
            char c = declaration.charAt(i);
            depth += c == ']' ? 1 : c == '[' ? -1 : 0;
            if (depth == 0 && c == ' ') {
                return i;
            }
        }
        return 0;
    }

    private static int nameStart(String declaration, int nameEnd) {
        int at = nameEnd;
        while (at > 0 && Character.isJavaIdentifierPart(declaration.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static TracepointFormat.Dynamic dynamic(String type) {
        if (type.startsWith("__data_loc ")) {
            return TracepointFormat.Dynamic.DATA_LOC;
        }
        return type.startsWith("__rel_loc ") ? TracepointFormat.Dynamic.REL_LOC : TracepointFormat.Dynamic.NONE;
    }

    /** The product of the brackets; where one holds a name such as TASK_COMM_LEN, as many elements as the size has room for. */
    private static int count(String brackets, String type, int size) {
        int product = 1;
        for (int open = 0; open >= 0; open = brackets.indexOf('[', open + 1)) {
            int close = brackets.indexOf(']', open);
            int length = (int) number(brackets, open + 1);
            if (length < 0 || close < 0 || !brackets.substring(open + 1, close).trim().equals(Integer.toString(length))) {
                return size / elementSize(type);
            }
            product = (int) Math.min(Integer.MAX_VALUE, (long) product * length);
        }
        return product;
    }

    private static int elementSize(String type) {
        String last = type.substring(type.lastIndexOf(' ') + 1);
        return switch (last) {
            case "short", "u16", "s16", "__u16", "__s16", "__be16", "__le16", "uint16_t", "int16_t" -> 2;
            case "int", "unsigned", "u32", "s32", "__u32", "__s32", "__be32", "__le32", "uint32_t", "int32_t" -> 4;
            case "long", "u64", "s64", "__u64", "__s64", "__be64", "__le64", "uint64_t", "int64_t", "size_t", "*" -> 8;
            default -> 1;
        };
    }

    private static int number(String line, String key, int from) {
        int at = from < 0 ? -1 : line.indexOf(key, from);
        return at < 0 ? -1 : (int) number(line, at + key.length());
    }

    /** The decimal number at {@code start}, up to 2^31 - 1; -1 when there is none. */
    private static long number(String text, int start) {
        long value = -1;
        for (int i = start; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            value = Math.min(Integer.MAX_VALUE, Math.max(0, value) * 10 + text.charAt(i) - '0');
        }
        return value;
    }
}
