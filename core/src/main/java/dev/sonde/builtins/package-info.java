/**
 * The table of builtin values and functions: each entry's names, signature, documentation, example, check and code.
 *
 * <p>A {@link dev.sonde.builtins.Builtin} is one entry; {@link dev.sonde.builtins.Builtins} is the table. No other file compares a function's name
 * with a string. An
 * entry checks a call through {@link dev.sonde.builtins.Checking} and makes its code through {@link dev.sonde.builtins.Lowering}, both implemented by
 * the compiler. Start
 * with {@code Builtin}.
 */
package dev.sonde.builtins;
