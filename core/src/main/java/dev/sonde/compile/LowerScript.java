package dev.sonde.compile;

import dev.sonde.asm.Code;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operation;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.probes.ProbeSession;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Makes the programs of a typed script: lowers each unit, optimises and assembles it. When a program needs more than the kernel's 512 bytes of stack
 * it is lowered again with fewer temporaries there.
 */
final class LowerScript {
    /** The most maps of a program (MAX_USED_MAPS). */
    private static final int MOST_MAPS = 64;
    private static final int MOST_BYTES = 1 << 28;
    /** Bytes of the largest temporary on the stack; with -1 no variable is there either. */
    private static final int[] STACK_LIMITS = {64, 32, 16, 0, -1};

    private final Environment environment;
    private final TypedScript script;
    private final Module module;
    private final List<ProgramSpec> programs = new ArrayList<>();
    private final List<IrProgram> ir = new ArrayList<>();

    LowerScript(Environment environment, TypedScript script) {
        this.environment = environment;
        this.script = script;
        this.module = new Module(environment, script.maps());
    }

    /** The trace; empty after a mistake. */
    Optional<TraceSpec> lower() {
        for (PairReturns.Part part : PairReturns.parts(script.units(), environment.target(), environment.settings().license())) {
            switch (part) {
                case PairReturns.Part.Single(var unit) -> add(unit, module.sites(unit.group().sites()));
                case PairReturns.Part.Session session -> add(session, module.sites(session.probes().sites()));
            }
        }
        return environment.diagnostics().hasErrors()
                ? Optional.empty()
                : Optional.of(new TraceSpec(module.maps(), programs, module.events(), module.sites(), environment.settings().options()));
    }

    /** The optimised intermediate code of each program, for {@code -d ir}. */
    List<IrProgram> intermediate() {
        return List.copyOf(ir);
    }

    private void add(TypedScript.Unit unit, int site) {
        int[] mark = module.mark();
        Optional<Assembled> made = assemble(unit.group(), limit -> new LowerProbe(environment, script, unit, module, site, limit).lower());
        if (made.isPresent()) {
            checkMaps(unit, made.get().ir(), mark[0]);
            add(made.get(), unit.group(), unit.group().program(), unit.group().plan().attach(site));
        } else if (!environment.diagnostics().hasErrors()) {
            environment.diagnostics().add(unit.probe().span(), DiagnosticCode.TOO_LARGE,
                    "The probe needs more than the 512 bytes of stack that the kernel allows", "Split it, or use fewer variables at a time.");
        }
    }

    /** Two units in one program or, where that would be too large, in two. */
    private void add(PairReturns.Part.Session session, int site) {
        ProbeSession probes = session.probes();
        int[] mark = module.mark();
        Optional<Assembled> made = assemble(probes.entry(), limit -> new LowerSession(environment, script, session, module, limit).lower(site));
        if (made.isPresent() && usedMaps(made.get().ir()) <= MOST_MAPS) {
            checkMaps(session.entry(), made.get().ir(), mark[0]);
            add(made.get(), probes.entry(), probes.program(), probes.attach(site));
        } else if (!environment.diagnostics().hasErrors()) {
            module.reset(mark);
            add(session.entry(), site);
            add(session.exit(), site + probes.entry().sites().size());
        }
    }

    /** Code that fits the stack. */
    private record Assembled(IrProgram ir, Code code) {}

    /** What {@code lower} makes for the first limit of the stack's temporaries that leads to code; empty when there is none, or a mistake. */
    private Optional<Assembled> assemble(ProbeGroup group, IntFunction<IrProgram> lower) {
        for (int limit : STACK_LIMITS) {
            int[] mark = module.mark();
            IrProgram lowered = lower.apply(limit);
            if (environment.diagnostics().hasErrors()) {
                return Optional.empty();
            }
            IrProgram optimised = ForgetPointers.apply(Optimise.all(lowered), group.context().typedPointers());
            switch (AssembleProgram.assemble(optimised)) {
                case Assembly.Assembled(Code code) -> {
                    return Optional.of(new Assembled(optimised, code));
                }
                case Assembly.StackOverflow _ -> module.reset(mark);
            }
        }
        return Optional.empty();
    }

    private void add(Assembled made, ProbeGroup group, ProbeGroup.Program program, List<AttachSpec> attachments) {
        ir.add(made.ir());
        programs.add(new ProgramSpec(name(group), program.kind(), program.expectedAttach(), program.btfId(), program.attachTo(),
                environment.settings().license(), made.code(), attachments));
    }

    private static int usedMaps(IrProgram program) {
        var used = new BitSet();
        program.functions().forEach(function -> function.lines().forEach(line -> {
            if (line.operation() instanceof Operation.MapHandle(_, int map)) {
                used.set(map);
            } else if (line.operation() instanceof Operation.MapValue(_, int map, _)) {
                used.set(map);
            }
        }));
        return used.cardinality();
    }

    /** What the kernel refuses of the maps of a program: their number, and sizes beyond 2^31. */
    private void checkMaps(TypedScript.Unit unit, IrProgram program, int firstOwn) {
        int used = usedMaps(program);
        if (used > MOST_MAPS) {
            environment.diagnostics().add(unit.probe().span(), DiagnosticCode.TOO_LARGE, "The probe uses " + used
                    + " maps, with those for events and constants; the kernel allows " + MOST_MAPS, "Split it, or use fewer maps at a time.");
        }
        for (MapSpec map : module.maps().subList(firstOwn, module.maps().size())) {
            if (map.valueSize() < 0 || map.valueSize() > MOST_BYTES) {
                environment.diagnostics().add(unit.probe().span(), DiagnosticCode.TOO_LARGE,
                        "The probe needs more than " + MOST_BYTES + " bytes of memory", "Use shorter strings, or set max_strlen in the config.");
            }
        }
    }

    private static String name(ProbeGroup group) {
        var name = new StringBuilder();
        String text = group.sites().getFirst().function().isEmpty() ? group.sites().getFirst().probe() : group.kind().name() + "_"
                + group.sites().getFirst().function();
        for (int i = 0; i < text.length() && name.length() < 15; i++) {
            char c = text.charAt(i);
            name.append(c < 128 && Character.isLetterOrDigit(c) ? c : '_');
        }
        return name.toString();
    }
}
