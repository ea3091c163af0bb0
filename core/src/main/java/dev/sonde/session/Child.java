package dev.sonde.session;

import dev.sonde.sys.Errno;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.Pipe;
import dev.sonde.sys.Task;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command of {@code -c}. Its process exists from the start, held and with its pid known, but runs the command only when it is let go; so that
 * probes can be attached before its first instruction. It has this process's input and outputs. For any thread.
 *
 * <p>It is held by a pipe and not by a signal: should this process be killed meanwhile, the pipe is closed and the held process ends, where a stopped
 * one would stay for ever. A command that was let go runs on when this process is killed.
 */
public final class Child implements AutoCloseable {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int WAITS = 20_000;
    /** The shell waits for a line from the pipe, and becomes the command when it comes; at the pipe's end it ends. */
    private static final String HOLD = "exec 9<&0 <\"$0\"; read -r line || exit; exec \"$@\" <&9 9<&-";

    private final Kernel kernel;
    private final Process process;
    private final Path program;
    private final Fd pidFd;
    private final Fd gate;
    private boolean resumed;
    private boolean closed;

    private Child(Kernel kernel, Process process, Path program, Fd pidFd, Fd gate) {
        this.kernel = kernel;
        this.process = process;
        this.program = program;
        this.pidFd = pidFd;
        this.gate = gate;
    }

    /**
     * Prepares {@code command}, words divided by blanks with quotes as a shell has them.
     *
     * @throws IOException when there is no such program or it cannot be started
     */
    public static Child start(Kernel kernel, String command) throws IOException {
        List<String> words = CommandWords.words(command);
        Path program = CommandWords.file(words.getFirst()).toPath();
        Pipe pipe = open(kernel);
        Process process = null;
        try {
            process = new ProcessBuilder(held(words, pipe.reading().number())).inheritIO().start();
            awaitHold(process, pipe.reading().number());
            Child child = new Child(kernel, process, program, Task.pidFd(kernel, (int) process.pid()), pipe.writing());
            pipe.reading().close();
            return child;
        } catch (KernelException | IOException e) {
            pipe.close();
            if (process != null) {
                process.destroyForcibly();
            }
            throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
    }

    private static Pipe open(Kernel kernel) throws IOException {
        try {
            return Pipe.open(kernel);
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static List<String> held(List<String> words, int pipe) {
        List<String> held = new ArrayList<>(List.of("/bin/sh", "-c", HOLD, "/proc/" + ProcessHandle.current().pid() + "/fd/" + pipe));
        held.addAll(words);
        return held;
    }

    /** Until the shell sleeps with the pipe as its input: before that it makes calls of its own, which are none of the command's. */
    private static void awaitHold(Process process, int pipe) throws IOException {
        Path input = Files.readSymbolicLink(Path.of("/proc/self/fd/" + pipe));
        for (int i = 0; i < WAITS && process.isAlive(); i++) {
            if (state(process.pid()) == 'S' && input.equals(input(process.pid()))) {
                return;
            }
            sleep();
        }
        throw new IOException("the command could not be held before its start");
    }

    /** What the process has as its input; an empty path when that is not to be seen. */
    private static Path input(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0"));
        } catch (IOException e) {
            return Path.of("");
        }
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

    /** The file that it will run. */
    Path program() {
        return program;
    }

    /** Becomes readable when the process ends. */
    Fd pidFd() {
        return pidFd;
    }

    /** Starts the command. */
    synchronized void resume() {
        if (!closed) {
            resumed = true;
            gate.write(MemorySegment.ofArray(new byte[] {'\n'}));
            gate.close();
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
            gate.close();
            pidFd.close();
        }
    }
}
