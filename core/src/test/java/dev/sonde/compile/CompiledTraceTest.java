package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.asm.Disassembler;
import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Encoder;
import dev.sonde.spec.CompiledTrace;
import dev.sonde.spec.CompiledTrace.Condition;
import dev.sonde.spec.CompiledTrace.MalformedTraceException;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.RunOptions;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Type;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read from the file of a compiled trace is what was written; anything else is refused. */
class CompiledTraceTest {
    private static final List<Condition> CONDITIONS = List.of(new Condition("kernel release", "6.1"), new Condition("file /bin/\u00e4", "12 bytes"));
    private static final String SCRIPT = """
            struct inner { int a; char name[16]; }
            struct outer { struct inner in; struct outer *next; int bits : 3; }
            tracepoint:syscalls:sys_enter_openat {
              @h[comm, pid] = hist(args.flags);
              @s = (1, "two", *(struct outer *)0xffffffff81000000);
              printf("%s %-5d %r\\n", str(args.filename), pid, buf(args.filename, 8));
            }
            begin { @a[1] = lhist(5, 0, 100, 10); print((1, (int8)2)); system("true"); }
            interval:s:1 { print(@h, 5); clear(@h); @k[kstack(3), ustack] = count(); exit(3); }
            """;
    private static TrialMachine machine;

    @BeforeAll
    static void open() {
        machine = TrialMachine.orNone();
    }

    @AfterAll
    static void close() {
        machine.close();
    }

    private static TraceSpec compiled(String name, String text) {
        return new TrialScript(name, text, List.of()).compile(machine.target());
    }

