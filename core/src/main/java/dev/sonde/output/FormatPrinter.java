package dev.sonde.output;

import dev.sonde.spec.EventSpec;
import dev.sonde.spec.Format;
import dev.sonde.types.Type;
import java.util.List;

/**
 * Prints records by one printf format; made once for an event. What depends on the format and the types is settled when it is made.
 *
 * <p>As bpftrace has it: an integer without a length prints its low 32 bits, a precision is ignored, {@code 0} fills with zeros on whatever side the
 * width asks for, also between sign and margin, and the width of a value in brackets counts for its opening bracket.
 */
public final class FormatPrinter {
    private static final byte[] NONE = {};

    private final Slot[] slots;
    private final byte[] tail;
    private final ValueText values;

    FormatPrinter(Format format, List<EventSpec.Field> arguments, ValueText values) {
        this.values = values;
        slots = new Slot[Math.min(format.arguments(), arguments.size())];
        byte[] text = NONE;
        int count = 0;
        for (Format.Piece piece : format.pieces()) {
            switch (piece) {
                case Format.Piece.Literal(String literal) -> text = TextBuffer.ascii(literal);
                case Format.Piece.Conversion conversion -> {
                    if (count < slots.length) {
                        slots[count] = new Slot(text, conversion, arguments.get(count));
                        count++;
                    }
                    text = NONE;
                }
            }
        }
        tail = text;
    }

    /** Adds the line that the record in {@code b} makes. */
    void write(TextBuffer out, byte[] b) {
        for (Slot slot : slots) {
            out.put(slot.before);
            if (slot.width <= 0) {
                slot.write(out, b, values);
            } else {
                int start = out.length();
                slot.write(out, b, values);
                slot.pad(out, start);
            }
        }
        out.put(tail);
    }

    /** How an argument is written. */
    private enum Way {
        SIGNED, UNSIGNED, OCTAL, HEX, UPPER_HEX, CHARACTER, POINTER, TEXT, VALUE, BUFFER, BUFFER_ESCAPED, BUFFER_DIGITS, GFP
    }

    /** A conversion with its argument and the text before it. */
    private static final class Slot {
        final byte[] before;
        final int width;
        private final boolean left;
        private final boolean plus;
        private final boolean base;
        private final char fill;
        private final int bits;
        private final Way way;
        private final Type type;
        private final int offset;
        private final int size;
        private final boolean signed;

        Slot(byte[] before, Format.Piece.Conversion conversion, EventSpec.Field field) {
            this.before = before;
            width = conversion.width();
            left = conversion.flags().indexOf('-') >= 0;
            plus = conversion.flags().indexOf('+') >= 0;
            base = conversion.flags().indexOf('#') >= 0;
            fill = conversion.flags().indexOf('0') >= 0 ? '0' : ' ';
            bits = bits(conversion.length());
            type = field.type();
            offset = field.offset();
            size = type.isScalar() ? type.size() : 8;
            signed = type.isSigned();
            way = way(conversion.conversion(), type);
        }

        private static int bits(String length) {
            return switch (length) {
                case "" -> 32;
                case "h" -> 16;
                case "hh" -> 8;
                default -> 64;
            };
        }

        private static Way way(char conversion, Type type) {
            return switch (conversion) {
                case 'd', 'i' -> Way.SIGNED;
                case 'u' -> Way.UNSIGNED;
                case 'o' -> Way.OCTAL;
                case 'x' -> Way.HEX;
                case 'X' -> Way.UPPER_HEX;
                case 'c' -> Way.CHARACTER;
                case 'p' -> Way.POINTER;
                case 'g' -> Way.GFP;
                case 'R' -> isBytes(type) ? Way.BUFFER_ESCAPED : Way.VALUE;
                case 'H' -> isBytes(type) ? Way.BUFFER_DIGITS : Way.VALUE;
                case 'r' -> isBytes(type) ? Way.BUFFER : Way.VALUE;
                default -> type instanceof Type.Text ? Way.TEXT : Way.VALUE;
            };
        }

        private static boolean isBytes(Type type) {
            return type instanceof Type.Buffer || type instanceof Type.Text;
        }

        private int bytesAt() {
            return type instanceof Type.Buffer ? offset + 4 : offset;
        }

        private int bytesLength(byte[] b) {
            return type instanceof Type.Buffer(int capacity) ? BufferText.length(b, offset, capacity)
                    : LittleEndian.textLength(b, offset, type.size());
        }

        void write(TextBuffer out, byte[] b, ValueText values) {
            switch (way) {
                case SIGNED -> signed(out, number(b) << 64 - bits >> 64 - bits);
                case UNSIGNED -> out.unsigned(low(b));
                case OCTAL -> octal(out, low(b));
                case HEX -> hex(out, low(b));
                case UPPER_HEX -> upperHex(out, low(b));
                case CHARACTER -> out.put((int) number(b));
                case POINTER -> pointer(out, number(b));
                case TEXT -> values.text(out, b, offset, type.size());
                case VALUE -> value(out, b, values);
                case BUFFER -> BufferText.plain(out, b, bytesAt(), bytesLength(b));
                case BUFFER_ESCAPED -> BufferText.escaped(out, b, bytesAt(), bytesLength(b));
                case BUFFER_DIGITS -> BufferText.digits(out, b, bytesAt(), bytesLength(b));
                case GFP -> GfpFlags.write(out, number(b));
            }
        }

        private long number(byte[] b) {
            return LittleEndian.integer(b, offset, size, signed);
        }

        private long low(byte[] b) {
            return number(b) << 64 - bits >>> 64 - bits;
        }

        private void signed(TextBuffer out, long value) {
            if (plus && value >= 0) {
                out.put('+');
            }
            out.decimal(value);
        }

        private void octal(TextBuffer out, long value) {
            if (base && value != 0) {
                out.put('0');
            }
            out.octal(value);
        }

        private void hex(TextBuffer out, long value) {
            if (base && value != 0) {
                out.put('0').put('x');
            }
            out.hex(value);
        }

        private void upperHex(TextBuffer out, long value) {
            if (base && value != 0) {
                out.put('0').put('X');
            }
            out.upperHex(value);
        }

        private static void pointer(TextBuffer out, long value) {
            if (value == 0) {
                out.put('0');
            } else {
                out.put('0').put('x').hex(value);
            }
        }

        private void value(TextBuffer out, byte[] b, ValueText values) {
            values.plus(plus);
            values.write(out, type, b, offset);
            values.plus(false);
        }

        void pad(TextBuffer out, int start) {
            int bracket = way == Way.VALUE ? bracket(out, start) : 0;
            if (bracket == 0) {
                out.pad(start, width, left, fill);
            } else {
                out.shift(left ? start + bracket : start, width - bracket, fill);
            }
        }

        /** Bytes of the opening bracket of a value in brackets, 0 for other values. */
        private int bracket(TextBuffer out, int start) {
            return switch (type) {
                case Type.Array _, Type.Tuple _ -> 1;
                case Type.Struct _, Type.Named _ -> Math.min(2, out.length() - start);
                case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Inet _,
                        Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.Stack _,
                        Type.SiteName _, Type.Aggregate _ -> 0;
            };
        }
    }
}
