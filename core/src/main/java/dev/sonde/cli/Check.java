package dev.sonde.cli;

import java.util.function.Function;

/**
 * One thing that tracing may need.
 *
 * @param name what it is called
 * @param serves what it is for
 * @param probe finds out how it stands
 */
record Check(String name, String serves, Function<Machine, Finding> probe) {}
