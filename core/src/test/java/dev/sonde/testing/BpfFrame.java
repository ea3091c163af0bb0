package dev.sonde.testing;

/** The registers and the stack of one function call. */
final class BpfFrame {
    static final int STACK_SIZE = 512;
    private static final int FRAME_POINTER = 10;

    final int function;
    final MemoryRegion stack = MemoryRegion.stack(STACK_SIZE);
    private final long[] values = new long[11];
    private final boolean[] set = new boolean[11];

    BpfFrame(int function, BpfMemory memory) {
        this.function = function;
        values[FRAME_POINTER] = memory.add(stack) + STACK_SIZE;
        set[FRAME_POINTER] = true;
    }

    long get(int register) {
        if (register > FRAME_POINTER) {
            throw new MachineFailure("register " + register);
        }
        if (!set[register]) {
            throw new MachineFailure("R" + register + " !read_ok");
        }
        return values[register];
    }

    void set(int register, long value) {
        if (register >= FRAME_POINTER) {
            throw new MachineFailure(register == FRAME_POINTER ? "frame pointer is read only" : "register " + register);
        }
        values[register] = value;
        set[register] = true;
    }

    boolean isSet(int register) {
        return set[register];
    }

    /** Forgets R0 to R5, as a call does. */
    void clobber() {
        for (int i = 0; i <= 5; i++) {
            set[i] = false;
            values[i] = 0;
        }
    }

    /** R1 to R5 of those that hold anything, else 0. */
    long[] arguments() {
        long[] arguments = new long[5];
        System.arraycopy(values, 1, arguments, 0, 5);
        return arguments;
    }

    /** Passes R1 to R5 on to a called function. */
    void passTo(BpfFrame callee) {
        for (int i = 1; i <= 5; i++) {
            if (set[i]) {
                callee.set(i, values[i]);
            }
        }
    }

    /** Bytes of stack used so far, rounded up as the verifier counts them. */
    int depth() {
        return Math.max(STACK_SIZE - stack.lowest, 1) + 31 & -32;
    }
}
