package dev.sonde.link;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** A function of this process's C library: its file, its offset there, and a way to call it. */
record Function(String path, long offset, MethodHandle handle) {
    static Function getppid() throws IOException {
        return of("getppid");
    }

    @SuppressWarnings("restricted")
    static Function of(String name) throws IOException {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().findOrThrow(name);
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            String[] fields = line.split(" +");
            String[] range = fields[0].split("-");
            long start = Long.parseUnsignedLong(range[0], 16);
            if (symbol.address() >= start && symbol.address() < Long.parseUnsignedLong(range[1], 16)) {
                long offset = symbol.address() - start + Long.parseLong(fields[2], 16);
                return new Function(fields[5], offset, linker.downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT)));
            }
        }
        throw new AssertionError(name + " is not mapped");
    }

    void call(int times) throws Throwable {
        for (int i = 0; i < times; i++) {
            int ignored = (int) handle.invokeExact();
        }
    }
}
