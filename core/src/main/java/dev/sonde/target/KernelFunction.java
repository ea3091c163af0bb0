package dev.sonde.target;

/** A kernel function; {@code module} is {@code vmlinux} for the kernel itself. */
public record KernelFunction(String module, String name) {}
