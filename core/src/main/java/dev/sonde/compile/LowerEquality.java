package dev.sonde.compile;

import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Compares values that take more than a register: strings to their NUL, tuples by elements, everything else byte by byte. */
final class LowerEquality {
    private final LowerProbe probe;
    private final IrBuilder ir;

    LowerEquality(LowerProbe probe) {
        this.probe = probe;
        this.ir = probe.body().ir();
    }

    /** Goes to {@code differ} when the values are not equal. */
    void differ(Value left, Value right, Operation.Label differ) {
        if (left.type() instanceof Type.SiteName name && right instanceof Value.Literal(_, byte[] bytes)) {
            site(probe.memory().scalar(left), name, bytes, differ);
        } else if (right.type() instanceof Type.SiteName && left instanceof Value.Literal) {
            differ(right, left, differ);
        } else if (left instanceof Value.Literal(_, byte[] bytes) && !(right instanceof Value.Literal)) {
            literal(right, bytes, differ);
        } else if (right instanceof Value.Literal(_, byte[] bytes)) {
            literal(left, bytes, differ);
        } else {
            memory(left, right, differ);
        }
    }

    private void literal(Value value, byte[] bytes, Operation.Label differ) {
        probe.memory().compareLiteral(probe.memory().inMemory(value), bytes, value.type().size(), differ);
        if (bytes.length + 1 > value.type().size() && bytes.length > value.type().size()) {
            ir.jump(differ);
        }
    }

    private void memory(Value left, Value right, Operation.Label differ) {
        Address a = probe.memory().inMemory(left);
        Address b = probe.memory().inMemory(right);
        switch (left.type()) {
            case Type.Text(int capacity) -> probe.memory().compareStrings(a, b, Math.min(capacity, right.type().size()), differ);
            case Type.Tuple(List<Type> elements) ->
                    elements(LowerMemory.parts(elements, a), LowerMemory.parts(((Type.Tuple) right.type()).elements(), b), differ);
            case Type.Named n -> {
                var other = (Type.Named) right.type();
                elements(LowerMemory.parts(n.elements(), a), Unify.inOrder(n.names(), other.names(), LowerMemory.parts(other.elements(), b)), differ);
            }
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Buffer _, Type.Pointer _, Type.Array _, Type.Struct _,
                    Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _,
                    Type.Stack _, Type.SiteName _,
                    Type.Aggregate _ -> probe.memory().compare(a, b, Math.min(left.type().size(), right.type().size()), differ);
        }
    }

    private void elements(List<Value> left, List<Value> right, Operation.Label differ) {
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i).type().isScalar()) {
                Operand.Register a = ir.inRegister(probe.memory().scalar(left.get(i)));
                ir.branch(Condition.NE, a, probe.memory().scalar(right.get(i)), differ);
            } else {
                memory(left.get(i), right.get(i), differ);
            }
        }
    }

    /** The place's name is compared through the site table: goes on for the indices whose text is the same. */
    private void site(Operand index, Type.SiteName name, byte[] bytes, Operation.Label differ) {
        String wanted = new String(bytes, StandardCharsets.UTF_8);
        Operation.Label same = ir.label();
        List<TraceSpec.Site> sites = probe.body().module().sites();
        for (int i = 0; i < sites.size(); i++) {
            String text = name.function() ? sites.get(i).function() : sites.get(i).probe();
            if (text.equals(wanted)) {
                ir.branch(Condition.EQ, ir.inRegister(index), i, same);
            }
        }
        ir.jump(differ);
        ir.place(same);
    }
}
