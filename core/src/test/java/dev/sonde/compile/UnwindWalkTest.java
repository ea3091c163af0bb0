package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.UnwindLayout;
import dev.sonde.target.Architecture;
import dev.sonde.target.RecordedTarget;
import dev.sonde.testing.FakeMap;
import dev.sonde.testing.Scene;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stacks that are made by hand, walked by rules that are made by hand. */
class UnwindWalkTest {
    private static final int PID = 1000;
    private static final long CODE = 0x40_0000;
    private static final int FUNCTION = 256;
    private static final long STACK = 0x7fff_0000_0000L;
    private static final long SIGNATURE = 0x00a5L << 48;

    private final ByteBuffer stack = bytes(8192);
    private final ByteBuffer registers = bytes(272);
    private final List<Integer> rules = new ArrayList<>();

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** An address in function {@code number}, which is walked by the rule of that number. */
    private static long in(int number) {
        return CODE + number * FUNCTION + 0x20;
    }

    private void word(int place, long value) {
        stack.putLong(place, value);
    }

    private void register(Architecture architecture, String name, long value) {
        registers.putLong(architecture.offsetOf(name).orElseThrow(), value);
    }

    private static int arm(int kind, int offset, int slots, int below) {
        return UnwindLayout.Arm64.rule(kind, offset, slots, below);
    }

    /** The addresses of the stack. */
    private List<Long> walk(Architecture architecture) {
        var scene = new Scene().pid(PID, PID).user(STACK, stack.array()).taskRegisters(registers.array());
        var target = RecordedTarget.builder().architecture(architecture).build();
        var machine = ScriptMachine.of("begin { @[ustack(dwarf)] = 1 }", target, scene);
        ByteBuffer shard = bytes(UnwindLayout.SHARD_BYTES);
        for (int i = 0; i < rules.size(); i++) {
            shard.putInt(i * FUNCTION).putInt(rules.get(i));
        }
        int inner = machine.add(new FakeMap(FakeMap.ARRAY, 4, UnwindLayout.SHARD_BYTES, 1).put(new byte[4], shard.array()));
        machine.map(UnwindLayout.ROWS).put(new byte[4], bytes(4).putInt(inner).array());
        machine.map(UnwindLayout.PROCESSES).put(bytes(8).putLong(PID).array(), process());
        machine.begin();
        ByteBuffer words = ByteBuffer.wrap(machine.map("stacks").entries().getFirst().value()).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> addresses = new ArrayList<>();
        for (long left = words.getLong(); left > 0; left--) {
            addresses.add(words.getLong());
        }
        return addresses;
    }

    /** One range besides the empty one that each process has. */
    private byte[] process() {
        ByteBuffer process = bytes(UnwindLayout.PROCESS_BYTES).putInt(UnwindLayout.COUNT, 2);
        int range = UnwindLayout.RANGES + UnwindLayout.RANGE_BYTES;
        process.putLong(range + UnwindLayout.START, CODE).putInt(range + UnwindLayout.SIZE, rules.size() * FUNCTION);
        return process.putShort(range + UnwindLayout.LAST, (short) (rules.size() - 1)).array();
    }

    private void startArm64(long pc, long sp, long x29, long x30) {
        register(Architecture.ARM64, "pc", pc);
        register(Architecture.ARM64, "sp", sp);
        register(Architecture.ARM64, "r29", x29);
        register(Architecture.ARM64, "r30", x30);
    }

    @Test
    void arm64FramesOfAllKindsAreWalked() {
        startArm64(in(0), STACK, STACK + 0x200, in(1));
        rules.add(arm(UnwindLayout.STACK_POINTER, 0, 0, 0));
        // Frame pointer and return address at the bottom of a frame of 32 bytes.
        rules.add(arm(UnwindLayout.STACK_POINTER, 32, 3, 1));
        word(0, STACK + 0x60);
        word(8, in(2) | SIGNATURE);
        // A frame whose size only the frame pointer tells.
        rules.add(arm(UnwindLayout.FRAME_POINTER, 16, 1, 1));
        word(0x60, STACK + 0x300);
        word(0x68, in(3));
        // A word between both; then a return address alone.
        rules.add(arm(UnwindLayout.STACK_POINTER, 64, 2, 2));
        word(0x70 + 48, in(4));
        word(0x70 + 32, STACK + 0x400);
        rules.add(arm(UnwindLayout.STACK_POINTER, 1024, 128, 0));
        word(0xb0, in(5));
        rules.add(arm(UnwindLayout.OUTERMOST, 0, 0, 0));
        assertThat(walk(Architecture.ARM64)).containsExactly(in(0), in(1), in(2), in(3), in(4), in(5));
    }

