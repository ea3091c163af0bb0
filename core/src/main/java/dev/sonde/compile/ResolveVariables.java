package dev.sonde.compile;

import dev.sonde.builtins.Builtins;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which variable each {@code $name} of one probe means.
 *
 * <p>A name belongs to the block that first assigns it. When a block reads a name that only blocks beside it have assigned (scripts from before
 * block scopes do so), the name moves up to the smallest block that encloses all of these uses. {@code let} always makes a new variable. A read of a
 * name that nothing assigned before is a diagnostic. Types are left to {@link InferTypes}.
 */
final class ResolveVariables {
    private final Target target;
    private final Diagnostics diagnostics;
    private final Map<Script.Block, Set<String>> hoisted = new IdentityHashMap<>();
    private Map<String, List<Scope>> closed = new HashMap<>();
    private Scopes result = new Scopes();
    private Scope scope;
    private int loops;
    private boolean again;
    /** Variables that are declared without a value, until they are assigned one. */
    private final Set<Variable> unassigned = new LinkedHashSet<>();
    private boolean last;

    private static final class Scope {
        final Scope parent;
        final Script.Block block;
        final int depth;
        final boolean callback;
        final Map<String, Variable> variables = new HashMap<>();
        /** The variable of the loop whose body this is, which ends with it; null elsewhere. */
        Variable own;

        Scope(Scope parent, Script.Block block, boolean callback) {
            this.parent = parent;
            this.block = block;
            this.depth = parent == null ? 0 : parent.depth + 1;
            this.callback = callback;
        }
    }

    ResolveVariables(Target target, Diagnostics diagnostics) {
        this.target = target;
        this.diagnostics = diagnostics;
    }

    /** The variables of {@code probe}. */
    Scopes resolve(Script.Probe probe) {
        do {
            again = false;
            start(probe);
        } while (again);
        last = true;
        start(probe);
        for (Variable variable : unassigned) {
            diagnostics.add(variable.place().orElseThrow(), DiagnosticCode.UNASSIGNED, "Variable " + variable + " was never assigned to.");
        }
        return result;
    }

    private void start(Script.Probe probe) {
        result = new Scopes();
        closed = new HashMap<>();
        unassigned.clear();
        scope = null;
        enter(probe.body(), false);
        probe.predicate().ifPresent(this::expression);
        content(probe.body());
        leave();
    }

    private void enter(Script.Block block, boolean callback) {
        scope = new Scope(scope, block, callback);
        for (String name : hoisted.getOrDefault(block, Set.of())) {
            declare(name).startAsZero();
        }
    }

    private void leave() {
        for (Map.Entry<String, Variable> entry : scope.variables.entrySet()) {
            if (entry.getValue() != scope.own) {
                closed.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(scope);
            }
        }
        scope = scope.parent;
    }

    /** {@code let $x} of a declaration, {@code $x} of a loop. */
    static Span declaration(Statement statement, String name) {
        String written = "$" + Variable.asWritten(name);
        Span span = statement.span();
        int at = span.source().text().indexOf(written, span.start());
        if (at < 0 || at >= span.end()) {
            return span;
        }
        return span.source().span(statement instanceof Statement.Let ? span.start() : at, at + written.length());
    }

    /** A name that is in use here already cannot be declared again. */
    private void checkShadowing(String name, Span at) {
        Variable known = find(name);
        if (known != null && last) {
            boolean loop = !at.text().startsWith("let");
            var mistake = Diagnostic.at(at, DiagnosticCode.BAD_STATEMENT, loop ? "Loop declaration shadows existing variable: " + known
                    : "Variable " + known + " was already declared. Variable shadowing is not allowed.");
            diagnostics.add(known.place().map(place -> mistake.note(place, "This is the initial declaration.")).orElse(mistake));
        }
    }

    private Variable declare(String name) {
        return declare(name, null);
    }

    private Variable declare(String name, Span place) {
        var variable = new Variable(name, loops, place);
        scope.variables.put(name, variable);
        result.declare(scope.block, variable);
        return variable;
    }

    private void block(Script.Block block, boolean callback) {
        enter(block, callback);
        content(block);
        leave();
    }

