package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.syntax.Script;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One kind of probe. A kind is a value without state; it makes no system call. */
public sealed interface ProbeKind permits SelfKind, SignalKind, TestKind, TracepointKind, RawTracepointKind, UprobeKind, UsdtKind, TimerKind,
        SoftwareKind,
        HardwareKind, KprobeKind, FentryKind, WatchpointKind, IteratorKind {
    /** The names it goes by in an attach point, the canonical one first; compared without case. */
    List<String> names();

    /** How it is written, for the reference: {@code uprobe:BINARY:FUNCTION[+OFFSET]}. */
    List<String> forms();

    /** What it is, in one or two sentences. */
    String documentation();

    /** A script that runs as it stands, for the reference. */
    String example();

    /** The first kernel version that has it. */
    String since();

    /**
     * The places that an attach point names, in groups that can share a program. A mistake is added to the binding's diagnostics and gives an empty
     * list. {@code parts} are the attach point's parts after the kind, with parameters and environment already replaced.
     */
    List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding);

    /** What {@code -l} prints for a pattern of this kind: full attach points, sorted. */
    List<Listing> list(List<String> parts, Binding binding);

    /**
     * A listed probe.
     *
     * @param probe the full attach point
     * @param declarations gives the lines that {@code -lv} adds: C declarations of its arguments, without indentation
     */
    record Listing(String probe, Supplier<List<String>> declarations) {
        private static final Supplier<List<String>> NONE = List::of;

        /** A probe without arguments that have names. */
        static Listing plain(String probe) {
            return new Listing(probe, NONE);
        }

        /** C declarations of its arguments. */
        public List<String> arguments() {
            return declarations.get();
        }
    }

    /** The moment at which it runs only when that is asked for; empty for the kinds of a trace. */
    default Optional<AttachSpec.Self.Moment> demand() {
        return Optional.empty();
    }

    /** What {@code probetype} says: its name, but {@code special} of what Sonde itself does. */
    default String type() {
        return name();
    }

    /** Its canonical name. */
    default String name() {
        return names().getFirst();
    }
}
