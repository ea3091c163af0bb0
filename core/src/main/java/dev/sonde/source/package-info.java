/**
 * The text of a script, places in it, and what is wrong there.
 *
 * <p>A mistake in a script is a {@link dev.sonde.source.Diagnostic}, never an exception: it has a stable {@link dev.sonde.source.DiagnosticCode}, a
 * span, a message and hints. {@link dev.sonde.source.Diagnostics} collects them, {@link dev.sonde.source.DiagnosticPrinter} writes them out. The
 * package does not know the language. Start with {@code Source} and {@code Span}.
 */
package dev.sonde.source;
