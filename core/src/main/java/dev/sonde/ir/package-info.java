/**
 * Typed three-address code over virtual registers: what lowering makes and register allocation consumes.
 *
 * <p>An {@link dev.sonde.ir.IrProgram} is a main function and its subprograms; a function is a flat list of {@link dev.sonde.ir.Operation}s with
 * labels. A virtual register holds 64 bits and may be assigned more than once. Memory of the program's own is a {@link dev.sonde.ir.FrameSlot}. The
 * package knows no builtin and no probe. Start with {@code Operation}; {@code IrBuilder} makes code.
 */
package dev.sonde.ir;
