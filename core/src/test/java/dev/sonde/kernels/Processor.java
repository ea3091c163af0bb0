package dev.sonde.kernels;

import java.util.List;

/** A processor that QEMU can be asked for, with the names that Debian, Java and the kernel's console have for it. */
enum Processor {
    /**
     * Without AVX, which only costs time when it is emulated, and without cmpxchg16b, after which QEMU 7.2 at times has the wrong flags: kernels
     * crash of that.
     */
    AMD64("amd64", "amd64", "qemu-system-x86_64", "qemu-system-x86", "ttyS0", List.of("-machine", "q35", "-cpu", "Nehalem,cx16=off"),
            "gcc", "/lib/x86_64-linux-gnu"),
    /** Pointer authentication as QEMU does it best: the algorithm of the manual takes most of the time otherwise. */
    ARM64("arm64", "aarch64", "qemu-system-aarch64", "qemu-system-arm", "ttyAMA0",
            List.of("-machine", "virt,gic-version=3", "-cpu", "max,pauth-impdef=on,sve=off"), "aarch64-linux-gnu-gcc", "/lib/aarch64-linux-gnu");

    /** As Debian calls it. */
    final String debian;
    /** As Java's {@code os.arch} spells it. */
    final String java;
    /** The command that emulates it. */
    final String emulator;
    /** The Debian package of the emulator. */
    final String emulatorPackage;
    /** The kernel's name of the first serial port. */
    final String console;
    /** What the emulator is told of the machine. */
    final List<String> machine;
    /** The C compiler for it. */
    final String compiler;
    /** Where Debian has its libraries. */
    final String libraries;

    Processor(String debian, String java, String emulator, String emulatorPackage, String console, List<String> machine,
            String compiler, String libraries) {
        this.debian = debian;
        this.java = java;
        this.emulator = emulator;
        this.emulatorPackage = emulatorPackage;
        this.console = console;
        this.machine = machine;
        this.compiler = compiler;
        this.libraries = libraries;
    }

    boolean isThisOne() {
        return java.equals(System.getProperty("os.arch"));
    }
}
