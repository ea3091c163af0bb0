package dev.sonde.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An executable or library as attach points see it. */
public interface Binary {
    /** The path it was asked by. */
    String path();

    /** A function's start.
     *
     * @param name as in the symbol table, mangled
     * @param address virtual address in the file
     * @param size bytes; 0 when the table does not say
     * @param fileOffset bytes from the start of the file, as a uprobe takes it
     */
    record Function(String name, long address, long size, long fileOffset) {}

    /**
     * A USDT probe.
     *
     * @param address virtual address in the file
     * @param fileOffset the same place as bytes from the start of the file
     * @param semaphore file offset of its semaphore, 0 for none
     * @param arguments as in the note; {@link UsdtValue} reads them
     */
    record Usdt(String provider, String name, long address, long fileOffset, long semaphore, String arguments) {}

    /** The functions of that exact name: several when local symbols share it. */
    List<Function> functions(String name);

    /** The functions whose mangled name matches a pattern with {@code *}, in the order of their addresses, one for each address. */
    List<Function> matching(String pattern);

    /** The names of the functions that match, for a listing: sorted, each once, several of one address where it has several. */
    default List<String> names(String pattern) {
        List<String> names = new ArrayList<>();
        matching(pattern).forEach(function -> names.add(function.name()));
        names.sort(null);
        return names;
    }

    /** The functions whose demangled name (with or without parameters) is {@code name}, or matches it when it holds {@code *}. */
    List<Function> demangled(String name);

    /** The function that covers a virtual address. */
    Optional<Function> functionAt(long address);

    /** The file offset of a virtual address; empty when no segment covers it. */
    Optional<Long> fileOffset(long address);

    /** USDT probes whose provider and name match patterns with {@code *}. */
    List<Usdt> usdt(String provider, String name);

    /** The address and size of a data or function symbol. */
    Optional<Function> symbol(String name);

    /** Up to {@code count} bytes of code at a virtual address, fewer at the segment's end. */
    byte[] code(long address, int count);

    /** Whether it holds code made by the Go compiler. */
    default boolean hasGo() {
        return false;
    }

    /** What its debug information says, its own or that of a separate file; empty when there is none. */
    default Optional<DebugInformation> debugInformation() {
        return Optional.empty();
    }

    /** Whether it is loaded at an address chosen at run time. */
    boolean positionIndependent();

    /** Names nearest to one that does not exist, for a hint. */
    List<String> nearest(String name);

    /** What tables of symbols were found, for a message when nothing matches. */
    String symbolSources();
}
