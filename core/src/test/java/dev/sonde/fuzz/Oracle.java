package dev.sonde.fuzz;

/** Judges what became of a script. */
public interface Oracle extends AutoCloseable {
    /** What the compiler and the kernel made of {@code script}. */
    Verdict judge(String script);

    /** Whether programs can be loaded, so that the kernel's verifier is asked. */
    boolean asksKernel();

    @Override
    void close();
}
