package dev.sonde.output;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reference bpftrace, when this machine has one and may run it. */
final class Peer {
    private final List<String> command;

    private Peer(List<String> command) {
        this.command = command;
    }

    /** The command of BENCH_PEER, else a bpftrace of 0.24 or later in the path; empty also without root. */
    static Optional<Peer> find() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        String named = System.getenv("BENCH_PEER");
        if (named != null) {
            return Optional.of(new Peer(List.of(named.split(" "))));
        }
        for (String directory : System.getenv("PATH").split(":")) {
            var file = new File(directory, "bpftrace");
            if (file.canExecute()) {
                var peer = new Peer(List.of(file.getPath()));
                return peer.minorVersion() >= 24 ? Optional.of(peer) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private int minorVersion() {
        String[] parts = new String(output(List.of("--version"))).trim().split("\\.");
        return parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    }

    /** What the script prints on standard output. */
    byte[] run(String script) {
        return output(List.of("-q", "-e", script));
    }

    private byte[] output(List<String> arguments) {
        var all = new ArrayList<>(command);
        all.addAll(arguments);
        try {
            Process process = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            try (InputStream stream = process.getInputStream()) {
                return stream.readAllBytes();
            }
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
