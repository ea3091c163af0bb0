package dev.sonde.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** Loads the project's classes anew; those that a script goes through until it is bytecode count their edges. */
final class CountingLoader extends ClassLoader {
    private static final String PROJECT = "dev.sonde.";
    private static final Set<String> COUNTED = Set.of("source", "syntax", "types", "ir", "asm", "spec", "probes", "builtins", "compile");
    /** What the fuzzer and the instrumented classes share. */
    private static final Set<String> SHARED = Set.of(
            Edges.class.getName(), Oracle.class.getName(), Verdict.class.getName(), Verdict.Stage.class.getName());

    CountingLoader() {
        super(CountingLoader.class.getClassLoader());
    }

    /** The front end, made of the classes of this loader. */
    Oracle oracle() {
        try {
            return (Oracle) loadClass(FrontEnd.class.getName()).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PROJECT) || SHARED.contains(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] type = in.readAllBytes();
            byte[] loaded = counts(name) ? EdgeCounter.instrument(type) : type;
            return defineClass(name, loaded, 0, loaded.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean counts(String name) {
        int end = name.indexOf('.', PROJECT.length());
        return end > 0 && COUNTED.contains(name.substring(PROJECT.length(), end)) && !name.endsWith("Test");
    }
}