    @Test
    void arm64SignalsGoOnWithAllRegistersOfWhatTheyInterrupted() {
        startArm64(in(0), STACK, 0, in(1));
        rules.add(arm(UnwindLayout.STACK_POINTER, 32, 0, 0));
        rules.add(arm(UnwindLayout.SIGNAL, 0, 0, 0));
        // struct rt_sigframe: 128 bytes of struct siginfo, then struct ucontext with its struct sigcontext at 176.
        int context = 32 + 128 + 176;
        word(context + 8 + 8 * 29, STACK + 0x800);
        word(context + 8 + 8 * 30, in(3));
        word(context + 8 + 8 * 31, STACK + 0x700);
        word(context + 8 + 8 * 32, in(2));
        rules.add(arm(UnwindLayout.STACK_POINTER, 0x20, 0, 0));
        rules.add(arm(UnwindLayout.STACK_POINTER, 0x30, 1, 1));
        word(0x748, in(4));
        word(0x740, STACK + 0x800);
        rules.add(arm(UnwindLayout.OUTERMOST, 0, 0, 0));
        assertThat(walk(Architecture.ARM64)).containsExactly(in(0), in(1), in(2), in(3), in(4));
    }

    @Test
    void arm64FramePointerTellsNothingOfTheStackPointer() {
        startArm64(in(0), STACK, STACK + 0x40, in(1));
        rules.add(UnwindLayout.UNKNOWN);
        word(0x40, STACK + 0x50);
        word(0x48, in(1) | SIGNATURE);
        // By this rule the caller would be read from where nothing is.
        rules.add(arm(UnwindLayout.STACK_POINTER, 32, 3, 1));
        word(0x50, STACK + 0x80);
        word(0x58, in(2));
        // What counts from the frame pointer is known again, and the stack pointer from here on.
        rules.add(arm(UnwindLayout.FRAME_POINTER, 32, 4, 0));
        word(0x80, in(3));
        rules.add(arm(UnwindLayout.STACK_POINTER, 16, 1, 0));
        word(0xa8, in(4));
        rules.add(arm(UnwindLayout.OUTERMOST, 0, 0, 0));
        assertThat(walk(Architecture.ARM64)).containsExactly(in(0), in(1), in(2), in(3), in(4));
    }

    @Test
    void arm64LinkRegisterServesOnce() {
        startArm64(in(0), STACK, STACK + 0x40, in(1));
        rules.add(arm(UnwindLayout.STACK_POINTER, 0, 0, 0));
        rules.add(arm(UnwindLayout.STACK_POINTER, 0, 0, 0));
        word(0x48, in(2));
        rules.add(arm(UnwindLayout.OUTERMOST, 0, 0, 0));
        assertThat(walk(Architecture.ARM64)).containsExactly(in(0), in(1), in(2));
    }

    @Test
    void x86FramesOfAllKindsAreWalked() {
        register(Architecture.X86_64, "ip", in(0));
        register(Architecture.X86_64, "sp", STACK);
        register(Architecture.X86_64, "bp", STACK + 0x40);
        rules.add(UnwindLayout.rule(UnwindLayout.STACK_POINTER, 24, 3));
        word(0, STACK + 0x80);
        word(16, in(1));
        rules.add(UnwindLayout.rule(UnwindLayout.FRAME_POINTER, 16, 2));
        word(0x80, STACK + 0x200);
        word(0x88, in(2));
        rules.add(UnwindLayout.rule(UnwindLayout.SIGNAL, 0, 0));
        word(0x90 + 120, STACK + 0x400);
        word(0x90 + 160, STACK + 0x300);
        word(0x90 + 168, in(3));
        rules.add(UnwindLayout.UNKNOWN);
        word(0x400, STACK + 0x500);
        word(0x408, in(4));
        rules.add(UnwindLayout.rule(UnwindLayout.STACK_POINTER, 16, 0));
        word(0x418, in(5));
        rules.add(UnwindLayout.rule(UnwindLayout.OUTERMOST, 0, 0));
        assertThat(walk(Architecture.X86_64)).containsExactly(in(0), in(1), in(2), in(3), in(4), in(5));
    }
}
