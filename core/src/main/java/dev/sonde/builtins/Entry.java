package dev.sonde.builtins;

import dev.sonde.ir.Value;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds one entry of the table. */
final class Entry {
    private final String name;
    private final Builtin.Form form;
    private final List<String> signatures;
    private final List<Builtin.Trait> traits = new ArrayList<>();
    private List<String> aliases = List.of();
    private String documentation = "";
    private String example = "";
    private Builtin.Check check;
    private Builtin.Constant constant = Builtin.Constant.NONE;
    private Builtin.Members members = Builtin.Members.NONE;

    private Entry(String name, Builtin.Form form, String... signatures) {
        this.name = name;
        this.form = form;
        this.signatures = Arrays.asList(signatures);
    }

    static Entry value(String name, String... signatures) {
        return new Entry(name, Builtin.Form.VALUE, signatures);
    }

    static Entry function(String name, String... signatures) {
        return new Entry(name, Builtin.Form.FUNCTION, signatures);
    }

    static Entry both(String name, String... signatures) {
        return new Entry(name, Builtin.Form.BOTH, signatures);
    }

    static Entry aggregation(String name, String... signatures) {
        return new Entry(name, Builtin.Form.AGGREGATION, signatures);
    }

    Entry alias(String... names) {
        aliases = List.of(names);
        return this;
    }

    Entry doc(String text) {
        documentation = text;
        return this;
    }

    Entry example(String script) {
        example = script;
        return this;
    }

    Entry traits(Builtin.Trait... more) {
        traits.addAll(Arrays.asList(more));
        return this;
    }

    Entry pure() {
        return traits(Builtin.Trait.PURE);
    }

    Entry check(Builtin.Check how) {
        check = how;
        return this;
    }

    /** What it always is, when that is known before it runs. */
    Entry constant(Builtin.Constant how) {
        constant = how;
        return this;
    }

    /** Its fields. */
    Entry members(Builtin.Members how) {
        members = how;
        return this;
    }

    /** The finished entry. */
    Builtin lower(Builtin.Lower how) {
        return new Builtin(name, aliases, form, signatures, traits, documentation, example, check, constant, members, how);
    }

    /** The finished entry of something that is always decided when the script is compiled. */
    Builtin folds(Builtin.Constant how) {
        return traits(Builtin.Trait.COMPILE_TIME).constant(how).lower(l -> Value.constant(l.type(), how.of(l).orElse(0)));
    }

    /** The finished entry of a value without arguments that always has one type. */
    Builtin gives(Type type, Builtin.Lower how) {
        return check(c -> c.matches(0, 0) ? type : Type.NONE).lower(how);
    }
}
