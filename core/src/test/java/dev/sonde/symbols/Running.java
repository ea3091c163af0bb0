package dev.sonde.symbols;

import dev.sonde.linux.Kallsyms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A program that a test runs. It prints what it knows about itself, then a line {@code ready}, and ends when its input does. */
final class Running implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();

    private Running(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts {@code command} and waits for its line {@code ready}. */
    static Running start(Object... command) {
        Running running = launch(command);
        running.next();
        return running;
    }

    /** Starts {@code command}, which may print nothing. */
    static Running launch(Object... command) {
        List<String> words = new ArrayList<>();
        for (Object word : command) {
            words.add(word.toString());
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
            return new Running(builder.start());
        } catch (IOException e) {
            Assumptions.abort("needs " + words.getFirst() + ": " + e.getMessage());
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the lines up to the next {@code ready}. */
    void next() {
        try {
            lines.clear();
            for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
                if (line == null) {
                    throw new AssertionError("the program ended: " + lines);
                }
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the program go on to its next {@code ready}. */
    void goOn() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        next();
    }

    int pid() {
        return (int) process.pid();
    }

    List<String> lines() {
        return lines;
    }

    /** The hexadecimal number that the program printed after {@code name}. */
    long address(String name) {
        for (String line : lines) {
            if (line.startsWith(name + " ")) {
                return Long.parseUnsignedLong(line.substring(name.length() + 1), 16);
            }
        }
        throw new AssertionError(name + " in " + lines);
    }

    /** The numbers of all lines {@code name NUMBER}, in order. */
    long[] addresses(String name) {
        return lines.stream().filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(name.length() + 1), 16)).toArray();
    }

    @Override
    public void close() {
        end();
    }

    /** Ends the program and waits until it is gone. */
    void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It ended before.
            assert !process.isAlive();
        }
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A symbolizer of this machine, with what it logs. */
    static Symbolizer symbolizer(List<String> log) {
        return new Symbolizer(Kallsyms::read, log::add);
    }

    /** One that must have nothing to complain about. */
    static Symbolizer symbolizer() {
        return new Symbolizer(Kallsyms::read, line -> {
            throw new AssertionError(line);
        });
    }

    /** {@code name+offset} of each frame. */
    static List<String> texts(List<Frame> frames) {
        return frames.stream().map(Running::text).toList();
    }

    static String text(Frame frame) {
        return frame.name() + "+" + frame.offset();
    }
}
