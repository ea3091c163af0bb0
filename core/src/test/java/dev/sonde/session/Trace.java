package dev.sonde.session;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.AtomicOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Code;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.EventSpec.Channel;
import dev.sonde.spec.EventSpec.Field;
import dev.sonde.spec.FormatParser;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.MapSpec.Storage;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.RunOptions;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A specification put together by hand: what a compiler would make of small scripts. */
final class Trace {
    static final Source SOURCE = new Source("test.bt", "begin { one }\nprobe { two; three }\nend { four }\n");
    static final Span SPAN = SOURCE.span(14, 19);
    static final int CPU_SLOTS = 64;
    private static final int PAGE = 4096;
    /** Index of the map that counts lost events. */
    private static final int LOST = 1;

    private final List<MapSpec> maps = new ArrayList<>();
    private final List<ProgramSpec> programs = new ArrayList<>();
    private final List<EventSpec> events = new ArrayList<>();
    private RunOptions options = RunOptions.DEFAULTS;
    private int labels;

    Trace() {
        this(16);
    }

    Trace(int ringPages) {
        maps.add(new MapSpec("ring", MapKind.RINGBUF, 0, 0, ringPages * PAGE, 0, new byte[0], Optional.empty()));
        maps.add(new MapSpec("lost", MapKind.ARRAY, 4, 8, 1, MapSpec.MMAPABLE, new byte[0], Optional.empty()));
    }

    TraceSpec spec() {
        return new TraceSpec(maps, programs, events, List.of(new TraceSpec.Site("site:0", "f")), options);
    }

    Trace missingProbes(RunOptions.MissingProbes missing) {
        RunOptions d = RunOptions.DEFAULTS;
        options = new RunOptions(d.printMapsOnExit(), d.truncationTrailer(), d.demangle(), d.stackMode(), d.maxCatBytes(), d.cacheUserSymbols(),
                d.lazySymbolication(), missing, d.ringPages(), d.maxStringLength());
        return this;
    }

    int map(MapSpec map) {
        maps.add(map);
        return maps.size() - 1;
    }

    /** {@code @name = count()} */
    int countMap(String name) {
        var view = new MapSpec.View(name, Optional.empty(), new Type.Aggregate(new Aggregation.Count()), Storage.SINGLE_PER_CPU);
        return map(new MapSpec("AT_x", MapKind.ARRAY, 4, CPU_SLOTS * Storage.blockSize(1), 1, MapSpec.MMAPABLE, new byte[0], Optional.of(view)));
    }

    /** {@code @name[key] = count()} with 8-byte keys. */
    int keyedCountMap(String name, int entries) {
        var view = new MapSpec.View(name, Optional.of(Type.INT64), new Type.Aggregate(new Aggregation.Count()), Storage.ENTRY_PER_CPU);
        return map(new MapSpec("AT_k", MapKind.PERCPU_HASH, 8, 8, entries, 0, new byte[0], Optional.of(view)));
    }

    /** {@code @name[key] = value}, both of 8 bytes. */
    int hashMap(String name, int entries) {
        var view = new MapSpec.View(name, Optional.of(Type.INT64), Type.INT64, Storage.ENTRY);
        return map(new MapSpec("AT_h", MapKind.HASH, 8, 8, entries, 0, new byte[0], Optional.of(view)));
    }

    /** {@code @name = value} of 8 bytes. */
    int valueMap(String name) {
        var view = new MapSpec.View(name, Optional.empty(), Type.INT64, Storage.SINGLE);
        return map(new MapSpec("AT_v", MapKind.ARRAY, 4, 16, 1, MapSpec.MMAPABLE, new byte[0], Optional.of(view)));
    }

    int event(int size, Action action) {
        events.add(new EventSpec(size, action, SPAN));
        return events.size() - 1;
    }

