/**
 * The command: options, exit codes, signals, and the one place where everything is put together.
 *
 * <p>{@link dev.sonde.cli.Main} reads the command line by the one table of {@link dev.sonde.cli.Option}s and does what it asks: trace, list, print a
 * stage, or tell about the kernel. The package decides nothing about scripts or probes. Start with {@code Main}, then {@code TraceCommand}.
 */
package dev.sonde.cli;
