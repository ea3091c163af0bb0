package dev.sonde.compile;

import dev.sonde.asm.Encoder;
import dev.sonde.builtins.Settings;
import dev.sonde.output.Frame;
import dev.sonde.output.MapContents;
import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.output.StreamSink;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import dev.sonde.testing.BpfMachine;
import dev.sonde.testing.FakeMap;
import dev.sonde.testing.Scene;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles a script for a recorded target and runs its bytecode in the test machine: what the whole pipeline but the kernel would print.
 */
final class ScriptMachine {
    private final Diagnostics diagnostics = new Diagnostics();
    private final Optional<Compiler.Result> result;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<FakeMap> maps = new ArrayList<>();
    private final BpfMachine machine;
    private final Printer printer;
    private int exit = -1;

    private ScriptMachine(String text, Target target, Settings settings, Scene scene, Parameters parameters) {
        Script script = Parser.parse(new Source("stdin", text), diagnostics);
        Compiler compiler = new Compiler(target, parameters, settings, diagnostics);
        boolean readable = !diagnostics.hasErrors();
        this.result = readable ? compiler.compile(script) : Optional.empty();
        if (!readable) {
            Compiler.check(script, target, parameters, settings, diagnostics);
        }
        this.machine = new BpfMachine(scene);
        result.ifPresent(r -> prepare(r.trace()));
        var sink = new StreamSink(out, StreamSink.Buffering.NONE);
        this.printer = result.map(r -> Printer.text(sink, sink, new Numbers(), r.trace(), false)).orElse(null);
    }

    /** The script compiled for an empty machine. */
    static ScriptMachine of(String text, String... parameters) {
        return of(text, RecordedTarget.builder().build(), new Scene(), parameters);
    }

    static ScriptMachine of(String text, Target target, Scene scene, String... parameters) {
        return of(text, target, Settings.DEFAULTS, scene, new Parameters(List.of(parameters), Map.of(), Map.of()));
    }

    static ScriptMachine of(String text, Target target, Settings settings, Scene scene, Parameters parameters) {
        return new ScriptMachine(text, target, settings, scene, parameters);
    }

    static ScriptMachine of(String text, Settings settings, String... parameters) {
        return of(text, RecordedTarget.builder().build(), settings, new Scene(), new Parameters(List.of(parameters), Map.of(), Map.of()));
    }

    private void prepare(TraceSpec trace) {
        for (int i = 0; i < trace.maps().size(); i++) {
            MapSpec spec = trace.maps().get(i);
            FakeMap map = new FakeMap(spec.kind().number(), spec.keySize(), spec.valueSize(), spec.maxEntries());
            if (spec.initial().length > 0) {
                map.put(new byte[4], spec.initial());
            }
            maps.add(map);
            machine.map(i, map);
        }
    }

    /** Lets programs call the kernel's function of a BTF id. */
    ScriptMachine kernelFunction(int id, BpfMachine.KernelFunction function) {
        machine.kernelFunction(id, function);
        return this;
    }

    /** The map that has {@code name} in the kernel. */
    FakeMap map(String name) {
        for (int i = 0; i < maps.size(); i++) {
            if (trace().maps().get(i).name().equals(name)) {
                return maps.get(i);
            }
        }
        throw new AssertionError("no map " + name);
    }

    /** Another map, as user space makes them for programs to find in an array of maps; its index in the machine. */
    int add(FakeMap map) {
        maps.add(map);
        machine.map(maps.size() - 1, map);
        return maps.size() - 1;
    }

    /** All diagnostics as they are printed. */
    String diagnostics() {
        var text = new StringBuilder();
        for (Diagnostic diagnostic : diagnostics.sorted()) {
            text.append(DiagnosticPrinter.print(diagnostic, false));
        }
        return text.toString();
    }

    /** Whether there is a diagnostic of {@code code} on {@code line}. */
    boolean warns(DiagnosticCode code, int line) {
        return diagnostics.sorted().stream().anyMatch(d -> d.code() == code && d.span().isPresent() && d.span().get().line() == line);
    }

    TraceSpec trace() {
        return result.orElseThrow(() -> new AssertionError(diagnostics())).trace();
    }

    /** Runs all begin programs; what they and the maps at the end print. */
    String run() {
        begin();
        return end();
    }

