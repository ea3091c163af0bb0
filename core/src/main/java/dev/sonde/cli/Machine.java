package dev.sonde.cli;

import dev.sonde.target.Feature;
import java.util.List;
import java.util.Optional;

/** What {@code doctor} asks of a machine. */
interface Machine {
    /** The kernel's release, such as {@code 6.18.44}. */
    String kernelRelease();

    /** Whether the kernel is of this version or later. */
    boolean isSince(String version);

    /** The text of a file; empty when it is not there or cannot be read. */
    Optional<String> text(String path);

    /** Whether there is such a file or directory, readable or not. */
    boolean exists(String path);

    /** The names in a directory; empty when it is not there or cannot be read. */
    Optional<List<String>> names(String directory);

    /** Whether the kernel has a feature and lets this process use it. */
    boolean has(Feature feature);

    /** Why the kernel does not take the smallest program; empty when it does. */
    Optional<String> refusal();

    /** The value of an environment variable. */
    Optional<String> variable(String name);
}
