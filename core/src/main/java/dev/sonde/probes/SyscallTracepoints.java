package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Architecture;
import dev.sonde.target.SystemCalls;
import dev.sonde.target.TracepointName;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Large sets of {@code syscalls:sys_enter_*} and {@code syscalls:sys_exit_*}, each through the one raw tracepoint that all calls pass: the program
 * looks the call's number up. As perf events of their own they would take half a minute to close.
 *
 * <p>Calls whose arguments a body reads alike share a program. Where these would be many, since every call runs all of them, the calls are left to
 * perf events of their own.
 */
final class SyscallTracepoints {
    private static final String CATEGORY = "syscalls";
    private static final String ENTER = "sys_enter_";
    private static final String EXIT = "sys_exit_";
    /** Sets up to this size are attached as perf events, which fire for their own call only. */
    private static final int SMALL = 8;
    /** A call costs some 20 ns for each program that has nothing to do with it. */
    private static final int MOST_PROGRAMS = 16;
    /** Bit 4 of cs and of pstate tells 64-bit callers from those of 32 bits, whose numbers mean other calls. */
    private static final long MODE_BIT = 0x10;

    private final ProbeKind kind;
    private final Script.AttachPoint point;
    private final Binding binding;
    private final Architecture architecture;

    SyscallTracepoints(ProbeKind kind, Script.AttachPoint point, Binding binding) {
        this.kind = kind;
        this.point = point;
        this.binding = binding;
        this.architecture = binding.target().architecture();
    }

    /** Groups of those of {@code names} that one program can serve; {@code rest} gets the others. */
    List<ProbeGroup> groups(List<TracepointName> names, List<TracepointName> rest) {
        List<ProbeGroup> groups = new ArrayList<>();
        List<TracepointName> enter = new ArrayList<>();
        List<TracepointName> exit = new ArrayList<>();
        for (TracepointName name : names) {
            boolean known = name.category().equals(CATEGORY) && number(name).isPresent();
            (known && name.event().startsWith(ENTER) ? enter : known ? exit : rest).add(name);
        }
        enter(enter, groups, rest);
        if (exit.size() > SMALL && (!binding.readsContext() || binding.usesArguments())) {
            groups.add(group(exit, "sys_exit", exit(space("sys_exit"))));
        } else {
            rest.addAll(exit);
        }
        return groups;
    }

    private OptionalInt number(TracepointName name) {
        String event = name.event();
        int prefix = event.startsWith(ENTER) ? ENTER.length() : event.startsWith(EXIT) ? EXIT.length() : event.length();
        return SystemCalls.numberOfTracepoint(event.substring(prefix), architecture);
    }

    private void enter(List<TracepointName> names, List<ProbeGroup> groups, List<TracepointName> rest) {
        if (names.size() <= SMALL || binding.readsContext() && !binding.usesArguments()) {
            rest.addAll(names);
            return;
        }
        Map<ProbeContext, List<TracepointName>> byContext = new LinkedHashMap<>();
        List<TracepointName> others = new ArrayList<>();
        for (TracepointName name : names) {
            Optional<ProbeContext> context = binding.usesArguments() ? arguments(name) : Optional.of(RawTracepointContext.NOTHING);
            context.map(c -> byContext.computeIfAbsent(c, _ -> new ArrayList<>())).orElse(others).add(name);
        }
        if (byContext.size() > MOST_PROGRAMS) {
            rest.addAll(names);
            return;
        }
        byContext.forEach((context, same) -> groups.add(group(same, "sys_enter", context)));
        rest.addAll(others);
    }

    private Optional<ProbeContext> arguments(TracepointName name) {
        return binding.target().tracepoint(name).flatMap(format -> SyscallArguments.of(format, binding, space("sys_enter")));
    }

    /** The BTF id of the raw tracepoint, 0 when a program cannot be loaded by it. */
    private int type(String event) {
        return RawTracepointKind.typedef(event, binding).orElse(0);
    }

    /** A program with types reads the registers as if they were its own memory; one without needs a helper for it. */
    private AddressSpace space(String event) {
        return type(event) == 0 ? AddressSpace.KERNEL : AddressSpace.PROGRAM;
    }

    private ProbeGroup group(List<TracepointName> names, String event, ProbeContext context) {
        int id = type(event);
        List<TraceSpec.Site> sites = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (TracepointName name : names) {
            int number = number(name).orElseThrow();
            positions.addAll(Collections.nCopies(Math.max(0, number + 1 - positions.size()), -1));
            positions.set(number, sites.size());
            sites.add(TracepointKind.site(name));
        }
        AddressSpace space = space(event);
        var number = event.equals("sys_enter") ? new ProbeContext.Source.Slot(Type.INT64, 8, 8, true) : callNumber(space);
        var selector = new ProbeGroup.Selector(number, Optional.of(in64Bits(space)), positions);
        var program = id == 0 ? ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT) : ProbeGroup.Program.typedTracepoint(id);
        ProbeGroup.Plan plan = first -> List.of(id == 0 ? new AttachSpec.RawTracepoint(first, point.span(), event, sites.size())
                : new AttachSpec.Tracing(first, point.span(), event, sites.size()));
        return new ProbeGroup(kind, context, program, sites, plan, false, -1, Optional.of(selector));
    }

    /** What all records of {@code sys_exit_*} have. */
    private ProbeContext exit(AddressSpace space) {
        var result = new ProbeContext.Argument("ret", new ProbeContext.Source.Slot(Type.INT64, 8, 8, true));
        return new RawTracepointContext(List.of(new ProbeContext.Argument("__syscall_nr", callNumber(space)), result), 0, Optional.empty());
    }

    /** {@code orig_ax}; on arm64 {@code syscallno}, which comes after what user space sees of struct pt_regs. */
    private ProbeContext.Source callNumber(AddressSpace space) {
        int offset = architecture == Architecture.X86_64 ? architecture.offsetOf("orig_ax").orElseThrow()
                : architecture.offsetOf("pstate").orElseThrow() + 16;
        return register(Type.INT32, offset, 4, space);
    }

    private ProbeGroup.Condition in64Bits(AddressSpace space) {
        boolean x86 = architecture == Architecture.X86_64;
        int offset = architecture.offsetOf(x86 ? "cs" : "pstate").orElseThrow();
        return new ProbeGroup.Condition(register(Type.UINT64, offset, x86 ? 2 : 8, space), MODE_BIT, x86 ? MODE_BIT : 0);
    }

    /** A value in the struct pt_regs that the first argument points to. */
    private static ProbeContext.Source register(Type type, int offset, int width, AddressSpace space) {
        return new ProbeContext.Source.InMemory(type, 0, -1, 1, offset, width, type.isSigned(), space);
    }
}
