package dev.sonde.output;

import static dev.sonde.output.Trace.typed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.EventSpec.Channel;
import dev.sonde.spec.FormatParser;
import dev.sonde.types.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Everything but values and maps. Expected texts are bpftrace 0.27.1's for the script above each. */
class PrinterTest {
    private final Trace trace = new Trace();

    /** {@code printf("%d|%5d|%-5d|%+d|% d|%05d|%x|%#x\n", …)} */
    @Test
    void printfTakesEveryFlag() {
        assertThat(trace.printf("%d|%5d|%-5d|%+d|% d|%05d|%x|%#x|%s\n", typed(Type.INT8, 1), typed(Type.INT8, 2), typed(Type.INT8, 3),
                typed(Type.INT8, 4),
                typed(Type.INT8, 5), typed(Type.INT8, -6), typed(Type.UINT8, 255), typed(Type.UINT8, 255), typed(new Type.Text(4), "abc")))
                .isEqualTo("1|    2|3    |+4|5|000-6|ff|0xff|abc\n");
    }

    @Test
    void stringsPrintAsBuffersToo() {
        assertThat(trace.printf("%r %rx %rh", typed(new Type.Text(4), "a\u0001"), typed(new Type.Text(2), "ab"), typed(new Type.Text(4), "ab")))
                .isEqualTo("a\\x01 \\x61\\x62 61 62");
    }

    /** {@code printf("é\x01\n"); printf("x%d\n", 5);} as JSON */
    @Test
    void printfInJsonIsAString() {
        EventSpec event = Trace.print(Channel.PRINTF, "é\u0001\"%s\n", typed(new Type.Text(8), "a\tb"));
        trace.json(event).printf(0, Trace.record(event, typed(new Type.Text(8), "a\tb")));
        assertThat(trace.out.text()).isEqualTo("{\"type\": \"printf\", \"data\": \"é\\u0001\\\"a\\tb\\n\"}\n");
    }

    /** {@code errorf("hello %d", 5); warnf("a\n\n");} */
    @Test
    void messagesGoToStandardErrorWithTheirPlace() {
        EventSpec error = Trace.print(Channel.ERRORF, "hello %d", typed(Type.INT8, 5));
        EventSpec warning = Trace.print(Channel.WARNF, "a\n\n");
        Printer printer = trace.text(error, warning);
        printer.printf(0, Trace.record(error, typed(Type.INT8, 5)));
        printer.printf(1, Trace.record(warning));
        assertThat(trace.errors.text()).isEqualTo("stdin:1:9-30: ERROR: hello 5\nstdin:1:9-30: WARNING: a\n\n");
        assertThat(trace.out.text()).isEmpty();
        trace.json(error).printf(0, Trace.record(error, typed(Type.INT8, 5)));
        assertThat(trace.out.text()).isEqualTo("{\"type\": \"errorf\", \"msg\": \"hello 5\", \"filename\": \"stdin\", \"line\": 1, \"col\": 9}\n");
    }

    /** {@code let @a = hash(1); BEGIN { @a[1]=1; @a[2]=2; print(@a[9]); $x = 5/$i; }} with -k */
    @Test
    void failuresInProgramsAreExplained() {
        Printer text = trace.text();
        text.helperError(Trace.CALL, "map_update_elem", -7, "Argument list too long");
        text.helperError(Trace.CALL, "map_lookup_elem", 0, "Success");
        text.helperError(Trace.CALL, "probe_read_user", -14, "Bad address");
        text.runtimeError(Trace.CALL, "Divide or modulo by 0 detected.");
        String source = "BEGIN { errorf(\"hello %d\", 5); }\n        ~~~~~~~~~~~~~~~~~~~~~\n";
        assertThat(trace.errors.text()).isEqualTo(
                "stdin:1:9-30: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries "
                + "in a map declaration e.g. `let @a = hash(5000)`\nAdditional Info - helper: map_update_elem, retcode: -7\n" + source
                + "stdin:1:9-30: WARNING: Can't lookup map element because it does not exist.\n"
                + "Additional Info - helper: map_lookup_elem, retcode: 0\n" + source
                + "stdin:1:9-30: WARNING: Bad address\nAdditional Info - helper: probe_read_user, retcode: -14\n" + source
                + "stdin:1:9-30: WARNING: Divide or modulo by 0 detected.\n" + source);
    }

    /** The same with -f json */
    @Test
    void failuresInProgramsHaveAPlaceInJson() {
        Printer json = trace.json();
        json.helperError(Trace.CALL, "map_update_elem", -7, "Argument list too long");
        json.runtimeError(Trace.CALL, "Divide or modulo by 0 detected.");
        assertThat(trace.out.text()).isEqualTo("{\"type\": \"helper_error\", \"msg\": \"Argument list too long\", "
                + "\"helper\": \"map_update_elem\", \"retcode\": -7, \"filename\": \"stdin\", \"line\": 1, \"col\": 9}\n"
                + "{\"type\": \"runtime_error\", \"msg\": \"Divide or modulo by 0 detected.\", \"filename\": \"stdin\", \"line\": 1, \"col\": 9}\n");
    }

