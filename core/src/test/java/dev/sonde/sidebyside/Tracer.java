package dev.sonde.sidebyside;

import java.io.IOException;
import java.nio.file.Path;

/** Something that runs scripts. */
public interface Tracer {
    /** Runs {@code script}, with {@code -f json} or without; {@code program} is what scripts may trace. */
    Outcome run(Case script, boolean json, Path program) throws IOException, InterruptedException;
}