    /** All demanding scripts and those of the comparison; some of the latter ask for programs that only their own test makes. */
    static Stream<Path> scripts() throws IOException, URISyntaxException {
        List<Path> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(CompiledTraceTest.class.getResource("/verifier").toURI()))) {
            files.forEach(scripts::add);
        }
        try (Stream<Path> files = Files.list(Path.of(CompiledTraceTest.class.getResource("/sidebyside").toURI()))) {
            files.filter(file -> file.toString().endsWith(".bt")).forEach(scripts::add);
        }
        return scripts.stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void readingGivesWhatWasWritten(Path script) throws Exception {
        TraceSpec trace;
        try {
            trace = compiled(script.toString(), Files.readString(script));
        } catch (AssertionError needsMore) {
            assertThat(script.toString()).as("the demanding scripts compile on every machine").contains("sidebyside");
            return;
        }
        check(trace);
    }

    @Test
    void everyKindOfValueIsKept() throws Exception {
        check(compiled("stdin", SCRIPT));
    }

    private static void check(TraceSpec trace) throws MalformedTraceException {
        byte[] file = new CompiledTrace(CONDITIONS, trace).bytes();
        CompiledTrace read = CompiledTrace.of(file);
        assertThat(read.conditions()).isEqualTo(CONDITIONS);
        assertThat(read.bytes()).isEqualTo(file);
        assertThat(read.trace().sites()).isEqualTo(trace.sites());
        assertThat(read.trace().options()).isEqualTo(trace.options());
        assertThat(read.trace().programs()).hasSameSizeAs(trace.programs());
        for (int i = 0; i < trace.programs().size(); i++) {
            var before = trace.programs().get(i);
            var after = read.trace().programs().get(i);
            assertThat(after).isEqualTo(before);
            assertThat(Disassembler.text(after.code())).isEqualTo(Disassembler.text(before.code()));
            EncodedProgram encoded = Encoder.encode(after.code());
            assertThat(encoded.instructions()).isEqualTo(Encoder.encode(before.code()).instructions());
        }
        assertThat(printed(read.trace().events())).isEqualTo(printed(trace.events()));
        assertThat(printed(read.trace().maps())).isEqualTo(printed(trace.maps()));
    }

    /** As records print themselves, without identities and without what pointers point to. */
    private static String printed(Object value) {
        String text = value.toString().replaceAll("fields=[\\w.$/]+(@[0-9a-f]+)?", "fields").replaceAll("\\[B@[0-9a-f]+", "bytes");
        for (String before = ""; !before.equals(text); ) {
            before = text;
            text = text.replaceAll("target=\\w+\\[[^\\[\\]]*(\\[\\])?[^\\[\\]]*\\], space", "target, space");
        }
        return text;
    }

    @Test
    void scriptTextIsWrittenOnce() {
        byte[] file = new CompiledTrace(CONDITIONS, compiled("stdin", SCRIPT)).bytes();
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).startsWith("#!/usr/bin/env sonde\n").contains(SCRIPT);
        assertThat(text.indexOf("struct inner {", text.indexOf("struct inner {") + 1)).isNegative();
    }

    @Test
    void cutOrChangedFileIsRefused() {
        byte[] file = new CompiledTrace(CONDITIONS, compiled("stdin", SCRIPT)).bytes();
        var random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] cut = Arrays.copyOf(file, random.nextInt(file.length));
            assertThatThrownBy(() -> CompiledTrace.of(cut)).isInstanceOf(MalformedTraceException.class);
            byte[] changed = file.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> CompiledTrace.of(changed)).isInstanceOf(MalformedTraceException.class);
        }
        assertThatThrownBy(() -> CompiledTrace.of(new byte[0])).isInstanceOf(MalformedTraceException.class);
    }

    @Test
    void changedFileWithRightChecksumGivesATraceOrIsRefused() {
        byte[] file = new CompiledTrace(CONDITIONS, compiled("stdin", SCRIPT)).bytes();
        var random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] changed = i % 4 == 0 ? Arrays.copyOf(file, 100 + random.nextInt(file.length - 100)) : file.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                int at = CompiledTrace.START.length() + random.nextInt(changed.length - CompiledTrace.START.length());
                changed[at] = (byte) (random.nextBoolean() ? random.nextInt() : changed[at] ^ 1 << random.nextInt(8));
            }
            try {
                assertThat(CompiledTrace.of(withChecksum(changed)).trace().maps()).isNotNull();
            } catch (MalformedTraceException e) {
                assertThat(e).hasMessageStartingWith("it ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void deepAndRepeatedTypesAreRefused() {
        Type deep = Type.INT64;
        Type wide = Type.INT64;
        for (int i = 0; i < 300; i++) {
            deep = new Type.Array(deep, 1);
            wide = i < 60 ? new Type.Tuple(List.of(wide, wide)) : wide;
        }
        byte[] deepFile = fileOf(deep);
        byte[] wideFile = fileOf(wide);
        assertThatThrownBy(() -> CompiledTrace.of(deepFile)).isInstanceOf(MalformedTraceException.class).hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> CompiledTrace.of(wideFile)).isInstanceOf(MalformedTraceException.class).hasMessageContaining("too many records");
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        byte[] file = fileOf(Type.INT64);
        assertThatThrownBy(() -> CompiledTrace.of(file)).isInstanceOf(MalformedTraceException.class).hasMessageContaining("no ring buffer");
    }

    /** A file with one map of values of that type. */
    private static byte[] fileOf(Type type) {
        var view = new MapSpec.View("@", Optional.empty(), type, MapSpec.Storage.ENTRY);
        var map = new MapSpec("m", MapKind.HASH, 8, 8, 1, 0, new byte[0], Optional.of(view));
        return new CompiledTrace(List.of(), new TraceSpec(List.of(map), List.of(), List.of(), List.of(), RunOptions.DEFAULTS)).bytes();
    }

    private static byte[] withChecksum(byte[] file) {
        var crc = new CRC32();
        crc.update(file, 0, file.length - 4);
        for (int i = 0; i < 4; i++) {
            file[file.length - 4 + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        return file;
    }

    @Test
    void conditionsAreReadAlone() throws Exception {
        byte[] file = new CompiledTrace(CONDITIONS, compiled("stdin", "BEGIN { }")).bytes();
        assertThat(CompiledTrace.conditions(file)).isEqualTo(CONDITIONS);
    }
}
