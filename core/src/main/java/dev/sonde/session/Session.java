package dev.sonde.session;

import dev.sonde.output.MapContents;
import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Clock;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.RingBuffer;
import dev.sonde.sys.SignalDescriptor;
import dev.sonde.sys.Task;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A trace in the kernel.
 *
 * <p>{@link #open} loads maps and programs, runs the begin probes and attaches the others; {@link #run} prints events until the end, runs the end
 * probes and prints the maps; {@link #close} takes the rest down. All of these are for one thread; {@link #stop}, {@link #signal} and
 * {@link #awaitEnd} are for any.
 */
public final class Session implements AutoCloseable {
    /** The signal of self probes. */
    private static final int SIGUSR1 = 10;

    private final Kernel kernel;
    private final TraceSpec spec;
    private final SessionSettings settings;
    private final List<BpfProgram> programs = new ArrayList<>();
    private final SelfProbes selfProbes;
    private final AttachedProbes probes;
    private final Waiting waiting = new Waiting();
    private final CountDownLatch ended = new CountDownLatch(1);
    private LoadedMaps maps;
    private RingBuffer ring;
    private Printer printer;
    private EventReactions reactions;
    private Fd watched;
    private SignalDescriptor signal;
    private LostEvents losses;
    private FollowedFiles followed = FollowedFiles.NONE;
    private UnwindMaps unwinding;
    private DemandedProbes demanded;
    private List<String> failed = List.of();

    private Session(Kernel kernel, TraceSpec spec, SessionSettings settings) {
        this.kernel = kernel;
        this.spec = spec;
        this.settings = settings;
        this.selfProbes = new SelfProbes(spec, programs);
        this.probes = new AttachedProbes(kernel, spec);
    }

    /**
     * Loads and attaches {@code spec}. From the return on its probes run; nothing is printed before {@link #run}.
     *
     * @param names what answers for names; recorded stacks come from the trace itself
     * @param printing makes the printer for the whole resolver
     * @throws SessionException when the kernel refuses; then nothing is left behind, but the child of {@code settings} is the caller's to close
     */
    public static Session open(Kernel kernel, TraceSpec spec, SessionSettings settings, Resolver names, Function<Resolver, Printer> printing)
            throws SessionException {
        Session session = new Session(kernel, spec, settings);
        try {
            session.load(names, printing);
            session.unwinding.start(settings);
            session.begin();
            session.probes.attach(session.programs);
            return session;
        } catch (KernelException e) {
            session.release();
            throw LoadFailure.of("the trace could not be started", e);
        } catch (SessionException | RuntimeException e) {
            session.release();
            throw e;
        }
    }

    private void load(Resolver names, Function<Resolver, Printer> printing) throws SessionException {
        watchSignal();
        watch(settings.pid());
        loadPrograms();
        ring = RingBuffer.of(kernel, maps.get(TraceSpec.RING));
        int stacks = maps.internal("stacks");
        Resolver resolver = new StackResolver(names, stacks < 0 ? null : maps.get(stacks));
        printer = printing.apply(resolver);
        losses = new LostEvents(maps, printer);
        unwinding = UnwindMaps.of(kernel, spec, maps);
        reactions = new EventReactions(spec, maps, printer, resolver, probes::unwatch, pid -> unwinding.ask(pid));
        demanded = new DemandedProbes(kernel, spec, selfProbes, ring, maps, resolver, printer);
    }

    /** The kernel takes milliseconds to clear a large ring, in which the programs can be encoded. */
    private void loadPrograms() throws SessionException {
        FutureTask<LoadedMaps> creation = new FutureTask<>(() -> LoadedMaps.create(kernel, spec));
        Thread.ofPlatform().daemon().name("maps").start(creation);
        try {
            ProgramLoader loader = new ProgramLoader(kernel, spec);
            maps = await(creation);
            loader.loadAll(maps::fd, programs);
        } finally {
            if (maps == null) {
                await(creation).close();
            }
        }
    }

    private static LoadedMaps await(FutureTask<LoadedMaps> creation) throws SessionException {
        while (true) {
            try {
                return creation.get();
            } catch (InterruptedException e) {
                // The maps will be there in a moment; the interruption is of no use to anybody.
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SessionException refused) {
                    throw refused;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** First of all, while low descriptors are free. */
    private void watchSignal() throws SessionException {
        if (selfProbes.awaitsSignals()) {
            signal = SignalDescriptor.open(kernel, SIGUSR1);
            if (signal == null) {
                throw new SessionException(List.of(Diagnostic.placeless(DiagnosticCode.REFUSED, "SIGUSR1 cannot be watched: descriptor " + SIGUSR1
                        + " of this process is taken").hint("Start it without files open from the caller, or leave the self probe out.")), "");
            }
        }
    }

    private void watch(int pid) throws SessionException {
        if (pid >= 0) {
            try {
                watched = Task.pidFd(kernel, pid);
            } catch (KernelException e) {
                throw LoadFailure.of("cannot watch process " + pid, e);
            }
        }
    }

    private void begin() throws SessionException {
        int start = maps.internal("start");
        if (start >= 0) {
            maps.setWord(start, Clock.CLOCK_BOOTTIME.nanos(kernel));
        }
        try {
            selfProbes.run(Moment.BEGIN, 0);
        } catch (KernelException e) {
            throw LoadFailure.of("a begin probe could not be run (kernel 5.10 or later is needed)", e);
        }
    }

    /** What is missing, when the script may run without it. */
    public List<Diagnostic> warnings() {
        return probes.diagnostics();
    }

    /** How many probes there are, begin and end included. */
    public int probeCount() {
        return probes.count();
    }

    /** Prints what comes until the trace ends, then what is left. Detaches, but leaves it to {@link #close} to give everything back. */
    public RunReport run() {
        RunReport.End end;
        try {
            end = printed();
        } catch (UncheckedIOException e) {
            // Nobody reads any more: that is an end, not a fault.
            end = RunReport.End.OUTPUT_CLOSED;
            probes.detach();
        }
        return new RunReport(probes.count(), reactions.count(), losses.told(), reactions.helperErrors(), reactions.exitCode(), failed, end);
    }

    private RunReport.End printed() {
        if (settings.announce()) {
            printer.attachedProbes(probes.count());
        }
        settings.attached().run();
        settings.child().ifPresent(Child::resume);
        RunReport.End end = settings.demanded().isPresent() ? onDemand(settings.demanded().get()) : poll();
        losses.tell();
        detach();
        if (end == RunReport.End.EXIT) {
            // What was lost after the exit would have been dropped.
            losses.forget();
        }
        reactions.resume();
        selfProbes.run(Moment.END, 0);
        drain();
        losses.tell();
        boolean withMaps = spec.options().printMapsOnExit() && settings.demanded().isEmpty();
        printer.end(withMaps ? maps.all() : List.<MapContents>of());
        printer.flush();
        return end;
    }

    /** What begin probes sent is told before, and an exit of theirs is the end. */
    private RunReport.End onDemand(Moment moment) {
        drain();
        if (reactions.exited()) {
            return RunReport.End.EXIT;
        }
        failed = demanded.run(moment);
        return RunReport.End.NOTHING_LEFT;
    }

    private RunReport.End poll() {
        if (!probes.mayFire() && !selfProbes.awaitsSignals()) {
            drain();
            return reactions.exited() ? RunReport.End.EXIT : RunReport.End.NOTHING_LEFT;
        }
        waiting.open(kernel, ring.fd());
        if (signal != null) {
            waiting.addSignal(signal, SIGUSR1);
        }
        if (watched != null) {
            waiting.addProcess(watched);
        }
        settings.child().ifPresent(child -> waiting.addProcess(child.pidFd()));
        int process = settings.child().map(Child::pid).orElse(settings.pid());
        return pollAt(new Pace(maps.get(TraceSpec.RING).definition().maxEntries()), new SeenProcesses(spec, maps, process, settings.remember()));
    }

    private RunReport.End pollAt(Pace pace, SeenProcesses processes) {
        while (true) {
            processes.lookWhenDue();
            unwinding.lookWhenDue();
            followed.lookWhenDue();
            int taken = ring.poll(reactions);
            if (reactions.exited()) {
                return RunReport.End.EXIT;
            }
            if (waiting.stopped()) {
                return RunReport.End.STOPPED;
            }
            if (waiting.processEnded()) {
                return RunReport.End.PROCESS_ENDED;
            }
            runSignals();
            losses.tellWhenDue();
            printer.pause();
            if (!pace.waits(taken, ring.consumerPosition())) {
                waiting.await(0);
            } else if (waiting.await(followed.pause(sooner(processes.pause(), unwinding.pause())))) {
                pace.woken();
            }
        }
    }

    /** The smaller of two numbers of milliseconds, of which -1 is for ever. */
    private static int sooner(int first, int second) {
        return first < 0 || second < 0 ? Math.max(first, second) : Math.min(first, second);
    }

    private void runSignals() {
        for (long signals = waiting.takeSignals(); signals != 0; signals &= signals - 1) {
            selfProbes.run(Moment.SIGNAL, Long.numberOfTrailingZeros(signals));
        }
    }

    /** Detaches on another thread, so that records that come meanwhile do not fill the ring, then handles the last ones. */
    private void detach() {
        if (!probes.mayFire()) {
            drain();
            return;
        }
        Thread thread = Thread.ofPlatform().daemon().name("detach").start(() -> {
            Task.nameThread(kernel);
            probes.detach();
        });
        boolean interrupted = false;
        while (thread.isAlive()) {
            ring.poll(reactions);
            try {
                thread.join(1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        drain();
    }

    private void drain() {
        while (ring.poll(reactions) > 0) {
            // Until nothing comes.
        }
    }

    /** Has the files of user probes followed while the trace runs: where another file takes the place of one, its probes are attached there too. */
    public void follow(Renewal renewal) {
        followed = FollowedFiles.of(spec, probes, programs, renewal);
    }

    /** Asks for the end of {@link #run}: for any thread, at any time, as often as it likes. */
    public void stop() {
        waiting.stop();
    }

    /** Runs the probes of a signal from 1 to 63 that this process got. For any thread, at any time. */
    public void signal(int number) {
        waiting.signal(number);
    }

    /** Waits until the session is closed, at most {@code milliseconds}; whether it is. */
    public boolean awaitEnd(long milliseconds) throws InterruptedException {
        return ended.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** Ends the child, detaches, and gives everything back. Many perf events take the kernel a while. */
    @Override
    public void close() {
        settings.child().ifPresent(Child::close);
        release();
        ended.countDown();
    }

    private void release() {
        probes.close();
        waiting.close();
        for (AutoCloseable part : new AutoCloseable[] {reactions, unwinding, ring, watched, signal, maps}) {
            close(part);
        }
        for (BpfProgram program : programs) {
            program.close();
        }
    }

    private static void close(AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
