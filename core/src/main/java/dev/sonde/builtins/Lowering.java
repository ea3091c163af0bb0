package dev.sonde.builtins;

import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.spec.EventSpec;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What a builtin may use to make its code. It extends {@link Checking}, whose answers still hold; the type of the use itself is {@link #type()}.
 */
public interface Lowering extends Checking {
    /** The type that the check gave. */
    Type type();

    /** Where operations go. */
    IrBuilder ir();

    /** Argument {@code index}, lowered here and now. */
    Value value(int index);

    /** Argument {@code index} as 64 bits in a register or constant. */
    Operand scalar(int index);

    /** Memory of the type's size where the result is to be built: the final place when it is known, else a temporary. Not zeroed. */
    Address destination();

    /** A temporary of {@code size} bytes. Not zeroed. */
    Address temporary(int size);

    /** Puts {@code value} at {@code to} as {@code type}: converts integers, cuts and pads strings, reads remote memory; padding is zeroed. */
    void store(Address to, Type type, Value value);

    /** {@code value} as bytes that the program may access: read from remote memory into a temporary where needed. */
    Address inMemory(Value value);

    /** {@code value} as 64 bits: an integer loaded from memory, an address; a string or struct has none. */
    Operand scalar(Value value);

    /** Fills {@code size} bytes with zeros. */
    void zero(Address at, int size);

    /** Copies {@code size} bytes between places that the program may access. */
    void copy(Address to, Address from, int size);

    /**
     * Reads {@code size} bytes at {@code from} in {@code space} to {@code to} with a helper; on a fault the bytes are zero. Returns the helper's
     * result.
     */
    Operand read(Address to, int size, Operand from, AddressSpace space);

    /** The same for a length that only the run knows; not of the program's own memory. */
    Operand read(Address to, Operand size, Operand from, AddressSpace space);

    /** The same for a NUL-terminated string of at most {@code size} bytes; returns the length with its NUL, or a negative error number. */
    Operand readString(Address to, Operand size, Operand from, AddressSpace space);

    /** Goes to {@code differ} when two strings are not the same up to their NUL or to {@code limit} bytes. */
    void compareStrings(Address a, Address b, int limit, Operation.Label differ);

    /** The program's context pointer. */
    Operand.Register contextPointer();

    /** A value of the context. */
    Value read(ProbeContext.Source source);

    /** Thread id (low 32 bits) and process id of the current task in the pid namespace of this process; read once per program. */
    Operand.Register pidTgid();

    /** The index of this program's place in the site table: a constant, or the attach cookie. */
    Operand site();

    /** The index of the first place that is in a function of the same name as this program's: it stands for the name. */
    Operand functionSite();

    /** The index of the map that argument {@code index} names, and the address of its key for a keyed one. */
    int mapIndex(int index);

    /** Removes the entry that argument {@code index} names (with the next argument as its key, when there is one); 1 when there was one. */
    Operand deleteEntry(int index);

    /** 1 when there is an entry of the key that argument {@code index} or the next one gives. */
    Operand hasEntry(int index);

    /**
     * Looks up the entry that argument {@code index} names (with the next argument as its key, when it has keys and none is given there) and assigns
     * its value
     * to the variable that argument {@code variable} is; 1 when there was one.
     */
    Operand findEntry(int index, int variable);

    /** How many entries the map of argument {@code index} has. */
    Operand mapLength(int index);

    /** Whether bytes after a string's NUL must be zero: not in an event or a comparison, where they are never looked at. */
    boolean padded();

    /** How many bytes of the resulting string are looked at: one compared with a shorter one need not be read to its end. */
    int looked();

    /** Argument {@code index}, a string, of which the first {@code looked} bytes are looked at as far as its NUL. */
    Value compared(int index, int looked);

    /** Jumps to {@code differ} when the bytes at {@code a} are not {@code bytes} and a NUL, as far as {@code limit} goes. */
    void compareLiteral(Address a, byte[] bytes, int limit, Operation.Label differ);

    /** The key of the map entry that argument {@code index} names, in memory. */
    Address mapKey(int index);

    /** The index in the specification of an internal map, made at its first use; see {@link Internal}. */
    int internalMap(Internal map);

    /** The index of a read-only array map with these bytes as its value. */
    int constantMap(byte[] bytes);

    /**
     * Sends an event: reserves a record, stores {@code values} (argument values lowered before or while it is filled, as is cheaper), submits it.
     * When the ring
     * is full the event is counted as lost.
     *
     * @param types the types of the record's fields
     * @param values gives the value of field i
     * @param action makes the action from the fields' places
     */
    void send(List<Type> types, IntFunction<Value> values, Function<List<EventSpec.Field>, EventSpec.Action> action);

    /**
     * Adds a function to this program, for calls and callbacks.
     *
     * @param name a C identifier; one name always stands for the same function
     * @param body makes it, when the program does not have it yet
     */
    void defineFunction(String name, Consumer<IrBuilder> body);

    /** Ends the probe's run here. */
    void leave();

    /** Maps that builtins share. */
    enum Internal {
        /** Hash of stack id (8 bytes) to a word with the number of frames and 127 addresses of 8 bytes. */
        STACKS,
        /** Process ids to where they have code; see {@link dev.sonde.spec.UnwindLayout}. */
        UNWIND_PROCESSES,
        /** Files, by inode number and device, to what unwind tables they have. */
        UNWIND_FILES,
        /** The rows of unwind tables. */
        UNWIND_ROWS,
        /** Process ids whose tables were asked for. */
        UNWIND_ASKED,
        /** One word: the nanoseconds when the trace started, set by the session. */
        START_TIME
    }
}
