/**
 * The grammar of bpftrace scripts: from text to an abstract syntax tree.
 *
 * <p>{@link dev.sonde.syntax.Parser} turns a {@link dev.sonde.source.Source} into a {@link dev.sonde.syntax.Script}; it recovers at statements,
 * so one mistake does not hide the next, and every node keeps its span. {@link dev.sonde.syntax.Formatter} writes a tree back. The package decides
 * grammar only: it knows no builtin, no probe kind, no type and no machine. Start with {@code Script}, then {@code Statement} and {@code Expression}.
 */
package dev.sonde.syntax;
