package dev.sonde.session;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Rejection;
import dev.sonde.asm.VerifierLog;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.sys.Errno;
import dev.sonde.sys.KernelException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Says in terms of the script why the kernel did not take a program or a map. */
final class LoadFailure {
    private static final int BPF_TRACE_RAW_TP = 23;
    /** MAX_BPF_STACK */
    private static final int LONGEST_OLD_KEY = 512;
    private static final String PRIVILEGE = "run as root, or with CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before kernel 5.8)";

    private LoadFailure() {}

    /** A program was refused: by the verifier, which has said why, or before it came to that. */
    static SessionException of(ProgramSpec spec, EncodedProgram program, KernelException e) {
        Optional<String> log = e.verifierLog();
        if (log.isEmpty()) {
            return new SessionException(refused(spec, e));
        }
        VerifierLog said = VerifierLog.parse(log.get());
        String message = said.message().isEmpty() ? e.getMessage() : said.message();
        Diagnostic diagnostic = diagnostic(DiagnosticCode.REJECTED, span(spec, program, said.instruction()),
                "the kernel's verifier rejected the program: " + message);
        for (Rejection known : said.rejection().stream().toList()) {
            diagnostic = diagnostic.hint(known.why()).hint(helper(known, message).orElse(known.remedy()));
        }
        if (e.errno() == Errno.E2BIG && said.rejection().isEmpty()) {
            diagnostic = diagnostic.hint(
                    "It would have to follow more instructions than it does: kernels before 5.17 go through loops round by round.");
        }
        return new SessionException(List.of(diagnostic.hint("-v shows all that the verifier said")), log.get());
    }

    /** Which helper an old kernel does not know: {@code invalid func unknown#195}. */
    private static Optional<String> helper(Rejection known, String message) {
        boolean unknown = known == Rejection.UNKNOWN_HELPER || known == Rejection.UNKNOWN_HELPER_SINCE_6_9;
        int number = 0;
        for (int i = message.lastIndexOf('#') + 1; i > 0 && i < message.length() && Character.isDigit(message.charAt(i)); i++) {
            number = number * 10 + message.charAt(i) - '0';
        }
        return (unknown ? BpfHelper.of(number) : Optional.<BpfHelper>empty())
                .map(helper -> "The helper " + helper.toString().toLowerCase(Locale.ROOT) + " is there since kernel " + helper.since() + ".");
    }

    /** The script text of the instruction, or of the nearest one before it that has any, or the attach point. */
    private static Optional<Span> span(ProgramSpec spec, EncodedProgram program, OptionalInt instruction) {
        for (int slot = instruction.orElse(-1); slot >= 0; slot--) {
            Optional<Span> span = program.span(slot);
            if (span.isPresent()) {
                return span;
            }
        }
        return spec.attachments().isEmpty() ? Optional.empty() : Optional.of(spec.attachments().getFirst().span());
    }

    private static Diagnostic refused(ProgramSpec spec, KernelException e) {
        Optional<Span> span = span(spec, null, OptionalInt.empty());
        boolean trampoline = spec.kind() == ProgramKind.TRACING && spec.expectedAttach() > BPF_TRACE_RAW_TP;
        if (e.errno() == Errno.EPERM && trampoline) {
            return diagnostic(DiagnosticCode.UNSUPPORTED_PROBE, span, "this kernel refuses to attach to functions this way: " + e.getMessage())
                    .hint("use a tracepoint, a rawtracepoint or a kprobe");
        }
        Diagnostic diagnostic = diagnostic(DiagnosticCode.REFUSED, span, "the kernel refused the program: " + e.getMessage());
        return switch (e.errno()) {
            case EPERM, EACCES -> diagnostic.hint(PRIVILEGE);
            case E2BIG -> diagnostic.hint("the program has more instructions than the kernel takes; split it over several probes");
            case ENOMEM -> diagnostic.hint("the kernel has no memory for it");
            case ENOTSUPP, EOPNOTSUPP -> diagnostic.hint("this kernel is built without what this kind of probe needs");
            default -> diagnostic;
        };
    }

    /** A map was refused. */
    static SessionException of(MapSpec spec, KernelException e) {
        String name = spec.view().map(MapSpec.View::name).orElse(spec.name());
        Diagnostic diagnostic = Diagnostic.placeless(DiagnosticCode.REFUSED, "the kernel refused the map " + name + ": " + e.getMessage());
        if (e.errno() == Errno.E2BIG && spec.keySize() > LONGEST_OLD_KEY) {
            return new SessionException(diagnostic.hint("older kernels take keys of at most " + LONGEST_OLD_KEY + " bytes; make max_strlen smaller"));
        }
        return new SessionException(switch (e.errno()) {
            case EPERM, EACCES -> diagnostic.hint(PRIVILEGE);
            case ENOMEM, E2BIG -> diagnostic.hint("make " + (spec.kind() == MapKind.RINGBUF ? "perf_rb_pages" : "max_map_keys") + " smaller");
            case EINVAL -> diagnostic.hint(spec.kind() + " maps need kernel " + spec.kind().since());
            default -> diagnostic;
        });
    }

    /** Anything else was refused. */
    static SessionException of(String what, KernelException e) {
        Diagnostic diagnostic = Diagnostic.placeless(DiagnosticCode.REFUSED, what + ": " + e.getMessage());
        return new SessionException(e.errno() == Errno.EPERM || e.errno() == Errno.EACCES ? diagnostic.hint(PRIVILEGE) : diagnostic);
    }

    /** The place of an attachment that was refused. */
    static Diagnostic of(AttachSpec place, DiagnosticCode code, String message, List<String> hints) {
        return new Diagnostic(code, Optional.of(place.span()), message, hints, List.of());
    }

    private static Diagnostic diagnostic(DiagnosticCode code, Optional<Span> span, String message) {
        return new Diagnostic(code, span, message, List.of(), List.of());
    }
}
