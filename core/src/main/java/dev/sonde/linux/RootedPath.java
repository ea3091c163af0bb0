package dev.sonde.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows symbolic links as a process with another root directory would: an absolute link starts again at that root and {@code ..} does not leave
 * it. Opening {@code /proc/PID/root/lib64/libc.so.6} as it is would follow a link of the container into the host's file system.
 */
final class RootedPath {
    /** As many links as the kernel follows (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private final Path root;
    private final Deque<String> ahead = new ArrayDeque<>();
    private final Deque<String> done = new ArrayDeque<>();
    private int links;

    private RootedPath(String root) {
        this.root = Path.of(root);
    }

    /** The path of {@code path}, seen from {@code root}, without links in it; a part that does not exist stays as it is. */
    static String resolve(String root, String path) {
        RootedPath walk = new RootedPath(root);
        walk.push(path);
        walk.go();
        return walk.place().toString();
    }

    private void push(String path) {
        String[] parts = path.split("/");
        for (int i = parts.length - 1; i >= 0; i--) {
            ahead.push(parts[i]);
        }
    }

    private void go() {
        while (!ahead.isEmpty()) {
            String part = ahead.pop();
            if (part.equals("..")) {
                done.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                step(part);
            }
        }
    }

    private void step(String part) {
        done.addLast(part);
        Path here = place();
        if (links < MAX_LINKS && Files.isSymbolicLink(here)) {
            links++;
            follow(here);
        }
    }

    private void follow(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            done.pollLast();
            if (target.startsWith("/")) {
                done.clear();
            }
            push(target);
        } catch (IOException e) {
            // Not to be read: it stays a link, and opening it will say why.
            assert Files.exists(link, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private Path place() {
        return root.resolve(String.join("/", done));
    }
}
