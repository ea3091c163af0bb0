package dev.sonde.compile;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;
import java.util.Set;

/** What one operation reads and writes. Decides nothing; every pass asks here. */
final class Effects {
    /** The most registers an operation reads: the arguments of a call. */
    static final int MOST_READS = 5;

    /** Helpers whose result does not change while a program runs on behalf of one event. */
    static final Set<Integer> STEADY_HELPERS = Set.of(BpfHelper.GET_CURRENT_PID_TGID.number(), BpfHelper.GET_CURRENT_UID_GID.number(),
            BpfHelper.GET_SMP_PROCESSOR_ID.number(), BpfHelper.GET_CURRENT_TASK.number(), BpfHelper.GET_CURRENT_CGROUP_ID.number());

    private static final Set<Integer> HELPERS_WITHOUT_EFFECT = Set.of(BpfHelper.KTIME_GET_NS.number(), BpfHelper.KTIME_GET_BOOT_NS.number(),
            BpfHelper.KTIME_GET_TAI_NS.number(), BpfHelper.JIFFIES64.number(), BpfHelper.GET_PRANDOM_U32.number(),
            BpfHelper.GET_NUMA_NODE_ID.number(), BpfHelper.GET_ATTACH_COOKIE.number(), BpfHelper.GET_FUNC_IP.number());

    private Effects() {}

    /** The register that {@code operation} assigns, or -1. */
    static int written(Operation operation) {
        return switch (operation) {
            case Operation.Constant(var dst, _) -> dst.number();
            case Operation.Copy(var dst, _) -> dst.number();
            case Operation.Alu(_, var dst, _, _) -> dst.number();
            case Operation.Negate(var dst, _) -> dst.number();
            case Operation.Extend(var dst, _, _, _) -> dst.number();
            case Operation.ByteSwap(var dst, _, _) -> dst.number();
            case Operation.Load(var dst, _, _, _) -> dst.number();
            case Operation.AddressOf(var dst, _) -> dst.number();
            case Operation.MapHandle(var dst, _) -> dst.number();
            case Operation.MapValue(var dst, _, _) -> dst.number();
            case Operation.FunctionAddress(var dst, _) -> dst.number();
            case Operation.Parameter(var dst, _) -> dst.number();
            case Operation.CallHelper call -> call.dst().isPresent() ? call.dst().get().number() : -1;
            case Operation.CallKernelFunction call -> call.dst().isPresent() ? call.dst().get().number() : -1;
            case Operation.CallFunction call -> call.dst().isPresent() ? call.dst().get().number() : -1;
            case Operation.Store _, Operation.AtomicAdd _, Operation.Label _, Operation.Jump _, Operation.Branch _,
                    Operation.NarrowBranch _, Operation.LoopBudget _, Operation.Return _ -> -1;
        };
    }

    /** Puts the registers that {@code operation} reads into {@code into}, one entry a reading, and says how many there are. */
    static int reads(Operation operation, int[] into) {
        return switch (operation) {
            case Operation.Copy(_, var src) -> add(src, into, 0);
            case Operation.Alu(_, _, var left, var right) -> add(right, into, add(left, into, 0));
            case Operation.Negate(_, var src) -> add(src, into, 0);
            case Operation.Extend(_, var src, _, _) -> add(src, into, 0);
            case Operation.ByteSwap(_, var src, _) -> add(src, into, 0);
            case Operation.Load(_, var from, _, _) -> add(from, into, 0);
            case Operation.Store(var to, _, var value) -> add(value, into, add(to, into, 0));
            case Operation.AtomicAdd(var to, _, var value) -> add(value, into, add(to, into, 0));
            case Operation.AddressOf(_, var place) -> add(place, into, 0);
            case Operation.CallHelper(_, _, var arguments) -> add(arguments, into);
            case Operation.CallKernelFunction(_, _, _, var arguments) -> add(arguments, into);
            case Operation.CallFunction(_, _, var arguments) -> add(arguments, into);
            case Operation.Branch(_, var left, var right, _) -> add(right, into, add(left, into, 0));
            case Operation.NarrowBranch(_, var left, var right, _) -> add(right, into, add(left, into, 0));
            case Operation.Return(var value) -> add(value, into, 0);
            case Operation.Constant _, Operation.MapHandle _, Operation.MapValue _, Operation.FunctionAddress _, Operation.Parameter _,
                    Operation.Label _, Operation.Jump _, Operation.LoopBudget _ -> 0;
        };
    }

