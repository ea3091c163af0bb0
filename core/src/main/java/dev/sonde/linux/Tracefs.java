package dev.sonde.linux;

import dev.sonde.elf.NamePattern;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.Syscall;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The tracing file system (Documentation/trace/ftrace.rst). It is used where it is mounted; where it is not, a mount of our own is made that is in
 * no mount table and ends with this object, for which the process needs CAP_SYS_ADMIN and Linux 5.2.
 */
public final class Tracefs implements AutoCloseable {
    private static final List<String> USUAL = List.of("/sys/kernel/tracing", "/sys/kernel/debug/tracing");
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;

    private final String directory;
    private final Fd mount;
    private final String problem;

    private Tracefs(String directory, Fd mount, String problem) {
        this.directory = directory;
        this.mount = mount;
        this.problem = problem;
    }

    /** Finds it at its usual places or makes a mount. It never fails; {@link #problem} tells when there is none. */
    public static Tracefs find(Kernel kernel) {
        for (String directory : USUAL) {
            if (new File(directory, "events").isDirectory()) {
                return new Tracefs(directory, null, "");
            }
        }
        return detached(kernel);
    }

    /** A mount of our own. */
    static Tracefs detached(Kernel kernel) {
        try (Fd context = new Fd(kernel, (int) kernel.call(new Syscall.FsOpen("tracefs", FSOPEN_CLOEXEC)))) {
            kernel.call(new Syscall.FsConfig(context.number()));
            Fd mount = new Fd(kernel, (int) kernel.call(new Syscall.FsMount(context.number(), FSMOUNT_CLOEXEC, 0)));
            return new Tracefs("/proc/self/fd/" + mount.number(), mount, "");
        } catch (KernelException e) {
            return new Tracefs("", null, "tracefs cannot be read at " + String.join(" or ", USUAL) + " and not be mounted: " + e.getMessage());
        }
    }

    /** The file system with its root at {@code directory}. */
    static Tracefs at(String directory) {
        return new Tracefs(directory, null, "");
    }

    /** Why there is none, empty when there is one. */
    public String problem() {
        return problem;
    }

    /** The path of a file or directory in it, for as long as this object is open; empty when there is no tracefs. */
    public Optional<String> path(String relative) {
        return problem.isEmpty() ? Optional.of(directory + "/" + relative) : Optional.empty();
    }

    /** The text of a file in it. */
    public Optional<String> text(String relative) {
        return path(relative).flatMap(PseudoFile::text);
    }

    /** The tracepoints whose category and event match patterns with {@code *}, sorted. */
    public List<TracepointName> tracepoints(String category, String event) {
        NamePattern categories = NamePattern.of(category);
        NamePattern events = NamePattern.of(event);
        if (categories.isLiteral() && events.isLiteral()) {
            TracepointName name = new TracepointName(category, event);
            return has(name) ? List.of(name) : List.of();
        }
        List<TracepointName> found = new ArrayList<>();
        Optional<String> available = text("available_events");
        if (available.isPresent()) {
            select(available.get(), categories, events, found);
        } else {
            walk(categories, events, found);
        }
        Collections.sort(found);
        return found;
    }

    private boolean has(TracepointName name) {
        return isPlain(name.category()) && isPlain(name.event()) && path(file(name, "format")).map(path -> new File(path).exists()).orElse(false);
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.indexOf('/') < 0 && !name.startsWith(".");
    }

    private static String file(TracepointName name, String file) {
        return "events/" + name.category() + "/" + name.event() + "/" + file;
    }

    /** One read of the list of events is some fifty times quicker than 130 directories. */
    private static void select(String available, NamePattern categories, NamePattern events, List<TracepointName> found) {
        Lines lines = new Lines(available);
        for (String line = lines.next(); line != null; line = lines.next()) {
            int colon = line.indexOf(':');
            if (colon > 0 && categories.matches(line.substring(0, colon)) && events.matches(line.substring(colon + 1))) {
                found.add(new TracepointName(line.substring(0, colon), line.substring(colon + 1)));
            }
        }
    }

    private void walk(NamePattern categories, NamePattern events, List<TracepointName> found) {
        for (String category : list("events")) {
            // The category ftrace holds records that the tracer itself writes; nothing can be attached to them.
            if (categories.matches(category) && !category.equals("ftrace")) {
                for (String event : list("events/" + category)) {
                    if (events.matches(event) && has(new TracepointName(category, event))) {
                        found.add(new TracepointName(category, event));
                    }
                }
            }
        }
    }

    private String[] list(String relative) {
        String[] names = path(relative).map(path -> new File(path).list()).orElse(null);
        return names == null ? new String[0] : names;
    }

    /** The format of a tracepoint; empty when there is no such tracepoint. */
    public Optional<TracepointFormat> format(TracepointName name) {
        if (!isPlain(name.category()) || !isPlain(name.event())) {
            return Optional.empty();
        }
        return text(file(name, "format")).flatMap(text -> EventFormat.parse(name, text));
    }

    @Override
    public void close() {
        if (mount != null) {
            mount.close();
        }
    }
}
