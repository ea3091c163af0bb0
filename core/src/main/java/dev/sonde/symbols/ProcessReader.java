package dev.sonde.symbols;

import dev.sonde.linux.Mapping;
import java.util.List;
import java.util.Optional;

/** What is asked about running processes. */
interface ProcessReader {
    /** Empty when there is no such process. */
    Optional<ProcessIdentity> identity(int pid);

    /** In order of address; none when the process has ended or may not be looked at. */
    List<Mapping> mappings(int pid);

    /** Names the process's mount namespace; empty when that cannot be known. */
    String mountNamespace(int pid);

    /** The same for this process. */
    String ownMountNamespace();
}