    private void content(Script.Block block) {
        for (Statement statement : block.statements()) {
            statement(statement);
        }
        block.result().ifPresent(this::expression);
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Assign a when a.target() instanceof Expression.Variable v && a.operator().isEmpty() -> {
                expression(a.value());
                assign(v);
            }
            case Statement.Assign a when a.target() instanceof Expression.Variable v -> {
                parts(Children.of(a));
                changed(v);
            }
            case Statement.Let l -> {
                parts(Children.of(l));
                checkShadowing(l.name(), declaration(l, l.name()));
                Variable variable = declare(l.name(), declaration(l, l.name()));
                if (l.value().isEmpty()) {
                    variable.startAsZero();
                    unassigned.add(variable);
                }
                result.use(l, variable);
            }
            case Statement.Destructure d -> {
                expression(d.value());
                List<Variable> variables = new ArrayList<>();
                d.names().forEach(name -> variables.add(declare(name)));
                result.destructure(d, variables);
            }
            case Statement.ForRange f -> {
                expression(f.from());
                expression(f.to());
                loop(f, f.name(), f.body(), LowerLoop.form(f, target) == LowerLoop.Form.CALLED_BACK);
            }
            case Statement.ForMap f -> loop(f, f.name(), f.body(), true);
            case Statement.While w -> loop(w, LowerLoop.form(target));
            case Statement.Evaluate _, Statement.Assign _, Statement.Discard _, Statement.If _, Statement.Unroll _, Statement.Break _,
                    Statement.Continue _, Statement.Return _, Statement.Nested _, Statement.ImportStatement _ -> parts(Children.of(statement));
        }
    }

    private void loop(Statement node, String name, Script.Block body, boolean callback) {
        checkShadowing(name, declaration(node, name));
        loops++;
        enter(body, callback);
        Variable variable = declare(name, declaration(node, name));
        result.use(node, variable);
        scope.own = variable;
        content(body);
        leave();
        loops--;
    }

    private void loop(Statement.While loop, LowerLoop.Form form) {
        // Of a plain loop the verifier has to see what ends it, so its variables are not hidden.
        int around = form == LowerLoop.Form.PLAIN ? 0 : 1;
        loops += around;
        enter(loop.body(), form == LowerLoop.Form.CALLED_BACK);
        expression(loop.condition());
        content(loop.body());
        leave();
        loops -= around;
    }

    private void parts(List<Object> parts) {
        for (Object part : parts) {
            switch (part) {
                case Expression e -> expression(e);
                case Script.Block b -> block(b, false);
                default -> throw new IllegalStateException(part.toString());
            }
        }
    }

    private void expression(Expression expression) {
        if (expression instanceof Expression.Variable variable) {
            read(variable);
        } else if (expression instanceof Expression.Increment(_, Expression.Variable variable, _, _)) {
            read(variable);
            changed(variable);
        } else if (expression instanceof Expression.Call call && Builtins.assigns(call.name())) {
            assigning(Children.of(call));
        } else {
            parts(Children.of(expression));
        }
    }

    /** A call that may assign to the variable that is its last argument. */
    private void assigning(List<Object> arguments) {
        boolean variable = !arguments.isEmpty() && arguments.getLast() instanceof Expression.Variable;
        parts(variable ? arguments.subList(0, arguments.size() - 1) : arguments);
        if (variable && arguments.getLast() instanceof Expression.Variable last) {
            if (find(last.name()) == null) {
                declare(last.name()).startAsZero();
            }
            assign(last);
        }
    }

    private void assign(Expression.Variable use) {
        Variable known = find(use.name());
        result.use(use, known != null ? known : declare(use.name(), use.span()));
        changed(use);
    }

    private void changed(Expression.Variable use) {
        result.of(use).ifPresent(variable -> {
            variable.assignedIn(loops);
            unassigned.remove(variable);
        });
    }

    private void read(Expression.Variable use) {
        Variable known = find(use.name());
        if (known != null) {
            result.use(use, known);
            if (last && unassigned.contains(known)) {
                diagnostics.add(use.span(), DiagnosticCode.UNASSIGNED, "Variable used before it was assigned: " + known);
            }
        } else if (!hoist(use.name()) && last) {
            diagnostics.add(use.span(), DiagnosticCode.UNDEFINED_VARIABLE, "Undefined or undeclared variable: $" + Variable.asWritten(use.name()));
        }
    }

    private Variable find(String name) {
        boolean outside = false;
        for (Scope s = scope; s != null; s = s.parent) {
            Variable variable = s.variables.get(name);
            if (variable != null) {
                if (outside) {
                    variable.capture();
                }
                return variable;
            }
            outside |= s.callback;
        }
        return null;
    }

    /** Moves a name up to the block that encloses this use and the earlier assignments; false when there is none. */
    private boolean hoist(String name) {
        List<Scope> earlier = closed.getOrDefault(name, List.of());
        if (earlier.isEmpty()) {
            return false;
        }
        Scope common = scope;
        for (Scope other : earlier) {
            common = commonScope(common, other);
        }
        if (hoisted.computeIfAbsent(common.block, _ -> new HashSet<>()).add(name)) {
            again = true;
        }
        return true;
    }

    private static Scope commonScope(Scope a, Scope b) {
        while (a != b) {
            if (a.depth >= b.depth) {
                a = a.parent;
            } else {
                b = b.parent;
            }
        }
        return a;
    }
}
