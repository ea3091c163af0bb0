package dev.sonde.builtins;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code config = { … }} and the {@code BPFTRACE_…} or {@code SONDE_…} variables set. A key is written in small letters in a script and in
 * capitals in the environment, which wins.
 */
public enum ConfigItem {
    CACHE_USER_SYMBOLS("PER_PROGRAM", Form.SWITCH, "Whether the symbols of a program are kept while tracing. NONE reads them anew for every stack.",
            "PER_PID", "PER_PROGRAM", "NONE"),
    CPP_DEMANGLE("true", Form.FLAG, "Whether C++ and Rust names in user stacks are shown as they are written in the source."),
    LAZY_SYMBOLICATION("true", Form.FLAG, "Whether user symbols are resolved when they are printed, not when a process is first seen."),
    LICENSE("GPL", Form.WORD, "The licence that programs are loaded with. Most helpers need one compatible with the GPL.",
            "GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"),
    LOG_SIZE("1000000", Form.NUMBER, 0, Integer.MAX_VALUE, "Accepted for bpftrace's sake: the verifier's log has the room that it needs."),
    MAX_BPF_PROGS("1024", Form.NUMBER, 1, Integer.MAX_VALUE, "How many programs a script may load."),
    MAX_CAT_BYTES("10240", Form.NUMBER, 0, 1 << 30, "How many bytes of a file cat() prints."),
    MAX_MAP_KEYS("4096", Form.NUMBER, 1, Integer.MAX_VALUE, "How many entries a map holds that declares no size."),
    MAX_PROBES("1024", Form.NUMBER, 1, Integer.MAX_VALUE, "How many places a script may attach to."),
    MAX_STRLEN("1024", Form.NUMBER, 1, 1 << 20, "Bytes of a string that is read from memory, with its final NUL."),
    MISSING_PROBES("error", Form.WORD, "What it means that one of several places cannot be attached to.", "error", "warn", "ignore"),
    ON_STACK_LIMIT("32", Form.NUMBER, 0, Integer.MAX_VALUE,
            "Bytes above which a temporary value is not kept on the stack of the program, which has 512."),
    PERF_RB_PAGES("4096", Form.NUMBER, 0, 1 << 19, "Pages of the buffer that events come through, rounded up to a power of two; 0 is the default."),
    PRINT_MAPS_ON_EXIT("true", Form.FLAG, "Whether all maps are printed at the end."),
    SHOW_DEBUG_INFO("false", Form.FLAG, "Accepted for bpftrace's sake; it has no effect."),
    STACK_MODE("bpftrace", Form.WORD, "How stacks are written.", "bpftrace", "perf", "raw", "build_id"),
    STACK_UNWIND("auto", Form.WORD, "How ustack walks user stacks: by frame pointers or by the unwind tables of programs. auto is fp.",
            "auto", "fp", "dwarf"),
    STR_TRUNC_TRAILER("..", Form.TEXT, "What ends a string that was cut."),
    USE_BLAZESYM("true", Form.FLAG, "Accepted for bpftrace's sake; it has no effect."),
    UNSTABLE_DW_USTACK("enable", Form.SWITCH, "Accepted for bpftrace's sake; it has no effect.", Form.UNSTABLE),
    UNSTABLE_IMPORT_STATEMENT("enable", Form.SWITCH, "Accepted for bpftrace's sake; it has no effect.", Form.UNSTABLE),
    UNSTABLE_TSERIES("enable", Form.SWITCH, "Accepted for bpftrace's sake; it has no effect.", Form.UNSTABLE),
    UNSTABLE_TYPEINFO("enable", Form.SWITCH, "Accepted for bpftrace's sake; it has no effect.", Form.UNSTABLE);

    /** What a value looks like. */
    public enum Form {
        NUMBER, FLAG, WORD,
        /** A word; as it once was a truth, that stands for its first word or its last one. */
        SWITCH,
        TEXT;

        private static final String[] UNSTABLE = {"enable", "warn", "error"};
    }

    private static final List<String> TRUTHS = List.of("1", "true", "0", "false");
    private static final String[][] RENAMED = {
        {"strlen", "max_strlen"}, {"no_cpp_demangle", "cpp_demangle"}, {"cat_bytes_max", "max_cat_bytes"}, {"map_keys_max", "max_map_keys"}};
    private static final List<String> RETIRED =
            List.of("symbol_source", "unstable_macro", "unstable_addr", "unstable_import", "unstable_map_decl");

    private final String initial;
    private final Form form;
    private final String documentation;
    private final long least;
    private final long most;
    private final List<String> words;

    ConfigItem(String initial, Form form, String documentation, String... words) {
        this.initial = initial;
        this.form = form;
        this.documentation = documentation;
        this.least = 0;
        this.most = 0;
        this.words = List.of(words);
    }

    ConfigItem(String initial, Form form, long least, long most, String documentation) {
        this.initial = initial;
        this.form = form;
        this.documentation = documentation;
        this.least = least;
        this.most = most;
        this.words = List.of();
    }

    /** The item of that key, in small letters. */
    public static Optional<ConfigItem> find(String key) {
        for (ConfigItem item : values()) {
            if (item.key().equals(key)) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    /** The key that a renamed one has now; empty for any other. */
    static String renamed(String key) {
        for (String[] pair : RENAMED) {
            if (pair[0].equals(key)) {
                return pair[1];
            }
        }
        return "";
    }

    /** Whether the key had a meaning once and has none any more. */
    static boolean isRetired(String key) {
        return RETIRED.contains(key);
    }

    /** Its key in a script. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its value when nothing sets it. */
    public String initial() {
        return initial;
    }

    /** What a value looks like. */
    public Form form() {
        return form;
    }

    /** What it does. */
    public String documentation() {
        return documentation;
    }

    /** The values it takes, in words. */
    public String range() {
        return switch (form) {
            case NUMBER -> "a number from " + least + " to " + most;
            case FLAG -> "true, false, 1 or 0";
            case TEXT -> "a string";
            case WORD, SWITCH -> String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
        };
    }

    /** The value that {@code written} sets; empty when it takes no such value. */
    Optional<String> value(String written) {
        return switch (form) {
            case NUMBER -> Optional.of(written.equals("true") ? "1" : written).filter(this::inRange);
            case FLAG -> Optional.of(written).filter(TRUTHS::contains);
            case TEXT -> Optional.of(written);
            case WORD -> word(written);
            case SWITCH -> TRUTHS.contains(written) ? Optional.of(TRUTHS.indexOf(written) < 2 ? words.getFirst() : words.getLast()) : word(written);
        };
    }

    private Optional<String> word(String written) {
        for (String word : words) {
            if (word.equalsIgnoreCase(written)) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    private boolean inRange(String value) {
        try {
            long number = Long.decode(value);
            return number >= least && number <= most;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
