package dev.sonde.output;

import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.util.List;

/** What printing asks of the machine: the names behind numbers. An answer is never null; what is not known comes back as a number in text. */
public interface Resolver {
    /** The function at a kernel address, as {@code ksym} prints it: its name, or {@code 0x…}. */
    String kernelSymbol(long address);

    /** The function at a user address of process {@code pid}, as {@code usym} prints it: its name, or {@code 0x…}. */
    String userSymbol(long address, int pid);

    /** The addresses of a recorded stack, nearest first; empty when there is none. */
    long[] stack(long id, boolean kernel);

    /** The frames of {@code addresses}: at least one each, more where functions are inlined. {@code pid} counts for user stacks only. */
    List<Frame> frames(long[] addresses, int pid, Type.Stack type);

    /** The name of a user, or the id as a number. */
    String username(long uid);

    /** The paths of a cgroup, as {@code cgroup_path} prints them; {@code controller} is a file pattern, empty for all. */
    String cgroupPath(long id, String controller);

    /** Nanoseconds since 1970 of {@code nanoseconds} on {@code clock}. */
    long wallClock(Clock clock, long nanoseconds);
}
