/**
 * Turns event records and map contents into text and JSON lines.
 *
 * <p>Everything is decoded by the layouts in the {@link dev.sonde.spec.TraceSpec}; names behind addresses, user ids and stacks come from a
 * {@link dev.sonde.output.Resolver}, which the session implements. The package reads no file, asks no kernel and knows no symbol table. Start with
 * {@link dev.sonde.output.Printer}, then {@code ValueText} (values) and {@link dev.sonde.output.FormatPrinter} (printf).
 */
package dev.sonde.output;
