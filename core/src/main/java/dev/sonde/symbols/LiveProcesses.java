package dev.sonde.symbols;

import dev.sonde.linux.Mapping;
import dev.sonde.linux.ProcessMaps;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The processes of this machine, from /proc. */
final class LiveProcesses implements ProcessReader {
    @Override
    public Optional<ProcessIdentity> identity(int pid) {
        try (FileInputStream in = new FileInputStream("/proc/" + pid + "/stat")) {
            return ProcessIdentity.parse(in.readAllBytes());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Mapping> mappings(int pid) {
        return ProcessMaps.read(pid).mappings();
    }

    @Override
    public String mountNamespace(int pid) {
        return link("/proc/" + pid + "/ns/mnt");
    }

    @Override
    public String ownMountNamespace() {
        return link("/proc/self/ns/mnt");
    }

    private static String link(String path) {
        try {
            return Files.readSymbolicLink(Path.of(path)).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
