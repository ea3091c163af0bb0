/**
 * BTF, the kernel's type format: reading, looking up, printing as C, and writing (Linux {@code Documentation/bpf/btf.rst}).
 *
 * <p>The package works on bytes that it is given: it must not know where a kernel keeps its BTF, what a script is, or how a program is loaded.
 * Start with {@link dev.sonde.btf.Btf}, which opens a blob and finds types in it; {@link dev.sonde.btf.BtfType} is what it finds.
 * {@link dev.sonde.btf.BtfWriter} goes the other way.
 */
package dev.sonde.btf;