    /** {@code join(args.argv); join(args.argv, "|"); cat(…); system("echo hi"); time("x");} */
    @Test
    void otherOutput() {
        var join = new Action.Join("|", new EventSpec.Field(8, Type.INT32), 16, 8);
        MemorySegment record = MemorySegment.ofArray(new byte[40]);
        record.set(ValueLayout.JAVA_INT_UNALIGNED, 8, 3);
        record.setString(16, "echo");
        record.setString(24, "b c");
        Printer text = trace.text();
        text.join(join, record);
        text.cat("Linux\n".getBytes(StandardCharsets.UTF_8));
        text.system("hi 5\n".getBytes(StandardCharsets.UTF_8));
        text.time("x\n", 0);
        text.attachedProbes(1);
        text.attachedProbes(2);
        text.lostEvents(7);
        assertThat(trace.out.text()).isEqualTo("echo|b c|\nLinux\nhi 5\n\nx\n");
        assertThat(trace.errors.text()).isEqualTo("Attached 1 probe\nAttached 2 probes\nLost 7 events\n");
    }

    @Test
    void otherOutputAsJson() {
        Printer json = trace.json();
        json.cat("Linux\n".getBytes(StandardCharsets.UTF_8));
        json.system(new byte[0]);
        json.time("x", 0);
        json.attachedProbes(1);
        json.lostEvents(7);
        json.testResult(List.of("a"), 0, 19805, List.of(true), "hi\n");
        json.benchmarkResult(List.of("a"), 0, 28, 40000);
        assertThat(trace.out.text()).isEqualTo("{\"type\": \"cat\", \"data\": \"Linux\\n\"}\n{\"type\": \"syscall\", \"data\": \"\"}\n"
                + "{\"type\": \"time\", \"data\": \"x\"}\n{\"type\": \"attached_probes\", \"count\": 1, \"data\": {\"probes\": 1}}\n"
                + "{\"type\": \"lost_events\", \"count\": 7, \"data\": {\"events\": 7}}\n"
                + "{\"type\": \"test_result\", \"data\": {\"a\": {\"duration\": 19805, \"passed\": true, \"output\": \"hi\\n\"}}}\n"
                + "{\"type\": \"benchmark_result\", \"data\": {\"a\": {\"average\": 28, \"iters\": 40000}}}\n");
    }

    @Test
    void commandsAndPathsAreFormatted() {
        Trace.Typed[] arguments = {typed(new Type.Text(8), "hi"), typed(Type.INT64, 5)};
        var event = new EventSpec(64, new Action.Run(FormatParser.of("echo %s %d"), Trace.fields(arguments)), Trace.CALL);
        assertThat(trace.text(event).formatted(0, Trace.record(event, arguments))).isEqualTo("echo hi 5");
        assertThat(trace.out.text()).isEmpty();
    }

    /** {@code bench:a { @x=1; } bench:longername { @y = count(); }} */
    @Test
    void benchmarksAreATable() {
        Printer text = trace.text();
        List<String> names = List.of("a", "longername");
        text.benchmarkResult(names, 0, 28, 40000);
        text.benchmarkResult(names, 1, 11, 160000);
        assertThat(trace.out.text()).isEqualTo("Benchmark                                Time(ns)       Iterations\n"
                + "------------------------------------------------------------------\n"
                + "a                                        28             40000\n"
                + "longername                               11             160000\n");
    }

    /** {@code test:a { printf("hi\n"); } test:b { assert(1==2, "no"); } test:c { @x=1; 0 }}; the peer shows 1000 for every time. */
    @Test
    void testsAreListedWithTheirFailures() {
        Printer text = trace.text();
        List<String> names = List.of("a", "b");
        text.testResult(names, 0, 19805, List.of(true, false), "hi\n");
        text.testResult(names, 1, 2_000_000, List.of(true, false), "no\n\nmore");
        assertThat(trace.out.text().replace("\u001b[32m", "<g>").replace("\u001b[31m", "<r>").replace("\u001b[0m", "<>")).isEqualTo("""
                <g>[==========]<> Running 2 tests.
                <g>[ RUN      ]<> a
                <g>[       OK ]<> a (19 μs)
                <g>[ RUN      ]<> b
                no
                more
                <r>[  FAILED  ]<> b (2 ms)
                <g>[==========]<> 2 tests ran.
                <g>[  PASSED  ]<> 1 test.
                <r>[  FAILED  ]<> 1 test, listed below:
                <r>[  FAILED  ]<> b
                """);
    }

    @Test
    void bufferingDecidesWhenBytesLeave() {
        var stream = new ByteArrayOutputStream();
        byte[] line = "x\n".getBytes(StandardCharsets.UTF_8);
        var full = new StreamSink(stream, StreamSink.Buffering.FULL);
        full.write(line, 0, 2);
        full.pause();
        assertThat(stream.size()).isZero();
        full.flush();
        assertThat(stream.size()).isEqualTo(2);
        var lines = new StreamSink(stream, StreamSink.Buffering.LINE);
        lines.write(line, 0, 2);
        lines.pause();
        assertThat(stream.size()).isEqualTo(4);
        new StreamSink(stream, StreamSink.Buffering.NONE).write(line, 0, 2);
        assertThat(stream.size()).isEqualTo(6);
        lines.write(new byte[100_000], 0, 100_000);
        assertThat(stream.size()).isEqualTo(100_006);
    }

    @Test
    void aClosedPipeIsToldOnce() {
        var closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        var sink = new StreamSink(closed, StreamSink.Buffering.FULL);
        sink.write(new byte[1], 0, 1);
        Assertions.assertThatThrownBy(sink::flush).isInstanceOf(UncheckedIOException.class);
        sink.write(new byte[1], 0, 1);
        Assertions.assertThatNoException().isThrownBy(sink::flush);
    }
}
