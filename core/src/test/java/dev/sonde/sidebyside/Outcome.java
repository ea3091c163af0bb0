package dev.sonde.sidebyside;

/**
 * What came of a run.
 *
 * @param output standard output
 * @param errors standard error
 * @param exitCode as the shell sees it
 */
public record Outcome(String output, String errors, int exitCode) {}