    /** printf with {@code count} 8-byte arguments. */
    int printf(String format, int count) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.add(new Field(EventSpec.HEADER + 8 * i, Type.INT64));
        }
        return event(EventSpec.HEADER + 8 * count, new Action.Print(Channel.PRINTF, FormatParser.of(format), fields));
    }

    int exit() {
        return event(16, new Action.Exit(new Field(8, Type.INT32)));
    }

    Trace begin(Consumer<Body> body) {
        return self(Moment.BEGIN, 0, body);
    }

    Trace end(Consumer<Body> body) {
        return self(Moment.END, 0, body);
    }

    Trace self(Moment moment, int signal, Consumer<Body> body) {
        return program(ProgramKind.RAW_TRACEPOINT, body, new AttachSpec.Self(0, SPAN, moment, signal));
    }

    Trace program(ProgramKind kind, Consumer<Body> body, AttachSpec... places) {
        Body code = new Body();
        body.accept(code);
        code.code.add(new Instruction.AluImmediate(AluOperation.MOV, true, Register.R0, 0)).add(new Instruction.Exit());
        programs.add(new ProgramSpec("sonde_test", kind, 0, 0, "GPL", code.code.build(), List.of(places)));
        return this;
    }

    /** The code of one program. */
    final class Body {
        final Code.Builder code = new Code.Builder().at(Optional.of(SPAN));

        private Body add(Instruction instruction) {
            code.add(instruction);
            return this;
        }

        private Instruction.Label label() {
            return new Instruction.Label(labels++);
        }

        private Body move(Register to, int value) {
            return add(new Instruction.AluImmediate(AluOperation.MOV, true, to, value));
        }

        /** to = frame pointer + offset */
        Body frame(Register to, int offset) {
            add(new Instruction.Alu(AluOperation.MOV, true, to, Register.R10));
            return add(new Instruction.AluImmediate(AluOperation.ADD, true, to, offset));
        }

        /** Sends event {@code event} with constant 8-byte fields; one that finds no room is counted. */
        Body send(int event, int... fields) {
            Instruction.Label lost = label();
            Instruction.Label done = label();
            add(new Instruction.LoadMap(Register.R1, TraceSpec.RING)).move(Register.R2, events.get(event).size()).move(Register.R3, 0);
            add(new Instruction.CallHelper(BpfHelper.RINGBUF_RESERVE.number()));
            add(new Instruction.JumpIfImmediate(Condition.EQ, true, Register.R0, 0, lost));
            add(new Instruction.StoreImmediate(8, Register.R0, 0, event));
            for (int i = 0; i < fields.length; i++) {
                add(new Instruction.StoreImmediate(8, Register.R0, EventSpec.HEADER + 8 * i, fields[i]));
            }
            add(new Instruction.Alu(AluOperation.MOV, true, Register.R1, Register.R0)).move(Register.R2, 0);
            add(new Instruction.CallHelper(BpfHelper.RINGBUF_SUBMIT.number())).add(new Instruction.Jump(done));
            add(lost).add(new Instruction.LoadMapValue(Register.R1, LOST, 0)).move(Register.R2, 1);
            return add(new Instruction.Atomic(AtomicOperation.ADD, 8, Register.R1, 0, Register.R2)).add(done);
        }

        /** Adds one to this CPU's block of a count map without keys. */
        Body count(int map) {
            add(new Instruction.CallHelper(BpfHelper.GET_SMP_PROCESSOR_ID.number()));
            add(new Instruction.AluImmediate(AluOperation.AND, true, Register.R0, CPU_SLOTS - 1));
            add(new Instruction.AluImmediate(AluOperation.LSH, true, Register.R0, 6)).add(new Instruction.LoadMapValue(Register.R1, map, 0));
            add(new Instruction.Alu(AluOperation.ADD, true, Register.R1, Register.R0)).add(new Instruction.StoreImmediate(8, Register.R1, 0, 1));
            return move(Register.R2, 1).add(new Instruction.Atomic(AtomicOperation.ADD, 8, Register.R1, 8, Register.R2));
        }

        /** Sets {@code map[key] = value}. */
        Body put(int map, int key, int value) {
            add(new Instruction.StoreImmediate(8, Register.R10, -8, key)).add(new Instruction.StoreImmediate(8, Register.R10, -16, value));
            add(new Instruction.LoadMap(Register.R1, map)).frame(Register.R2, -8).frame(Register.R3, -16).move(Register.R4, 0);
            return add(new Instruction.CallHelper(BpfHelper.MAP_UPDATE_ELEM.number()));
        }

        /** Sets a map without keys. */
        Body assign(int map, int value) {
            add(new Instruction.LoadMapValue(Register.R1, map, 0)).add(new Instruction.StoreImmediate(8, Register.R1, 0, 1));
            return add(new Instruction.StoreImmediate(8, Register.R1, 8, value));
        }

        /** Ends the run of the program unless a map without keys holds {@code value}; adds one to it before. */
        Body unlessCountIs(int map, int value) {
            Instruction.Label go = label();
            add(new Instruction.LoadMapValue(Register.R1, map, 0)).add(new Instruction.StoreImmediate(8, Register.R1, 0, 1));
            add(new Instruction.Load(8, false, Register.R2, Register.R1, 8));
            add(new Instruction.AluImmediate(AluOperation.ADD, true, Register.R2, 1)).add(new Instruction.Store(8, Register.R1, 8, Register.R2));
            add(new Instruction.JumpIfImmediate(Condition.EQ, true, Register.R2, value, go)).move(Register.R0, 0);
            return add(new Instruction.Exit()).add(go);
        }

        /** Ends the run unless the current process is {@code pid}. */
        Body onlyPid(int pid) {
            Instruction.Label go = label();
            add(new Instruction.CallHelper(BpfHelper.GET_CURRENT_PID_TGID.number()));
            add(new Instruction.AluImmediate(AluOperation.RSH, true, Register.R0, 32));
            add(new Instruction.JumpIfImmediate(Condition.EQ, true, Register.R0, pid, go)).move(Register.R0, 0);
            return add(new Instruction.Exit()).add(go);
        }

        /** Any other instruction. */
        Body raw(Instruction instruction) {
            return add(instruction);
        }
    }
}
