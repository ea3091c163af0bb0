package dev.sonde.session;

import dev.sonde.output.Frame;
import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.output.StreamSink;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A session whose output is kept. */
final class Run implements AutoCloseable {
    static final Kernel KERNEL = LinuxKernel.open();

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    final Session session;

    Run(TraceSpec spec) throws SessionException {
        this(spec, SessionSettings.DEFAULTS);
    }

    Run(TraceSpec spec, SessionSettings settings) throws SessionException {
        this(KERNEL, spec, settings, null);
    }

    Run(Kernel kernel, TraceSpec spec, SessionSettings settings, OutputStream elsewhere) throws SessionException {
        StreamSink sink = new StreamSink(elsewhere == null ? out : elsewhere, StreamSink.Buffering.LINE);
        StreamSink errorSink = new StreamSink(errors, StreamSink.Buffering.NONE);
        session = Session.open(kernel, spec, settings, new Numbers(), resolver -> Printer.text(sink, errorSink, resolver, spec, false));
    }

    /** Skips the test when programs cannot be loaded here. */
    static void needsRoot() {
        try {
            BpfMap.create(KERNEL, new Bpf.MapCreate(2, "", 4, 8, 1, 0)).close();
        } catch (KernelException e) {
            skip("needs root: " + e.getMessage());
        }
    }

    static void skip(String reason) {
        System.out.println("skipped: " + reason);
        Assumptions.abort(reason);
    }

    /** What {@code spec} prints. */
    static String output(Trace trace) throws SessionException {
        try (Run run = new Run(trace.spec())) {
            run.session.run();
            return run.text();
        }
    }

    String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String errorText() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    /** Runs on another thread. */
    CompletableFuture<RunReport> start() {
        return CompletableFuture.supplyAsync(session::run);
    }

    static RunReport await(CompletableFuture<RunReport> report) throws Exception {
        return report.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        session.close();
    }

    /** Knows no names. */
    static final class Numbers implements Resolver {
        @Override
        public String kernelSymbol(long address) {
            return "0x" + Long.toHexString(address);
        }

        @Override
        public String userSymbol(long address, int pid) {
            return "0x" + Long.toHexString(address);
        }

        @Override
        public long[] stack(long id, boolean kernel) {
            throw new AssertionError("stacks come from the session");
        }

        @Override
        public List<Frame> frames(long[] addresses, int pid, Type.Stack type) {
            List<Frame> frames = new ArrayList<>();
            for (long address : addresses) {
                frames.add(Frame.unknown(address));
            }
            return frames;
        }

        @Override
        public String username(long uid) {
            return Long.toString(uid);
        }

        @Override
        public String cgroupPath(long id, String controller) {
            return Long.toString(id);
        }

        @Override
        public long wallClock(Clock clock, long nanoseconds) {
            return nanoseconds;
        }
    }
}