    private static int add(List<Operand> arguments, int[] into) {
        int count = 0;
        for (int i = 0; i < arguments.size(); i++) {
            count = add(arguments.get(i), into, count);
        }
        return count;
    }

    private static int add(Operand operand, int[] into, int count) {
        if (operand instanceof Operand.Register(int number)) {
            into[count++] = number;
        }
        return count;
    }

    private static int add(Address address, int[] into, int count) {
        return address instanceof Address.AtRegister(var base, _) ? add(base, into, count) : count;
    }

    /** Whether two operands are the same register or the same constant. The equality of records is dearer to set up. */
    static boolean same(Operand first, Operand second) {
        if (first instanceof Operand.Register(int a)) {
            return second instanceof Operand.Register(int b) && a == b;
        }
        return second instanceof Operand.Constant(long b) && ((Operand.Constant) first).value() == b;
    }

    /** The place in memory that {@code operation} accesses or takes the address of, or null. */
    static Address place(Operation operation) {
        if (operation instanceof Operation.Load(_, var from, _, _)) {
            return from;
        }
        if (operation instanceof Operation.Store(var to, _, _)) {
            return to;
        }
        if (operation instanceof Operation.AtomicAdd(var to, _, _)) {
            return to;
        }
        return operation instanceof Operation.AddressOf(_, var of) ? of : null;
    }

    /** The arguments of a call, or null for any other operation. */
    static List<Operand> arguments(Operation operation) {
        if (operation instanceof Operation.CallHelper(_, _, var arguments)) {
            return arguments;
        }
        if (operation instanceof Operation.CallKernelFunction(_, _, _, var arguments)) {
            return arguments;
        }
        return operation instanceof Operation.CallFunction(_, _, var arguments) ? arguments : null;
    }

    /** Whether {@code operation} is a call, after which R0 to R5 are lost. */
    static boolean isCall(Operation operation) {
        return operation instanceof Operation.CallHelper || operation instanceof Operation.CallKernelFunction
                || operation instanceof Operation.CallFunction;
    }

    /** Whether {@code operation} does nothing but assign its register. */
    static boolean onlyAssigns(Operation operation) {
        return switch (operation) {
            case Operation.CallHelper(_, int helper, _) -> STEADY_HELPERS.contains(helper) || HELPERS_WITHOUT_EFFECT.contains(helper);
            case Operation.Constant _, Operation.Copy _, Operation.Alu _, Operation.Negate _, Operation.Extend _, Operation.ByteSwap _,
                    Operation.Load _, Operation.AddressOf _, Operation.MapHandle _, Operation.MapValue _, Operation.FunctionAddress _,
                    Operation.Parameter _ -> true;
            case Operation.Store _, Operation.AtomicAdd _, Operation.CallKernelFunction _, Operation.CallFunction _, Operation.Label _,
                    Operation.Jump _, Operation.Branch _, Operation.NarrowBranch _, Operation.LoopBudget _, Operation.Return _ -> false;
        };
    }

    /** Where {@code operation} may jump to, or null. */
    static Operation.Label target(Operation operation) {
        if (operation instanceof Operation.Jump(var target)) {
            return target;
        }
        if (operation instanceof Operation.Branch(_, _, _, var target)) {
            return target;
        }
        if (operation instanceof Operation.NarrowBranch(_, _, _, var target)) {
            return target;
        }
        return operation instanceof Operation.LoopBudget(var target) ? target : null;
    }

    /** Whether what follows {@code operation} is reached only by a jump. */
    static boolean endsPath(Operation operation) {
        return operation instanceof Operation.Jump || operation instanceof Operation.Return;
    }
}
