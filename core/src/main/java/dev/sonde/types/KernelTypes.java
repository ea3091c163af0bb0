package dev.sonde.types;

import dev.sonde.btf.Btf;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The kernel's types as script types. BTF is opened at the first question, so a script that names no kernel type pays nothing.
 */
public final class KernelTypes {
    private final Supplier<Optional<Btf>> source;
    private final Optional<KernelTypes> base;
    private Optional<Btf> btf;
    private Optional<GraphTypes> types;

    /** Types of the BTF that {@code source} gives; it is asked at most once. */
    public KernelTypes(Supplier<Optional<Btf>> source) {
        this(source, Optional.empty());
    }

    private KernelTypes(Supplier<Optional<Btf>> source, Optional<KernelTypes> base) {
        this.source = source;
        this.base = base;
    }

    /** Types of a module's BTF, whose base is this one's: what both know is the same type in both. */
    public KernelTypes withModule(Btf module) {
        return new KernelTypes(() -> Optional.of(module), Optional.of(this));
    }

    /** The BTF below, when the kernel has it. */
    public Optional<Btf> btf() {
        if (btf == null) {
            btf = source.get();
        }
        return btf;
    }

    private Optional<GraphTypes> types() {
        if (types == null) {
            types = btf().map(b -> new GraphTypes(b, AddressSpace.KERNEL));
        }
        return types;
    }

    /** The struct or union of that name; {@code tag} is the keyword. */
    public Optional<Type> struct(String tag, String name) {
        return types().flatMap(t -> t.struct(tag, name));
    }

    /** The enum of that name. */
    public Optional<Type> enumeration(String name) {
        return types().flatMap(t -> t.enumeration(name));
    }

    /** The typedef or base type of that name. */
    public Optional<Type> named(String name) {
        return types().flatMap(t -> t.named(name));
    }

    /** The value of an enumerator of any enum. */
    public OptionalLong enumerator(String name) {
        return types().map(t -> t.enumerator(name)).orElse(OptionalLong.empty());
    }

    /** The enum type that an enumerator belongs to. */
    public Optional<Type> enumOf(String enumerator) {
        return types().flatMap(t -> t.enumOf(enumerator));
    }

    /** The type of that BTF id. */
    public Type of(int id) {
        boolean ofBase = base.isPresent() && id < base.get().btf().orElseThrow().typeCount();
        return ofBase ? base.get().of(id) : types().orElseThrow().of(id);
    }
}
