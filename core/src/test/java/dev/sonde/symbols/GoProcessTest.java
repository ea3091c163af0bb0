package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Go program prints the return addresses of its stack and what its own runtime makes of them. */
class GoProcessTest {
    private static final String PROGRAM = """
            package main

            import (
            	"fmt"
            	"os"
            	"runtime"
            	"strings"
            )

            type walker interface{ walk(depth int) }
            type box struct{ value int }

            //go:noinline
            func (b *box) walk(depth int) { visit(depth) }

            func visit(depth int) { report(depth) }

            //go:noinline
            func report(depth int) {
            	pcs := make([]uintptr, 32)
            	pcs = pcs[:runtime.Callers(1, pcs)]
            	physical := true
            	frames := runtime.CallersFrames(pcs)
            	for {
            		frame, more := frames.Next()
            		fmt.Printf("frame %s %s:%d %v\\n", frame.Function, frame.File, frame.Line, frame.Func == nil)
            		if physical {
            			fmt.Printf("pc %x\\n", frame.PC+1)
            		}
            		physical = frame.Func != nil
            		if !more {
            			break
            		}
            	}
            	fmt.Printf("ready\\n")
            }

            func main() {
            	func() {
            		var w walker = &box{len(os.Args)}
            		strings.Map(func(r rune) rune { w.walk(1); return r }, "x")
            	}()
            	fmt.Scanln()
            }
            """;

    @TempDir
    private static Path directory;

    private static Path build(String name, String... options) throws IOException {
        Path main = Files.createDirectories(directory.resolve("source")).resolve("main.go");
        Files.writeString(main, options.length > 0 && options[0].equals("cgo") ? PROGRAM.replace("import (", "import \"C\"\n\nimport (") : PROGRAM);
        Path out = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of("go", "build"));
        for (String option : options) {
            if (!option.equals("cgo")) {
                command.add(option);
            }
        }
        command.addAll(List.of("-o", out.toString(), main.toString()));
        Map<String, String> environment = Map.of("GO111MODULE", "off", "GOCACHE", directory.resolve("cache").toString(), "GOPATH",
                directory.resolve("path").toString());
        Tool.run(environment, command.toArray(String[]::new));
        return out;
    }

    /** The return addresses, as a stack walker finds them, below the place of the innermost call. */
    private static long[] stack(Running program) {
        long[] callers = program.addresses("pc");
        long[] stack = new long[callers.length + 1];
        stack[0] = callers[0] - 1;
        System.arraycopy(callers, 0, stack, 1, callers.length);
        return stack;
    }

    private static List<String> framesOfTheRuntime(Running program) {
        List<String> frames = new ArrayList<>();
        for (String line : program.lines()) {
            if (line.startsWith("frame ")) {
                frames.add(line.substring(6));
            }
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-ldflags=-s -w", "cgo -buildmode=pie -ldflags=-s"})
    void functionsLinesAndInlinedCallsAreThoseOfTheRuntime(String options) throws IOException {
        Path path = build("walk" + Math.abs(options.hashCode()), options.isEmpty() ? new String[0] : options.split(" (?=-buildmode|-ldflags)"));
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(path)) {
            List<Frame> frames = symbolizer.frames(stack(program), program.pid(), new Naming(true, true));
            List<String> named = new ArrayList<>();
            for (Frame frame : frames.subList(1, frames.size())) {
                named.add(frame.name() + " " + frame.source() + " " + (frame instanceof Frame.Inlined));
            }
            assertThat(named).isEqualTo(framesOfTheRuntime(program));
            assertThat(frames).anyMatch(frame -> frame instanceof Frame.Inlined);
            assertThat(named.getLast()).startsWith("runtime.goexit ");
        }
    }

    @Test
    void withoutSourceThereIsOneFrameForEachAddress() throws IOException {
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(build("plain"))) {
            long[] stack = stack(program);
            List<Frame> frames = symbolizer.frames(stack, program.pid(), Naming.FUNCTIONS);
            assertThat(frames).hasSize(stack.length).allMatch(frame -> frame instanceof Frame.Go && frame.source().isEmpty());
            assertThat(frames.getLast().name()).isEqualTo("runtime.goexit");
            assertThat(frames.getLast().offset()).isEqualTo(1);
            assertThat(frames).extracting(Frame::name).contains("main.report", "main.main", "main.main.func1", "strings.Map", "runtime.main");
        }
    }
}
