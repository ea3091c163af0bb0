package dev.sonde.target;

import java.util.List;
import java.util.Optional;

/** Processors with what the kernel's struct pt_regs looks like to a BPF program. Offsets are bytes. */
public enum Architecture {
    X86_64(
            List.of("r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si", "di", "orig_ax", "ip", "cs", "flags",
                    "sp", "ss"),
            List.of("di", "si", "dx", "cx", "r8", "r9"), "ax", "ip", "sp"),
    ARM64(
            List.of("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "r16", "r17", "r18",
                    "r19", "r20", "r21", "r22", "r23", "r24", "r25", "r26", "r27", "r28", "r29", "r30", "sp", "pc", "pstate"),
            List.of("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"), "r0", "pc", "sp");

    private final List<String> registers;
    private final List<String> arguments;
    private final String result;
    private final String instructionPointer;
    private final String stackPointer;

    Architecture(List<String> registers, List<String> arguments, String result, String instructionPointer, String stackPointer) {
        this.registers = registers;
        this.arguments = arguments;
        this.result = result;
        this.instructionPointer = instructionPointer;
        this.stackPointer = stackPointer;
    }

    /** Names of the registers of struct pt_regs in their order, 8 bytes each, as bpftrace's reg() spells them. */
    public List<String> registers() {
        return registers;
    }

    /** Offset in struct pt_regs of a register; {@code pc}, {@code ip} and {@code sp} work on every processor. */
    public Optional<Integer> offsetOf(String register) {
        int index = registers.indexOf(switch (register) {
            case "pc", "ip" -> instructionPointer;
            default -> register;
        });
        return index < 0 ? Optional.empty() : Optional.of(8 * index);
    }

    /** Offset of the general register with that DWARF number (psABI x86-64 figure 3.36, DWARF for the Arm 64-bit Architecture §4.1). */
    public Optional<Integer> dwarfRegister(int number) {
        String[] numbered = {"ax", "dx", "cx", "bx", "si", "di", "bp", "sp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "ip"};
        if (this == ARM64) {
            return number >= 0 && number < 32 ? Optional.of(8 * number) : Optional.empty();
        }
        return number >= 0 && number < numbered.length ? offsetOf(numbered[number]) : Optional.empty();
    }

    /** Offset of the register of integer argument {@code index}; empty for one that is passed on the stack. */
    public Optional<Integer> argument(int index) {
        return index < arguments.size() ? offsetOf(arguments.get(index)) : Optional.empty();
    }

    /** How many integer arguments are passed in registers. */
    public int argumentRegisters() {
        return arguments.size();
    }

    /** Offset of the register of a function's result. */
    public int result() {
        return offsetOf(result).orElseThrow();
    }

    /** Offset of the stack pointer. */
    public int stackPointer() {
        return offsetOf(stackPointer).orElseThrow();
    }

    /** Offset of the instruction pointer. */
    public int instructionPointer() {
        return offsetOf(instructionPointer).orElseThrow();
    }
}
