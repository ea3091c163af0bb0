package dev.sonde.compile;

import dev.sonde.ir.IrProgram;
import java.util.ArrayList;
import java.util.Set;

/** The optimisation passes in their order. */
final class Optimise {
    private Optimise() {}

    /** {@code program} doing the same with less; only helpers that keep their result during one run are called once. */
    static IrProgram all(IrProgram program) {
        return all(program, Effects.STEADY_HELPERS);
    }

    /** {@code program} doing the same with less; calls without arguments of the helpers of numbers {@code shared} may be made once. */
    static IrProgram all(IrProgram program, Set<Integer> shared) {
        var functions = new ArrayList<IrProgram.Function>(program.functions().size());
        for (var function : program.functions()) {
            functions.add(function(function, functions.isEmpty(), shared));
        }
        return new IrProgram(functions);
    }

    private static IrProgram.Function function(IrProgram.Function before, boolean main, Set<Integer> shared) {
        var function = SimplifyBranches.apply(before);      // first: longer blocks let the next passes know more
        function = ForwardStores.apply(function);           // makes copies and extensions, which folding then reads through
        function = FoldConstants.apply(function);           // before sharing, so that equal computations look equal
        function = ShareComputations.apply(function, main, shared);
        function = SimplifyBranches.apply(function);        // decided branches are gone: blocks join
        function = FoldConstants.apply(function);           // reads through the copies that sharing made
        function = RemoveDeadCode.apply(function);          // after the blocks that nothing reaches; readings are counted below
        function = ShareComputations.apply(function, main, shared); // what is computed from a shared call or load is alike only now
        function = FoldConstants.apply(function);
        function = NarrowValues.apply(function);            // after folding, which knows more of wide comparisons than of narrow ones
        function = RemoveDeadCode.apply(function);
        function = ReadCopies.apply(function);              // after the last folding, which would read the originals again
        return SimplifyBranches.apply(function);            // last: an emptied block leaves a jump to a jump
    }
}
