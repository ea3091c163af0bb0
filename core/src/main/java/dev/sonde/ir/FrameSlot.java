package dev.sonde.ir;

/**
 * Memory in a function's stack frame, below R10. Slots whose lifetimes do not overlap may be laid over each other.
 *
 * @param number unique in its function
 * @param size bytes
 * @param alignment bytes, at most 8
 */
public record FrameSlot(int number, int size, int alignment) {
    @Override
    public String toString() {
        return "slot" + number;
    }
}
