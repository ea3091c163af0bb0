package dev.sonde.builtins;

import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Builtins that tell how the script was started: its config and its options. */
final class ScriptSettings {
    static final List<String> NAMES = List.of("config", ScriptOptions.GETOPT);

    private ScriptSettings() {}

    static Builtin of(String name) {
        return switch (name) {
            case "config" -> Entry.value(name, "config", "config.KEY").doc("The script's settings as a record.")
                    .example("begin { print(config.max_strlen); exit() }").traits(Builtin.Trait.COMPILE_TIME)
                    .members(ScriptSettings::member).check(ScriptSettings::checkConfig).lower(l -> TypeFunctions.record(l,
                            values(items(l.settings()))));
            case ScriptOptions.GETOPT -> Entry.function(name, "getopt(\"NAME\" [, default [, \"HELP\"]])")
                    .doc("The value of the script's option --NAME=value, given after --: of the default's kind, or whether it is given when "
                            + "there is no default.")
                    .example("begin { print(getopt(\"count\", 5, \"how many\")); exit() }").traits(Builtin.Trait.COMPILE_TIME)
                    .check(ScriptSettings::checkOption).constant(ScriptSettings::number).lower(ScriptSettings::lowerOption);
            default -> null;
        };
    }

    private record Item(String key, Value value) {}

    private static Type checkConfig(Checking call) {
        List<Item> items = items(call.settings());
        return new Type.Named(items.stream().map(Item::key).toList(), values(items).stream().map(Value::type).toList());
    }

    private static Optional<Value> member(Checking call, String name) {
        for (Item item : items(call.settings())) {
            if (item.key().equals(name)) {
                return Optional.of(item.value());
            }
        }
        return Optional.empty();
    }

    private static List<Value> values(List<Item> items) {
        return items.stream().map(Item::value).toList();
    }

    private static List<Item> items(Settings settings) {
        var options = settings.options();
        List<Item> items = new ArrayList<>();
        items.add(truth("cpp_demangle", options.demangle()));
        items.add(truth("lazy_symbolication", options.lazySymbolication()));
        items.add(truth("print_maps_on_exit", options.printMapsOnExit()));
        items.add(number("max_bpf_progs", settings.maxPrograms()));
        items.add(number("max_cat_bytes", options.maxCatBytes()));
        items.add(number("max_map_keys", settings.maxMapKeys()));
        items.add(number("max_probes", settings.maxProbes()));
        items.add(number("max_strlen", settings.maxStringLength()));
        items.add(number("on_stack_limit", settings.onStackLimit()));
        items.add(number("perf_rb_pages", options.ringPages()));
        items.add(text("str_trunc_trailer", options.truncationTrailer()));
        items.add(text("missing_probes", options.missingProbes().name().toLowerCase(Locale.ROOT)));
        items.add(text("stack_mode", options.stackMode().word()));
        items.add(text("stack_unwind", settings.unwinding().word()));
        items.add(text("license", settings.license()));
        return items;
    }

    private static Item truth(String key, boolean value) {
        return new Item(key, Value.constant(Type.BOOL, value ? 1 : 0));
    }

    private static Item number(String key, long value) {
        return new Item(key, Value.constant(Type.UINT64, value));
    }

    private static Item text(String key, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new Item(key, new Value.Literal(new Type.Text(bytes.length + 1), bytes));
    }

    private static Type checkOption(Checking call) {
        if (!call.arguments(1, 3)) {
            return Type.NONE;
        }
        if (call.text(0).isEmpty()) {
            return call.fail(call.span(0), DiagnosticCode.NOT_CONSTANT, "First argument to 'getopt' must be a string literal.");
        }
        if (call.count() == 3 && call.text(2).isEmpty()) {
            return call.fail(call.span(2), DiagnosticCode.NOT_CONSTANT, "Third argument to 'getopt' must be a string literal.");
        }
        Type type = kind(call);
        String given = call.option(call.text(0).get()).orElse(null);
        if (type == Type.NONE) {
            return call.fail(call.span(1), DiagnosticCode.NOT_CONSTANT,
                    "Second argument to 'getopt' must be a string literal, integer literal, or a boolean literal.");
        }
        if (type instanceof Type.Text || given == null || number(call).isPresent()) {
            return type;
        }
        String wanted = type instanceof Type.Bool ? " expects a boolean (e.g. 'true')" : given.isEmpty() ? " expects an integer" : " invalid integer";
        return call.fail(call.span(), DiagnosticCode.BAD_PARAMETER, "program command line option --" + call.text(0).get() + wanted + " (value: "
                + (given.isEmpty() ? "true" : given) + ")");
    }

    /** The type of the option, as its default has it. */
    private static Type kind(Checking call) {
        if (call.count() == 1 || call.argument(1) instanceof Expression.Argument.Value(Expression.BooleanLiteral _)) {
            return Type.BOOL;
        }
        if (call.constant(1).isPresent()) {
            return Type.INT64;
        }
        return call.text(1).isPresent() ? new Type.Text(text(call).getBytes(StandardCharsets.UTF_8).length + 1) : Type.NONE;
    }

    private static String text(Checking call) {
        return call.option(call.text(0).orElse("")).orElseGet(() -> call.text(1).orElse(""));
    }

    /** The value of an option that is a number or a truth; empty when what was given is none. */
    private static OptionalLong number(Checking call) {
        Type type = kind(call);
        if (!type.isInteger()) {
            return OptionalLong.empty();
        }
        Optional<String> given = call.option(call.text(0).orElse(""));
        if (given.isEmpty()) {
            return call.count() == 1 ? OptionalLong.of(0) : call.constant(1);
        }
        return type instanceof Type.Bool ? truth(given.get()) : ScriptOptions.number(given.get());
    }

    private static OptionalLong truth(String text) {
        return switch (text) {
            case "", "true", "1" -> OptionalLong.of(1);
            case "false", "0" -> OptionalLong.of(0);
            default -> OptionalLong.empty();
        };
    }

    private static Value lowerOption(Lowering call) {
        return call.type() instanceof Type.Text ? new Value.Literal(call.type(), text(call).getBytes(StandardCharsets.UTF_8))
                : Value.constant(call.type(), number(call).orElse(0));
    }
}
