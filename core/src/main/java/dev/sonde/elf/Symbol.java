package dev.sonde.elf;

/**
 * One symbol (gABI "Symbol Table").
 *
 * @param name name without its version; mangled as in the file
 * @param version {@code "@@VERSION"} for the default version of a dynamic symbol, {@code "@VERSION"} for another or a wanted one, else empty
 * @param value virtual address; for {@link Type#STT_TLS} an offset in the thread's block
 * @param size bytes, 0 when unknown (hand-written assembly)
 * @param type what the symbol stands for
 * @param binding visibility while linking
 * @param section index of the section it is in, 0 when undefined, or a reserved {@code SHN_*}
 */
public record Symbol(String name, String version, long value, long size, Type type, Binding binding, int section) {
    public static final int SHN_UNDEF = 0;
    public static final int SHN_ABS = 0xfff1;
    public static final int SHN_COMMON = 0xfff2;

    /** Kinds of symbol, in the order of their numbers (gABI "st_info"; {@code STT_GNU_IFUNC} is GNU's 10). */
    public enum Type {
        STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION, STT_FILE, STT_COMMON, STT_TLS, STT_GNU_IFUNC, STT_UNKNOWN;

        static Type of(int number) {
            return switch (number) {
                case 0 -> STT_NOTYPE;
                case 1 -> STT_OBJECT;
                case 2 -> STT_FUNC;
                case 3 -> STT_SECTION;
                case 4 -> STT_FILE;
                case 5 -> STT_COMMON;
                case 6 -> STT_TLS;
                case 10 -> STT_GNU_IFUNC;
                default -> STT_UNKNOWN;
            };
        }
    }

    /** Bindings ({@code STB_GNU_UNIQUE} is GNU's 10). */
    public enum Binding {
        STB_LOCAL, STB_GLOBAL, STB_WEAK, STB_GNU_UNIQUE, STB_UNKNOWN;

        static Binding of(int number) {
            return switch (number) {
                case 0 -> STB_LOCAL;
                case 1 -> STB_GLOBAL;
                case 2 -> STB_WEAK;
                case 10 -> STB_GNU_UNIQUE;
                default -> STB_UNKNOWN;
            };
        }
    }

    /** Whether the symbol is code: {@code STT_FUNC} or {@code STT_GNU_IFUNC}. */
    public boolean isFunction() {
        return type == Type.STT_FUNC || type == Type.STT_GNU_IFUNC;
    }

    /** Whether the symbol is defined in this file. */
    public boolean isDefined() {
        return section != SHN_UNDEF;
    }

    /** The name with its version, as {@code readelf} prints it. */
    public String versionedName() {
        return name + version;
    }
}
