package dev.sonde.session;

import dev.sonde.spec.AttachSpec.Self.Moment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How a trace is run, beyond what its specification says.
 *
 * @param announce whether to tell how many probes were attached; {@code -q} says no
 * @param pid the process with whose end the trace ends ({@code -p}), -1 for none
 * @param child the command that is started when all probes are attached ({@code -c}); with its end the trace ends, and with the trace it is ended
 * @param attached what to do once all probes are attached and that was told
 * @param demanded which probes are run once instead of tracing until the end: those of tests or those of benchmarks; empty for none
 * @param unwound further processes whose unwind tables are loaded before the first probe runs ({@code --dwarf-pid})
 * @param remember takes the ids of processes whose addresses will want names later; called often, on the thread that runs the session
 */
public record SessionSettings(boolean announce, int pid, Optional<Child> child, Runnable attached, Optional<Moment> demanded,
        List<Integer> unwound, IntConsumer remember) {
    public SessionSettings {
        unwound = List.copyOf(unwound);
    }

    /** No process to watch, and the number of probes is told. */
    public static final SessionSettings DEFAULTS = new SessionSettings(true, -1, Optional.empty(), () -> {}, Optional.empty(), List.of(), _ -> {});

    /** The same without the number of probes. */
    public SessionSettings quiet() {
        return new SessionSettings(false, pid, child, attached, demanded, unwound, remember);
    }

    /** The same, ending with process {@code id}. */
    public SessionSettings withPid(int id) {
        return new SessionSettings(announce, id, child, attached, demanded, unwound, remember);
    }

    /** The same with a command. */
    public SessionSettings withChild(Child command) {
        return new SessionSettings(announce, pid, Optional.of(command), attached, demanded, unwound, remember);
    }

    /** The same with something to do once all probes are attached. */
    public SessionSettings whenAttached(Runnable action) {
        return new SessionSettings(announce, pid, child, action, demanded, unwound, remember);
    }

    /** The same, running the probes of {@code moment} once and nothing else. */
    public SessionSettings demanding(Optional<Moment> moment) {
        return new SessionSettings(announce, pid, child, attached, moment, unwound, remember);
    }

    /** The same with somebody who remembers processes. */
    public SessionSettings remembering(IntConsumer memory) {
        return new SessionSettings(announce, pid, child, attached, demanded, unwound, memory);
    }

    /** The same with processes to walk the stacks of. */
    public SessionSettings unwinding(List<Integer> pids) {
        return new SessionSettings(announce, pid, child, attached, demanded, pids, remember);
    }
}
