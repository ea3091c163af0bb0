/**
 * A fuzzer over everything from the text of a script to the kernel's verifier.
 *
 * <p>Scripts are derived from the grammar with types in mind ({@link dev.sonde.fuzz.ScriptGenerator}) or made of other scripts by damage
 * ({@link dev.sonde.fuzz.Mutator}). What reaches code that no script reached before is kept and varied again: the compiler's classes are loaded by
 * {@link dev.sonde.fuzz.CountingLoader}, which has them count the edges of their control flow. {@link dev.sonde.fuzz.FrontEnd} says what is wrong
 * with what became of a script. Start with {@code Fuzzer}; the test that runs it is {@code FuzzTest}.
 */
package dev.sonde.fuzz;
