package dev.sonde.session;

import dev.sonde.link.Attacher;
import dev.sonde.link.Attempt;
import dev.sonde.link.Link;
import dev.sonde.link.Links;
import dev.sonde.link.Refusal;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.RunOptions.MissingProbes;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The links of a trace, and what the kernel refused of them. */
final class AttachedProbes implements AutoCloseable {
    /** Of a wildcard with many refusals more would not be read. */
    private static final int MOST_DIAGNOSTICS = 10;

    private final Kernel kernel;
    private final TraceSpec spec;
    private final List<Link> links = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private int count;

    AttachedProbes(Kernel kernel, TraceSpec spec) {
        this.kernel = kernel;
        this.spec = spec;
    }

    /** Attaches everything that is not run by the session itself. */
    void attach(List<BpfProgram> programs) throws SessionException {
        List<Links.Job> jobs = jobs(programs);
        if (jobs.isEmpty()) {
            return;
        }
        List<Refusal> refusals = new ArrayList<>();
        for (Attempt attempt : Links.attach(new Attacher(kernel), jobs)) {
            attempt.link().ifPresent(links::add);
            refusals.addAll(attempt.refusals());
            count += attempt.attached();
        }
        tell(refusals);
    }

    private List<Links.Job> jobs(List<BpfProgram> programs) {
        List<Links.Job> jobs = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            ProgramSpec program = spec.programs().get(i);
            for (AttachSpec place : program.attachments()) {
                if (place instanceof AttachSpec.Self) {
                    count++;
                } else {
                    jobs.add(new Links.Job(programs.get(i), program, place));
                }
            }
        }
        return jobs;
    }

    private void tell(List<Refusal> refusals) throws SessionException {
        MissingProbes missing = spec.options().missingProbes();
        boolean fatal = !refusals.isEmpty() && (missing == MissingProbes.ERROR || count == 0);
        for (Refusal refusal : refusals.subList(0, Math.min(refusals.size(), MOST_DIAGNOSTICS))) {
            DiagnosticCode code = fatal ? error(refusal.reason()) : DiagnosticCode.MISSING_PROBE;
            diagnostics.add(LoadFailure.of(refusal.place(), code, refusal.message(), refusal.hints()));
        }
        if (refusals.size() > MOST_DIAGNOSTICS) {
            diagnostics.add(Diagnostic.placeless(fatal ? DiagnosticCode.NOT_ATTACHED : DiagnosticCode.MISSING_PROBE,
                    (refusals.size() - MOST_DIAGNOSTICS) + " more probes could not be attached"));
        }
        if (fatal) {
            Diagnostic last = diagnostics.removeLast();
            diagnostics.add(count == 0 ? last : last.hint("If this is expected, set the 'missing_probes' config variable to 'warn'."));
            throw new SessionException(diagnostics, "");
        }
        if (missing == MissingProbes.IGNORE) {
            diagnostics.clear();
        }
    }

    private static DiagnosticCode error(Refusal.Reason reason) {
        return switch (reason) {
            case NOT_THERE -> DiagnosticCode.NO_MATCH;
            case NOT_SUPPORTED -> DiagnosticCode.UNSUPPORTED_PROBE;
            case NOT_PROBEABLE, NOT_PERMITTED, LIMIT, OTHER -> DiagnosticCode.NOT_ATTACHED;
        };
    }

    /** How many probes there are, self probes included. */
    int count() {
        return count;
    }

    /** What is missing, when the script may run without it. */
    List<Diagnostic> diagnostics() {
        return List.copyOf(diagnostics);
    }

    /** Whether anything is attached that may still fire: an iterator has run to its end already, unless it is pinned. */
    boolean mayFire() {
        for (Link link : links) {
            if (!(link.place() instanceof AttachSpec.Iterator iterator) || !iterator.pin().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Attaches the places in one file that {@code anew}, a specification with the same programs, has; how many could be. */
    int attach(String file, TraceSpec anew, List<BpfProgram> programs) {
        List<Links.Job> jobs = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            for (AttachSpec place : anew.programs().get(i).attachments()) {
                if (FollowedFiles.file(place).filter(file::equals).isPresent()) {
                    jobs.add(new Links.Job(programs.get(i), anew.programs().get(i), place));
                }
            }
        }
        int attached = 0;
        for (Attempt attempt : Links.attach(new Attacher(kernel), jobs)) {
            attempt.link().ifPresent(links::add);
            attached += attempt.attached();
        }
        return attached;
    }

    /** Detaches all places in one file. */
    void detach(String file) {
        List<Link> gone = new ArrayList<>();
        for (Link link : links) {
            if (FollowedFiles.file(link.place()).filter(file::equals).isPresent()) {
                gone.add(link);
            }
        }
        links.removeAll(gone);
        Links.close(gone);
    }

    /** Detaches the watchpoints at {@code address}. */
    void unwatch(long address) {
        for (Link link : links) {
            if (link.place() instanceof AttachSpec.Watchpoint watchpoint && watchpoint.address() == address) {
                link.close();
            }
        }
    }

    /** Lets no program run any more. */
    void detach() {
        Links.detach(links);
    }

    @Override
    public void close() {
        Links.close(links);
    }
}
