package dev.sonde.session;

import dev.sonde.sys.Errno;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.Task;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command of {@code -c}. Its process exists from the start, stopped and with its pid known, but runs the command only when it is let go; so that
 * probes can be attached before its first instruction. It has this process's input and outputs. For any thread.
 */
public final class Child implements AutoCloseable {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int SIGCONT = 18;
    private static final int WAITS = 20_000;
    /** The shell stops itself, and becomes the command when it goes on. */
    private static final String HOLD = "kill -STOP $$; exec \"$@\"";

    private final Kernel kernel;
    private final Process process;
    private final Fd pidFd;
    private boolean resumed;
    private boolean closed;

    private Child(Kernel kernel, Process process, Fd pidFd) {
        this.kernel = kernel;
        this.process = process;
        this.pidFd = pidFd;
    }

    /**
     * Prepares {@code command}, words divided by blanks with quotes as a shell has them.
     *
     * @throws IOException when there is no such program or it cannot be started
     */
    public static Child start(Kernel kernel, String command) throws IOException {
        List<String> words = CommandWords.words(command);
        CommandWords.check(words.getFirst());
        List<String> held = new ArrayList<>(List.of("/bin/sh", "-c", HOLD, "sh"));
        held.addAll(words);
        Process process = new ProcessBuilder(held).inheritIO().start();
        try {
            awaitStop(process);
            return new Child(kernel, process, Task.pidFd(kernel, (int) process.pid()));
        } catch (KernelException | IOException e) {
            process.destroyForcibly();
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private static void awaitStop(Process process) throws IOException {
        for (int i = 0; i < WAITS && process.isAlive(); i++) {
            if (state(process.pid()) == 'T') {
                return;
            }
            sleep();
        }
        throw new IOException("the command could not be held before its start");
    }

    private static void sleep() throws IOException {
        try {
            TimeUnit.MICROSECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Field 3 of proc_pid_stat(5), behind the name in parentheses. */
    private static char state(long pid) throws IOException {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/stat")) {
            String stat = new String(file.readNBytes(512), StandardCharsets.UTF_8);
            int at = stat.lastIndexOf(')') + 2;
            return at < stat.length() ? stat.charAt(at) : '?';
        }
    }

    /** The process id, which stays the same when the command starts. */
    public int pid() {
        return (int) process.pid();
    }

    /** Becomes readable when the process ends. */
    Fd pidFd() {
        return pidFd;
    }

    /** Starts the command. */
    synchronized void resume() {
        if (!closed) {
            resumed = true;
            signal(SIGCONT);
        }
    }

    private void signal(int number) {
        try {
            Task.kill(kernel, pidFd, number);
        } catch (KernelException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /** Ends the process if it is still there: with SIGTERM, or for good when the command was never started. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            signal(resumed ? SIGTERM : SIGKILL);
            pidFd.close();
        }
    }
}
