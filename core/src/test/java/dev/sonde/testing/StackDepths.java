package dev.sonde.testing;

import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks, as the verifier does, that the functions of every chain of calls use at most 512 bytes of stack together. */
final class StackDepths {
    private final Map<Integer, Integer> depths = new HashMap<>();
    private final Set<List<Integer>> chains = new HashSet<>();

    /** Remembers the functions that are active now. */
    void enter(Deque<BpfFrame> frames) {
        var chain = new ArrayList<Integer>();
        frames.forEach(frame -> chain.add(frame.function));
        chains.add(chain);
    }

    /** Remembers how much stack a call used. */
    void leave(BpfFrame frame) {
        depths.merge(frame.function, frame.depth(), Math::max);
    }

    void check() {
        for (List<Integer> chain : chains) {
            int sum = 0;
            for (int function : chain) {
                sum += depths.getOrDefault(function, 0);
            }
            if (sum > BpfFrame.STACK_SIZE) {
                throw new MachineFailure("combined stack size of " + chain.size() + " calls is " + sum + ". Too large");
            }
        }
    }
}
