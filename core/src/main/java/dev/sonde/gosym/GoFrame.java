package dev.sonde.gosym;

/**
 * One logical frame: a function, or one inlined into another.
 *
 * @param function full name
 * @param file source file as the compiler was given it; empty when unknown
 * @param line source line, 0 when unknown
 * @param inlined whether the function was inlined into the next frame's
 */
public record GoFrame(String function, String file, int line, boolean inlined) {
}
