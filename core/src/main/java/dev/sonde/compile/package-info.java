/**
 * From a syntax tree to a {@link dev.sonde.spec.TraceSpec}: the passes, one class each, listed in {@link dev.sonde.compile.Compiler}.
 *
 * <p>A pass takes a value and gives a new one; facts about tree nodes are kept beside the tree. The package asks a {@code Target} about the machine
 * and makes no system call; it never meets the session. Start with {@code Compiler}.
 */
package dev.sonde.compile;