    /** Runs all begin programs; gives what they print. */
    String begin() {
        for (ProgramSpec program : trace().programs()) {
            if (program.attachments().getFirst() instanceof AttachSpec.Self self && self.moment() == AttachSpec.Self.Moment.BEGIN) {
                run(program, new byte[64]);
            }
        }
        return text();
    }

    /** Runs the program of index {@code program} once on a context. */
    String run(int program, byte[] context) {
        run(trace().programs().get(program), context);
        return text();
    }

    /** Runs the program of index {@code program} once on a context, and keeps what is to be printed; what the program gives. */
    long result(int program, byte[] context) {
        return run(trace().programs().get(program), context);
    }

    private long run(ProgramSpec program, byte[] context) {
        long result = machine.run(Encoder.encode(program.code()), context);
        for (byte[] record : maps.get(TraceSpec.RING).drain()) {
            act(record);
        }
        return result;
    }

    private void act(byte[] bytes) {
        MemorySegment record = MemorySegment.ofArray(bytes);
        int index = record.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        EventSpec event = trace().events().get(index);
        switch (event.action()) {
            case Action.Print _ -> printer.printf(index, record);
            case Action.PrintValue(var field) -> printer.value(field, record);
            case Action.PrintEntry entry -> printer.entry(entry, record);
            case Action.PrintMap(int map, int top, int div) -> printer.map(contents(map), top, div);
            case Action.Exit(var code) -> exit = record.get(ValueLayout.JAVA_INT_UNALIGNED, code.offset());
            case Action.Join join -> printer.join(join, record);
            case Action.ClearMap(int map) -> {
                MapSpec spec = trace().maps().get(map);
                maps.set(map, new FakeMap(spec.kind().number(), spec.keySize(), spec.valueSize(), spec.maxEntries()));
                machine.map(map, maps.get(map));
            }
            case Action.RuntimeError _, Action.HelperError _ -> { }
            default -> throw new AssertionError("not acted on here: " + event.action());
        }
    }

    /** What programs wrote to the kernel's trace pipe. */
    List<BpfMachine.Print> kernelPrints() {
        return machine.prints();
    }

    /** Signals that programs sent. */
    List<BpfMachine.Signal> signals() {
        return machine.signals();
    }

    /** The exit code that exit() gave, -1 before. */
    int exit() {
        return exit;
    }

    /** The maps as they are printed at the end, after what is left of the text. */
    String end() {
        List<MapContents> contents = new ArrayList<>();
        for (int i = 0; i < trace().maps().size(); i++) {
            if (trace().maps().get(i).view().isPresent()) {
                contents.add(contents(i));
            }
        }
        printer.end(contents);
        return text();
    }

    /** The bytes of the first entry of the script's map {@code name}, for the first CPU that has any. */
    byte[] value(String name) {
        for (int i = 0; i < maps.size(); i++) {
            if (trace().maps().get(i).view().filter(view -> view.name().equals(name)).isPresent()) {
                return maps.get(i).entries().getFirst().values().values().iterator().next();
            }
        }
        throw new AssertionError("no map " + name);
    }

    private MapContents contents(int map) {
        MapSpec spec = trace().maps().get(map);
        FakeMap fake = maps.get(map);
        boolean perCpu = spec.kind().perCpu();
        int cpus = 2;
        List<FakeMap.Entry> entries = fake.entries();
        int stride = perCpu ? (spec.valueSize() + 7) / 8 * 8 * cpus : spec.valueSize();
        byte[] keys = new byte[entries.size() * spec.keySize()];
        byte[] values = new byte[entries.size() * stride];
        for (int i = 0; i < entries.size(); i++) {
            System.arraycopy(entries.get(i).key(), 0, keys, i * spec.keySize(), spec.keySize());
            for (var value : entries.get(i).values().entrySet()) {
                System.arraycopy(value.getValue(), 0, values, i * stride + value.getKey() * (stride / (perCpu ? cpus : 1)), spec.valueSize());
            }
        }
        return MapContents.of(spec, entries.size(), MemorySegment.ofArray(keys), MemorySegment.ofArray(values), cpus);
    }

    private String text() {
        printer.pause();
        printer.flush();
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    /** Shows every name as its number. */
    private static final class Numbers implements Resolver {
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
            return new long[0];
        }

        @Override
        public List<Frame> frames(long[] addresses, int pid, Type.Stack type) {
            return List.of();
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
