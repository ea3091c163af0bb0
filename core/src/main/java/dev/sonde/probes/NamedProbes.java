package dev.sonde.probes;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/** Listed probes whose texts differ only in a name at their end. Each is made when it is got: there may be a hundred thousand. */
public final class NamedProbes extends AbstractList<ProbeKind.Listing> implements RandomAccess {
    private final String prefix;
    private final List<String> names;
    private final Function<String, List<String>> declarations;

    /** @param declarations gives the arguments of the probe of a name */
    NamedProbes(String prefix, List<String> names, Function<String, List<String>> declarations) {
        this.prefix = prefix;
        this.names = names;
        this.declarations = declarations;
    }

    /** What all texts begin with. */
    public String prefix() {
        return prefix;
    }

    /** What follows that. */
    public List<String> names() {
        return names;
    }

    @Override
    public ProbeKind.Listing get(int i) {
        String name = names.get(i);
        return new ProbeKind.Listing(prefix.concat(name), () -> declarations.apply(name));
    }

    @Override
    public int size() {
        return names.size();
    }
}
