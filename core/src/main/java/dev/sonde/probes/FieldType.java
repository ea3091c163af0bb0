package dev.sonde.probes;

import dev.sonde.target.TracepointFormat;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The script type of a tracepoint's field from its C type as the format file spells it. The kernel's own types are asked only for names that are not
 * among the common ones.
 */
final class FieldType {
    private final KernelTypes kernelTypes;
    private final AddressSpace space;
    private final TracepointFormat.Field field;

    private FieldType(KernelTypes kernelTypes, AddressSpace space, TracepointFormat.Field field) {
        this.kernelTypes = kernelTypes;
        this.space = space;
        this.field = field;
    }

    /** Where and what {@code field} is; pointers point into {@code space}. Empty for an array of unknown length at the record's end. */
    static Optional<ProbeContext.Source> source(TracepointFormat.Field field, AddressSpace space, KernelTypes kernelTypes) {
        return new FieldType(kernelTypes, space, field).source();
    }

    private Optional<ProbeContext.Source> source() {
        List<String> words = words(field.type());
        if (field.dynamic() != TracepointFormat.Dynamic.NONE) {
            words.removeFirst();
            var target = new Type.Pointer(type(words, true), AddressSpace.KERNEL);
            return Optional.of(new ProbeContext.Source.DataLocation(target, field.offset(), field.dynamic() == TracepointFormat.Dynamic.REL_LOC));
        }
        if (field.size() == 0) {
            return Optional.empty();
        }
        return Optional.of(field.count() > 0 ? array(words) : scalar(type(words, false)));
    }

    private ProbeContext.Source array(List<String> words) {
        Type element = type(words, true);
        boolean text = words.contains("char") && words.size() == 1;
        int size = Math.max(1, element.size());
        Type type = text ? new Type.Text(field.size()) : new Type.Array(element, field.size() / size);
        return new ProbeContext.Source.Inline(type, field.offset());
    }

    /** A value as wide as its C type, or as the field when that is narrower: an {@code int} of a system call lies in a slot of 8 bytes. */
    private ProbeContext.Source scalar(Type type) {
        if (type instanceof Type.Struct || type instanceof Type.Array || type instanceof Type.Text) {
            return new ProbeContext.Source.Inline(type, field.offset());
        }
        int width = Math.min(field.size(), type.size());
        boolean signed = type.isSigned();
        return new ProbeContext.Source.Slot(width == type.size() ? type : narrowed(type, width), field.offset(), width, signed);
    }

    private static Type narrowed(Type type, int width) {
        return type instanceof Type.Enumeration(String name, _, boolean signed, var names) ? new Type.Enumeration(name, width, signed, names)
                : new Type.Int(width, type.isSigned());
    }

    /** The words of a C type, a star each a word of its own, without qualifiers and brackets. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            if (Character.isJavaIdentifierPart(c)) {
                continue;
            }
            add(words, text.substring(start, i));
            start = i + 1;
            if (c == '*') {
                words.add("*");
            }
        }
        return words;
    }

    private static void add(List<String> words, String word) {
        switch (word) {
            case "", "const", "volatile", "restrict", "__rcu", "__percpu", "__seg_gs", "__iomem" -> { }
            default -> words.add(word);
        }
    }

    /** The type that the words spell; as an {@code element} its size is not the field's. */
    private Type type(List<String> words, boolean element) {
        if (!words.isEmpty() && words.getLast().equals("*")) {
            List<String> target = new ArrayList<>(words.subList(0, words.size() - 1));
            AddressSpace pointed = target.remove("__user") ? AddressSpace.USER : space;
            return new Type.Pointer(type(target, true), pointed);
        }
        return switch (words.size()) {
            case 0 -> Type.VOID;
            case 1 -> named(words.getFirst(), element);
            default -> switch (words.getFirst()) {
                case "struct", "union" -> kernelTypes.struct(words.get(0), words.get(1)).orElseGet(() -> unknown(element));
                case "enum" -> kernelTypes.enumeration(words.get(1)).orElseGet(() -> unknown(element));
                default -> integer(words);
            };
        };
    }

    private static Type integer(List<String> words) {
        boolean signed = !words.contains("unsigned");
        int size = words.contains("char") ? 1 : words.contains("short") ? 2 : words.contains("long") ? 8 : 4;
        return new Type.Int(size, signed);
    }

    private Type named(String name, boolean element) {
        return switch (name) {
            case "void" -> Type.VOID;
            case "bool", "_Bool" -> Type.BOOL;
            // The kernel's own char has no sign since 6.2.
            case "char" -> element ? Type.UINT8 : new Type.Int(1, field.signed());
            case "u8", "__u8", "uint8_t" -> Type.UINT8;
            case "s8", "__s8", "int8_t" -> Type.INT8;
            case "u16", "__u16", "uint16_t", "umode_t", "__be16", "__le16" -> Type.UINT16;
            case "s16", "__s16", "int16_t", "short" -> new Type.Int(2, true);
            case "u32", "__u32", "uint32_t", "unsigned", "uint", "uid_t", "gid_t", "dev_t", "gfp_t", "__be32", "__le32" -> Type.UINT32;
            case "s32", "__s32", "int32_t", "int", "pid_t", "clockid_t" -> Type.INT32;
            case "u64", "__u64", "uint64_t", "size_t", "ino_t", "sector_t", "__be64", "__le64", "aio_context_t" -> Type.UINT64;
            case "s64", "__s64", "int64_t", "long", "loff_t", "off_t", "ssize_t" -> Type.INT64;
            default -> kernelTypes.named(name).filter(t -> t.size() > 0).orElseGet(() -> unknown(element));
        };
    }

    /** What is known of a type that only its field tells about. */
    private Type unknown(boolean element) {
        if (element) {
            return Type.VOID;
        }
        return switch (field.size()) {
            case 1, 2, 4, 8 -> new Type.Int(field.size(), field.signed());
            default -> new Type.Array(Type.UINT8, field.size());
        };
    }
}
