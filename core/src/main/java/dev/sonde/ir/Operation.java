package dev.sonde.ir;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import java.util.List;
import java.util.Optional;

/**
 * One three-address operation. All arithmetic is 64 bits wide; widths of memory accesses are bytes (1, 2, 4, 8). Narrow loads extend to 64 bits as
 * {@code signed} says.
 */
public sealed interface Operation {
    /** {@code dst = value} */
    record Constant(Operand.Register dst, long value) implements Operation {}

    /** {@code dst = src} */
    record Copy(Operand.Register dst, Operand.Register src) implements Operation {}

    /** {@code dst = left op right}; not MOV or NEG. DIV and MOD are unsigned and give 0 and the dividend when the divisor is 0. */
    record Alu(AluOperation operation, Operand.Register dst, Operand left, Operand right) implements Operation {}

    /** {@code dst = -src} */
    record Negate(Operand.Register dst, Operand.Register src) implements Operation {}

    /** {@code dst} = the low {@code bits} (8, 16, 32) of {@code src}, extended to 64 bits. */
    record Extend(Operand.Register dst, Operand.Register src, int bits, boolean signed) implements Operation {}

    /** {@code dst} = the low {@code bits} (16, 32, 64) of {@code src} with their bytes exchanged, zero-extended. */
    record ByteSwap(Operand.Register dst, Operand.Register src, int bits) implements Operation {}

    /** {@code dst = *(width bytes at from)} */
    record Load(Operand.Register dst, Address from, int width, boolean signed) implements Operation {}

    /** {@code *(width bytes at to) = value} */
    record Store(Address to, int width, Operand value) implements Operation {}

    /** {@code lock *(width bytes at to) += value}; width 4 or 8. */
    record AtomicAdd(Address to, int width, Operand.Register value) implements Operation {}

    /** {@code dst} = the address of a place, as a pointer value. */
    record AddressOf(Operand.Register dst, Address place) implements Operation {}

    /** {@code dst} = the map of that index, as a helper's argument. */
    record MapHandle(Operand.Register dst, int map) implements Operation {}

    /** {@code dst} = the address of byte {@code offset} in the single value of an array map. */
    record MapValue(Operand.Register dst, int map, int offset) implements Operation {}

    /** {@code dst} = the address of a subprogram, as a helper's argument. */
    record FunctionAddress(Operand.Register dst, String function) implements Operation {}

    /** {@code dst} = the program's context pointer or, in a subprogram, parameter {@code index} (0 to 4). Only at the function's start. */
    record Parameter(Operand.Register dst, int index) implements Operation {}

    /** {@code dst = helper(arguments)} */
    record CallHelper(Optional<Operand.Register> dst, int helper, List<Operand> arguments) implements Operation {
        public CallHelper {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code dst = function(arguments)}, a kernel function (kfunc) of that BTF id. */
    record CallKernelFunction(Optional<Operand.Register> dst, String name, int btfId, List<Operand> arguments) implements Operation {
        public CallKernelFunction {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code dst = function(arguments)}, a subprogram of this program. */
    record CallFunction(Optional<Operand.Register> dst, String function, List<Operand> arguments) implements Operation {
        public CallFunction {
            arguments = List.copyOf(arguments);
        }
    }

    /** A place to jump to. */
    record Label(int number) implements Operation {
        @Override
        public String toString() {
            return "L" + number;
        }
    }

    /** {@code goto target} */
    record Jump(Label target) implements Operation {}

    /** {@code if left op right goto target}, else go on. */
    record Branch(Condition condition, Operand.Register left, Operand right, Label target) implements Operation {}

    /** As {@link Branch}, but looks at the low 32 bits of both operands alone. Made by the optimiser; kernel 5.1. */
    record NarrowBranch(Condition condition, Operand.Register left, Operand right, Label target) implements Operation {}

    /** Go on, or to {@code target} when the kernel's loop budget is used up (may_goto, kernel 6.9). */
    record LoopBudget(Label target) implements Operation {}

    /** End of the function with {@code value} as its result. */
    record Return(Operand value) implements Operation {}
}
