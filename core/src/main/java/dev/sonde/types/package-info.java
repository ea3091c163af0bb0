/**
 * The types of a script's values and how they lie in memory.
 *
 * <p>A {@link dev.sonde.types.Type} says what a value is, how many bytes it takes in a map, an event or on the stack, and, for a pointer, in which
 * address space it points. Kernel types come from BTF through {@link dev.sonde.types.KernelTypes}. The package knows no syntax tree and no machine.
 * Start with {@code Type}.
 */
package dev.sonde.types;
