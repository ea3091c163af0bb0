package dev.sonde.builtins;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Nearest;
import dev.sonde.source.Span;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.types.StackMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Gathers settings: first of a script's config blocks, then of the environment, which wins. */
public final class Configuration {
    private static final List<String> PREFIXES = List.of("BPFTRACE_", "SONDE_");

    /** Bytes that a program's stack has. */
    private static final int STACK = 512;

    private final Diagnostics diagnostics;
    private final String[] values = new String[ConfigItem.values().length];

    /** Mistakes go to {@code diagnostics}. */
    public Configuration(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Takes the items of a script's config blocks; of one key the last counts. */
    public void take(List<Script.ConfigItem> items) {
        for (Script.ConfigItem item : items) {
            String value = text(item.value());
            set(item.key(), value, item.span());
        }
    }

    /** Takes the variables that name an item; a {@code SONDE_} one wins over a {@code BPFTRACE_} one. */
    public void take(Map<String, String> environment) {
        for (String prefix : PREFIXES) {
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                if (variable.getKey().startsWith(prefix)) {
                    variable(variable.getKey().substring(prefix.length()).toLowerCase(Locale.ROOT), variable.getValue());
                }
            }
        }
    }

    /** Variables of unknown keys are somebody else's: they pass. */
    private void variable(String key, String value) {
        if (ConfigItem.find(key).isPresent() || !ConfigItem.renamed(key).isEmpty()) {
            set(key, value, null);
        }
    }

    private static String text(Expression value) {
        if (value instanceof Expression.IntegerLiteral number) {
            return Long.toString(number.value());
        }
        return value instanceof Expression.StringLiteral string ? string.value() : value.span().text();
    }

    /** A key may be written as the variable of the environment is. */
    private static String asKey(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        return lower.startsWith("bpftrace_") ? lower.substring("bpftrace_".length()) : lower;
    }

    private void set(String written, String value, Span span) {
        String key = asKey(written);
        String renamed = ConfigItem.renamed(key);
        if (!renamed.isEmpty()) {
            add(span, DiagnosticCode.DEPRECATED, key + " is called " + renamed + " now", "");
            set(renamed, key.startsWith("no_") ? opposite(value) : value, span);
            return;
        }
        if (ConfigItem.isRetired(key)) {
            add(span, DiagnosticCode.DEPRECATED, key + " has no effect any more", "");
            return;
        }
        ConfigItem.find(key).ifPresentOrElse(item -> set(item, value, span), () -> unknown(key, span));
    }

    private static String opposite(String flag) {
        return switch (flag) {
            case "1", "true" -> "false";
            case "0", "false" -> "true";
            default -> flag;
        };
    }

    private void set(ConfigItem item, String value, Span span) {
        Optional<String> taken = item.value(value);
        if (taken.isPresent()) {
            values[item.ordinal()] = taken.get();
        } else {
            add(span, DiagnosticCode.BAD_CONFIG, item.key() + " cannot be '" + value + "'", item.key() + " takes " + item.range());
        }
    }

    private void unknown(String key, Span span) {
        List<String> keys = new ArrayList<>();
        for (ConfigItem item : ConfigItem.values()) {
            keys.add(item.key());
        }
        String near = Nearest.to(key, keys);
        add(span, DiagnosticCode.BAD_CONFIG, "there is no config item '" + key + "'", near.isEmpty() ? "" : "Did you mean '" + near + "'?");
    }

    private void add(Span span, DiagnosticCode code, String message, String hint) {
        Diagnostic diagnostic = span == null ? Diagnostic.placeless(code, message) : Diagnostic.at(span, code, message);
        diagnostics.add(hint.isEmpty() ? diagnostic : diagnostic.hint(hint));
    }

    /**
     * The settings.
     *
     * @param unsafe {@code --unsafe}
     * @param childPid process id of the -c command, 0 without one
     * @param pid process id of -p or -c, -1 without one
     * @param reportHelperErrors {@code -k}
     */
    public Settings settings(boolean unsafe, int childPid, int pid, boolean reportHelperErrors) {
        return new Settings(options(), number(ConfigItem.MAX_STRLEN), number(ConfigItem.MAX_MAP_KEYS), number(ConfigItem.MAX_PROBES),
                number(ConfigItem.MAX_BPF_PROGS), Math.min(number(ConfigItem.ON_STACK_LIMIT), STACK), word(ConfigItem.LICENSE), unsafe, childPid,
                pid, reportHelperErrors, true).unwinding(Settings.Unwinding.valueOf(word(ConfigItem.STACK_UNWIND).toUpperCase(Locale.ROOT)));
    }

    private RunOptions options() {
        return new RunOptions(flag(ConfigItem.PRINT_MAPS_ON_EXIT), word(ConfigItem.STR_TRUNC_TRAILER), flag(ConfigItem.CPP_DEMANGLE),
                StackMode.valueOf(word(ConfigItem.STACK_MODE).toUpperCase(Locale.ROOT)), number(ConfigItem.MAX_CAT_BYTES),
                !word(ConfigItem.CACHE_USER_SYMBOLS).equals("NONE"), flag(ConfigItem.LAZY_SYMBOLICATION),
                RunOptions.MissingProbes.valueOf(word(ConfigItem.MISSING_PROBES).toUpperCase(Locale.ROOT)),
                powerOfTwo(ringPages()), number(ConfigItem.MAX_STRLEN));
    }

    private int ringPages() {
        int pages = number(ConfigItem.PERF_RB_PAGES);
        return pages == 0 ? Integer.decode(ConfigItem.PERF_RB_PAGES.initial()) : pages;
    }

    private static int powerOfTwo(int number) {
        return number == 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
    }

    private String word(ConfigItem item) {
        String value = values[item.ordinal()];
        return value == null ? item.initial() : value;
    }

    private int number(ConfigItem item) {
        return Integer.decode(word(item));
    }

    private boolean flag(ConfigItem item) {
        String value = word(item);
        return value.equals("true") || value.equals("1");
    }
}
