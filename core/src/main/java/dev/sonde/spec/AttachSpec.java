package dev.sonde.spec;

import dev.sonde.source.Span;
import java.util.List;

/**
 * One attachment of a program. {@code site} is the index in the specification's site table of the (first) place; it becomes the attach cookie.
 */
public sealed interface AttachSpec {
    /** Index of the first place in the site table. */
    int site();

    /** The attach point in the script. */
    Span span();

    /** How many probes it counts as. */
    default int count() {
        return switch (this) {
            case UprobeMulti multi -> multi.offsets().size() * (multi.session() ? 2 : 1);
            case KprobeMulti multi -> multi.functions().size() * (multi.session() ? 2 : 1);
            case RawTracepoint shared -> shared.count();
            case Tracing shared -> shared.count();
            case Self _, Tracepoint _, Uprobe _, Kprobe _, Software _, Hardware _, Interval _, Profile _, Watchpoint _,
                    Iterator _ -> 1;
        };
    }

    /** Not attached: the session runs it itself at a moment of its own, with a test run. */
    record Self(int site, Span span, Moment moment, int signal) implements AttachSpec {
        /** When it runs. */
        public enum Moment {
            BEGIN, END, SIGNAL, TEST, BENCH
        }
    }

    /** A tracepoint through a perf event; {@code id} as tracefs gives it. */
    record Tracepoint(int site, Span span, String category, String event, long id) implements AttachSpec {}

    /** A raw tracepoint by its event's name, which serves {@code count} probes. */
    record RawTracepoint(int site, Span span, String event, int count) implements AttachSpec {
        /** One that serves one probe. */
        public RawTracepoint(int site, Span span, String event) {
            this(site, span, event, 1);
        }
    }

    /** A TRACING program (BTF-typed raw tracepoint, fentry, fexit): its target is in the program's attachBtfId. It serves {@code count} probes. */
    record Tracing(int site, Span span, String target, int count) implements AttachSpec {
        /** One that serves one probe. */
        public Tracing(int site, Span span, String target) {
            this(site, span, target, 1);
        }
    }

    /**
     * A user probe through a perf event.
     *
     * @param path the file as this process can open it
     * @param offset bytes from the start of the file
     * @param refCounter file offset of a USDT semaphore, 0 for none
     * @param onReturn whether it is a uretprobe
     * @param pid the process to watch, -1 for all
     */
    record Uprobe(int site, Span span, String path, long offset, long refCounter, boolean onReturn, int pid) implements AttachSpec {}

    /**
     * Many user probes of one file in one link (kernel 6.6). Place i has site {@code site + i}; lists have one length.
     *
     * @param session whether the program runs at the functions' starts and at their returns (6.13); it knows itself which sites the returns have
     */
    record UprobeMulti(int site, Span span, String path, List<Long> offsets, List<Long> refCounters, boolean onReturn, boolean session, int pid)
            implements AttachSpec {
        public UprobeMulti {
            offsets = List.copyOf(offsets);
            refCounters = List.copyOf(refCounters);
        }
    }

    /** A kernel probe through a perf event; {@code address} instead of a function when that is empty. */
    record Kprobe(int site, Span span, String function, long offset, long address, boolean onReturn) implements AttachSpec {}

    /**
     * Many kernel probes in one link (kernel 5.18). Function i has site {@code site + i}.
     *
     * @param session whether the program runs at the functions' starts and at their returns (6.10); it knows itself which sites the returns have
     */
    record KprobeMulti(int site, Span span, List<String> functions, boolean onReturn, boolean session) implements AttachSpec {
        public KprobeMulti {
            functions = List.copyOf(functions);
        }
    }

    /** A software event (PERF_COUNT_SW_*) on every CPU, or of one process; every {@code period} events. */
    record Software(int site, Span span, int event, long period, int pid) implements AttachSpec {}

    /** A hardware event: {@code type} is PERF_TYPE_HARDWARE or PERF_TYPE_HW_CACHE or RAW. */
    record Hardware(int site, Span span, int type, long event, long period, int pid) implements AttachSpec {}

    /** A timer on one CPU: every {@code nanoseconds}, or {@code hertz} times a second when that is not 0. */
    record Interval(int site, Span span, long nanoseconds, long hertz) implements AttachSpec {}

    /** A timer on every CPU. */
    record Profile(int site, Span span, long nanoseconds, long hertz, int pid) implements AttachSpec {}

    /** A hardware breakpoint; {@code mode} is of r, w, x. */
    record Watchpoint(int site, Span span, long address, int length, String mode, int pid) implements AttachSpec {}

    /** A BPF iterator; pinned at {@code pin} or read to its end once when that is empty. */
    record Iterator(int site, Span span, String target, String pin) implements AttachSpec {}
}
