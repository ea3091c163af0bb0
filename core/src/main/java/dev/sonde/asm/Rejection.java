package dev.sonde.asm;

import java.util.Optional;

/** Known reasons for which the verifier rejects a program: what its message contains, why it says so, and what to do. */
public enum Rejection {
    PROGRAM_TOO_LARGE("BPF program is too large", "The verifier followed more than a million instructions over all paths and loops.",
            "Make loops shorter, test less inside them, or split the work over several probes."),
    TOO_MANY_JUMPS("jumps is too complex", "Too many branches are open at once on one path.",
            "Split long chains of conditions over several probes, or lower the count of unrolled loops."),
    JUMP_TOO_FAR("cannot be patched due to", "A jump would be farther than 32,767 instructions once the kernel has replaced some by several.",
            "Split the work over several probes, or lower the count of unrolled loops."),
    INFINITE_LOOP("infinite loop detected", "The verifier came to the same place twice and saw nothing change that could end the loop.",
            "Let the loop count a variable up to a fixed bound; a map's value is not seen as changing."),
    BACKWARD_JUMP("back-edge from insn", "This kernel does not allow this loop: loops need kernel 5.3, and some programs may have none.",
            "Unroll the loop, or run on a newer kernel."),
    SCALAR_ACCESS("invalid mem access 'scalar'", "The address is a plain number to the verifier, and it may not be read directly.",
            "This is a fault of the compiler: such memory has to be read with bpf_probe_read_kernel or bpf_probe_read_user."),
    SCALAR_ACCESS_BEFORE_5_18("invalid mem access 'inv'", SCALAR_ACCESS.why, SCALAR_ACCESS.remedy),
    NULL_ACCESS("_or_null", "The address can be NULL on this path and was not tested.",
            "This is a fault of the compiler: the result of the call has to be tested before it is used."),
    NULL_ARGUMENT("Possibly NULL pointer passed", "The function does not take NULL, and this pointer can be NULL on this path.",
            "Test the pointer before the call."),
    UNBOUNDED_ACCESS("unbounded memory access", "An offset or size has no upper bound that the verifier knows.",
            "Limit the index or the length by a comparison or a mask before it is used."),
    UNBOUNDED_OFFSET("math between", "A number without known bounds is added to a pointer.", UNBOUNDED_ACCESS.remedy),
    NEGATIVE_OFFSET("min value is negative", "An offset or size may be negative.", "Make it unsigned, or test that it is not below 0."),
    OUTSIDE_OF_VALUE("invalid access to map value", "An access can lie outside of the map's value.", "Test the index against the size of the array."),
    OUTSIDE_OF_MEMORY("outside of the allowed memory range", "An access can lie outside of the memory it points into.",
            "Test the index against the size of the memory."),
    OUTSIDE_OF_RECORD("invalid access to memory", "An access can lie outside of the memory it points into.",
            "Test the index against the size of the memory."),
    OUTSIDE_OF_STACK("invalid write to stack", "An access lies outside of the frame of 512 bytes.", "Use fewer or shorter variables."),
    UNWRITTEN_STACK("invalid read from stack", "Stack memory is read that was not written on every path.",
            "This is a fault of the compiler: the memory has to be cleared first."),
    UNWRITTEN_STACK_ARGUMENT("invalid indirect read from stack", UNWRITTEN_STACK.why, UNWRITTEN_STACK.remedy),
    STACK_RANGE("invalid stack ", "An access to the stack is out of its bounds or at an unknown place in it.", "Use fewer or shorter variables."),
    MISALIGNED("misaligned", "A memory access is not at a multiple of its size.", "This is a fault of the compiler."),
    UNWRITTEN_REGISTER("!read_ok", "A register is read that has no value on some path.", "This is a fault of the compiler."),
    STACK_TOO_LARGE("combined stack size", "The functions on one path of calls use more than 512 bytes of stack together.",
            "Keep fewer variables alive at once, or put large ones in a map."),
    CALLS_TOO_DEEP("call stack of", "More than eight functions call one another.", "Call fewer functions from within functions."),
    UNKNOWN_HELPER("unknown func ", "This kernel, or this kind of program in it, does not have that helper.",
            "See the kernel version that the helper needs, or use another kind of probe."),
    UNKNOWN_HELPER_SINCE_6_9("invalid func unknown", UNKNOWN_HELPER.why, UNKNOWN_HELPER.remedy),
    HELPER_NOT_HERE("cannot use helper", "This kind of program may not call that helper; the kernel may also be locked down (lockdown=integrity).",
            "Use another kind of probe, or boot the kernel without lockdown."),
    HELPER_NOT_IN_PROBE("helper call is not allowed in probe", "The helper may be called only in a few functions that the kernel lists.",
            "Use one of the functions that the helper's documentation names."),
    HELPER_SLEEPS("might sleep", "The helper can sleep and this program must not.", "Use a probe that may sleep, or a helper that does not."),
    KERNEL_FUNCTION_NOT_ALLOWED("calling kernel function", "This kind of program may not call that kernel function.", "Use another kind of probe."),
    NOT_IN_TRACING("tracing progs cannot use", "This kind of program may not use timers or locks on this kernel.",
            "Use another kind of probe, or a newer kernel."),
    GPL_ONLY("GPL", "The function is for programs under the GPL, and this program says that it has another licence.", "Set the licence to GPL."),
    UNRELEASED("Unreleased reference", "Something was reserved or acquired and is not given back on every path.",
            "This is a fault of the compiler: a reserved record has to be submitted or discarded."),
    CONTEXT_ACCESS("invalid bpf_context access", "The context of this kind of program has nothing that may be read there.",
            "See which fields the probe has on this kernel."),
    RETURN_VALUE("should have been in", "The program or callback returns a value that this kind of program may not return.", "Return 0."),
    RETURN_VALUE_BEFORE_6_8("has value (", RETURN_VALUE.why, RETURN_VALUE.remedy),
    UNREACHABLE("unreachable insn", "No path leads to an instruction.", "This is a fault of the compiler: dead code has to be left out."),
    NO_CALLBACK("unrecognized bpf_ld_imm64 insn", "Loops over maps and some others call a function back, which kernels do since 5.13.",
            "Run on a newer kernel."),
    TOO_MANY_MAPS("number of maps per program", "A program uses at most 64 maps; one for events and one for lost events are among them.",
            "Use fewer maps in one probe."),
    UNKNOWN_OPCODE("unknown opcode", "This kernel does not know an instruction; long jumps and sign-extending loads need 6.6.",
            "Run on a newer kernel."),
    RESERVED_FIELD("uses reserved fields", "This kernel does not know a form of an instruction; some need kernel 5.12 or 6.6.",
            "Run on a newer kernel."),
    NO_BTF("missing btf", "Callbacks need BTF for the functions of the program.",
            "This is a fault of the compiler: the program has to be loaded with its BTF."),
    ARGUMENT_KIND(" expected=", "An argument of a call is not of the kind that the function takes.", "This is a fault of the compiler."),
    POINTER_ARITHMETIC("prohibited", "The kernel does not allow this operation on this pointer.", "Compute with the address as a number instead.");

    private final String pattern;
    private final String why;
    private final String remedy;

    Rejection(String pattern, String why, String remedy) {
        this.pattern = pattern;
        this.why = why;
        this.remedy = remedy;
    }

    /** The reason that a line of the verifier's log gives. */
    public static Optional<Rejection> of(String line) {
        for (Rejection rejection : values()) {
            if (line.contains(rejection.pattern)) {
                return Optional.of(rejection);
            }
        }
        return Optional.empty();
    }

    /** Why the verifier says so. */
    public String why() {
        return why;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
