package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that print where their own functions are, built in every way that binaries come. */
class NativeProcessTest {
    private static final String PROGRAM = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <setjmp.h>
            #include <signal.h>
            static jmp_buf back;
            #define NOINLINE __attribute__((noinline))
            NOINLINE void exported(long x) { asm volatile("nop; nop; nop; nop" :: "r"(x)); }
            static NOINLINE void hidden(long x) { asm volatile("nop; nop; nop; nop" :: "r"(x)); }
            static NOINLINE void *caller(void) { return __builtin_return_address(0); }
            NOINLINE __attribute__((noreturn)) void leaves(void) { printf("behind %lx\\n", (long)__builtin_return_address(0)); longjmp(back, 1); }
            NOINLINE void ends_with_call(void) { asm volatile(""); leaves(); }
            NOINLINE void follows(void) { asm volatile(""); }
            static void handler(int n) { printf("trampoline %lx\\n", (long)__builtin_return_address(0)); }
            int main(void) {
                printf("exported %lx\\nhidden %lx\\nfollows %lx\\nmain %lx\\n", (long)exported, (long)hidden, (long)follows, (long)main);
                printf("called %lx\\n", (long)caller());
                if (!setjmp(back)) ends_with_call();
                signal(SIGUSR1, handler);
                raise(SIGUSR1);
                puts("ready");
                fflush(stdout);
                getchar();
                exported(1); hidden(2); follows();
                return 0;
            }
            """;

    @TempDir
    private static Path shared;
    private static Path pie;

    @TempDir
    private Path directory;

    @BeforeAll
    static void buildsTheProgram() throws IOException {
        pie = build("pie", "-pie", "-fPIE");
    }

    private static Path build(String name, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-O1", "-fno-align-functions", "-fcf-protection=none", "-fno-toplevel-reorder", "-fno-ipa-icf",
                "-Wl,--build-id"));
        all.addAll(List.of(options));
        return Tool.gcc(shared, name, PROGRAM, all.toArray(String[]::new)).toRealPath();
    }

    private static void assertNamed(Symbolizer symbolizer, Running program) {
        int pid = program.pid();
        for (String function : new String[] {"exported", "hidden", "main"}) {
            Frame frame = symbolizer.frame(program.address(function) + 2, pid, Naming.FUNCTIONS);
            assertThat(frame).isInstanceOf(Frame.Native.class);
            assertThat(Running.text(frame)).isEqualTo(function + "+2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-no-pie", "-pie", "-static", "-static-pie", "-Wl,-z,noseparate-code", "-Wl,-z,max-page-size=65536"})
    void functionsAreNamedHoweverTheProgramIsLinked(String option) throws IOException {
        Path path = build("linked" + option.replaceAll("[^a-z0-9-]", ""), option);
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(path); ElfFile elf = ElfFile.open(path)) {
            assertNamed(symbolizer, program);
            long main = program.address("main");
            Frame.Location location = symbolizer.frame(main, program.pid(), Naming.FUNCTIONS).location();
            assertThat(location.module()).isEqualTo(path.toString());
            assertThat(location.buildId()).isEqualTo(elf.buildId().orElseThrow());
            long vaddr = elf.symtab().orElseThrow().byName("main").getFirst().value();
            assertThat(location.fileOffset()).isEqualTo(elf.fileOffset(vaddr).orElseThrow());
        }
    }

    @Test
    void callerIsNamedByTheCallBeforeTheReturnAddress() {
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(pie)) {
            long behind = program.address("behind");
            assertThat(behind).isEqualTo(program.address("follows"));
            assertThat(Running.text(symbolizer.frame(behind, program.pid(), Naming.FUNCTIONS))).isEqualTo("follows+0");
            long[] stack = {program.address("hidden"), behind, program.address("called")};
            List<Frame> frames = symbolizer.frames(stack, program.pid(), Naming.FUNCTIONS);
            assertThat(frames).extracting(Frame::name).containsExactly("hidden", "ends_with_call", "main");
            assertThat(frames.get(1).offset()).isBetween(5L, 16L);
            assertThat(frames.get(2).offset()).isEqualTo(program.address("called") - program.address("main"));
            assertThat(frames).extracting(Frame::address).containsExactly(stack[0], stack[1], stack[2]);
        }
    }

    @Test
    void handlerOfASignalReturnsToTheFirstInstructionOfItsTrampoline() throws IOException {
        Path path = build("static", "-static");
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(path)) {
            long[] stack = {program.address("hidden"), program.address("trampoline")};
            assertThat(Running.texts(symbolizer.frames(stack, program.pid(), Naming.FUNCTIONS))).containsExactly("hidden+0", "__restore_rt+0");
        }
    }

    @Test
    void strippedProgramIsNamedByItsDebugFile() throws IOException {
        Path debug = directory.resolve("app.debug");
        Path stripped = directory.resolve("app").toAbsolutePath();
        Tool.run("objcopy", "--only-keep-debug", pie.toString(), debug.toString());
        Tool.run("objcopy", "--strip-all", "--add-gnu-debuglink=" + debug, pie.toString(), stripped.toString());
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(stripped)) {
            assertNamed(symbolizer, program);
        }
        Files.delete(debug);
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(stripped)) {
            Frame frame = symbolizer.frame(program.address("hidden"), program.pid(), Naming.FUNCTIONS);
            assertThat(frame).isEqualTo(new Frame.Unknown(program.address("hidden"), frame.location()));
            assertThat(frame.location().module()).isEqualTo(stripped.toRealPath().toString());
        }
    }

    @Test
    void strippedProgramIsNamedByItsCompressedSymbols() throws IOException {
        Path mini = directory.resolve("mini");
        Path stripped = directory.resolve("app");
        Tool.run("objcopy", "--only-keep-debug", pie.toString(), mini.toString());
        Tool.run("xz", mini.toString());
        Tool.run("objcopy", "--strip-all", "--add-section", ".gnu_debugdata=" + mini + ".xz", pie.toString(), stripped.toString());
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(stripped)) {
            assertNamed(symbolizer, program);
        }
    }

    @Test
    void strippedProgramStillNamesExportedFunctionsAndStubs() throws IOException {
        Path full = build("dynamic", "-pie", "-fPIE", "-rdynamic", "-Wl,-z,lazy");
        Path stripped = directory.resolve("app");
        Tool.run("strip", "-o", stripped.toString(), full.toString());
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(stripped); ElfFile elf = ElfFile.open(stripped)) {
            long exported = program.address("exported");
            assertThat(Running.text(symbolizer.frame(exported + 1, program.pid(), Naming.FUNCTIONS))).isEqualTo("exported+1");
            assertThat(symbolizer.frame(program.address("hidden"), program.pid(), Naming.FUNCTIONS)).isInstanceOf(Frame.Unknown.class);
            long base = exported - elf.dynsym().orElseThrow().byName("exported").getFirst().value();
            long plt = elf.section(".plt").orElseThrow().address();
            assertThat(Running.text(symbolizer.frame(base + plt + 17, program.pid(), Naming.FUNCTIONS))).matches("\\w+@plt\\+1");
        }
    }

    @Test
    void programDeletedAfterItsStartIsReadThroughTheMapping() throws IOException {
        Path path = Files.copy(pie, directory.resolve("app"));
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(path)) {
            Files.delete(path);
            assertNamed(symbolizer, program);
        }
    }

    @Test
    void programReplacedAfterItsStartKeepsItsOwnNames() throws IOException {
        Path path = Files.copy(pie, directory.resolve("app"));
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(path)) {
            Files.move(Files.copy(Tool.existing("/usr/bin/true"), directory.resolve("other")), path, StandardCopyOption.REPLACE_EXISTING);
            assertNamed(symbolizer, program);
        }
    }

    @Test
    void programThatEndedIsNamedIfItWasRemembered() throws IOException {
        Path path = Files.copy(pie, directory.resolve("app"));
        try (Symbolizer symbolizer = Running.symbolizer(); Symbolizer late = Running.symbolizer()) {
            Running program = Running.start(path);
            symbolizer.remember(program.pid());
            program.end();
            assertNamed(symbolizer, program);
            long main = program.address("main");
            assertThat(late.frame(main, program.pid(), Naming.FUNCTIONS)).isEqualTo(new Frame.Unknown(main, Frame.Location.NONE));
        }
    }

    @Test
    void fileThatTookThePlaceOfAnEndedProgramDoesNotNameIt() throws IOException {
        Path path = Files.copy(pie, directory.resolve("app"));
        try (Symbolizer symbolizer = Running.symbolizer()) {
            Running program = Running.start(path);
            symbolizer.remember(program.pid());
            program.end();
            Files.move(Files.copy(pie, directory.resolve("other")), path, StandardCopyOption.REPLACE_EXISTING);
            Frame frame = symbolizer.frame(program.address("main"), program.pid(), Naming.FUNCTIONS);
            assertThat(frame).isInstanceOf(Frame.Unknown.class);
            assertThat(frame.location().module()).isEqualTo(path.toRealPath().toString());
        }
    }

    @Test
    void fileRewrittenInItsPlaceIsReadAgainForTheNextProcess() throws IOException {
        Path path = directory.resolve("app");
        Path other = Tool.gcc(directory, "other", PROGRAM.replace("hidden", "renamed"), "-O0", "-pie", "-Wl,--build-id=none");
        Path first = build("unnamed", "-Wl,--build-id=none");
        Files.copy(first, path, StandardCopyOption.COPY_ATTRIBUTES);
        try (Symbolizer symbolizer = Running.symbolizer()) {
            try (Running program = Running.start(path)) {
                assertNamed(symbolizer, program);
            }
            Files.write(path, Files.readAllBytes(other));
            try (Running program = Running.start(path)) {
                long renamed = program.address("renamed");
                assertThat(Running.text(symbolizer.frame(renamed + 1, program.pid(), Naming.FUNCTIONS))).isEqualTo("renamed+1");
            }
        }
    }

    @Test
    void anotherProgramOfTheSameProcessIsNoticed() throws IOException {
        Path starter = Tool.gcc(directory, "starter", """
                #include <stdio.h>
                #include <unistd.h>
                int main(int c, char **v) { printf("old %lx\\nready\\n", (long)main); fflush(stdout); getchar(); execv(v[1], v + 1); return 1; }
                """, "-no-pie");
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(starter, build("fixed", "-no-pie"))) {
            long old = program.address("old");
            assertThat(Running.text(symbolizer.frame(old, program.pid(), Naming.FUNCTIONS))).isEqualTo("main+0");
            program.goOn();
            settle();
            assertNamed(symbolizer, program);
        }
    }

    /** A process is not asked more often than this whether it runs another program. */
    private static void settle() {
        try {
            Thread.sleep(60);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void libraryLoadedLaterIsFound() throws IOException {
        Path library = Tool.gcc(directory, "libplugin.so", "void plugin(void) { }", "-shared", "-fPIC");
        Path program = Tool.gcc(directory, "host", """
                #include <dlfcn.h>
                #include <stdio.h>
                int main(int c, char **v) {
                    puts("ready"); fflush(stdout); getchar();
                    printf("plugin %lx\\nready\\n", (long)dlsym(dlopen(v[1], RTLD_NOW), "plugin")); fflush(stdout); getchar();
                    return 0;
                }
                """, "-ldl");
        try (Symbolizer symbolizer = Running.symbolizer(); Running running = Running.start(program, library)) {
            symbolizer.remember(running.pid());
            running.goOn();
            Frame frame = symbolizer.frame(running.address("plugin") + 1, running.pid(), Naming.FUNCTIONS);
            assertThat(Running.text(frame)).isEqualTo("plugin+1");
            assertThat(frame.location().module()).isEqualTo(library.toRealPath().toString());
        }
    }

    @Test
    void libraryInsideAnArchiveIsFoundByItsPlace() throws IOException {
        Path library = Tool.gcc(directory, "libinside.so", "void before(void) { } void inside(void) { }", "-shared", "-fPIC");
        byte[] elf = Files.readAllBytes(library);
        byte[] archive = new byte[5 * 4096 + elf.length];
        archive[0] = 'P';
        System.arraycopy(elf, 0, archive, 5 * 4096, elf.length);
        Path file = Files.write(directory.resolve("app.apk"), archive);
        long text;
        long function;
        try (ElfFile read = ElfFile.open(library)) {
            function = read.fileOffset(read.symtab().orElseThrow().byName("inside").getFirst().value()).orElseThrow();
            text = function & -4096;
        }
        Path program = Tool.gcc(directory, "mapper", """
                #include <fcntl.h>
                #include <stdio.h>
                #include <stdlib.h>
                #include <sys/mman.h>
                int main(int c, char **v) {
                    void *p = mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, open(v[1], O_RDONLY), atol(v[2]));
                    printf("text %lx\\nready\\n", (long)p); fflush(stdout); getchar();
                    return 0;
                }
                """);
        try (Symbolizer symbolizer = Running.symbolizer(); Running running = Running.start(program, file, 5 * 4096 + text)) {
            long address = running.address("text") + function - text;
            Frame frame = symbolizer.frame(address + 1, running.pid(), Naming.FUNCTIONS);
            assertThat(Running.text(frame)).isEqualTo("inside+1");
            assertThat(frame.location().fileOffset()).isEqualTo(function + 1);
        }
    }

    @Test
    void processWithAnotherRootIsReadThroughIt() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        Path app = Files.copy(build("rooted", "-static"), root.resolve("app"));
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start("chroot", root, "/app")) {
            assertNamed(symbolizer, program);
            assertThat(symbolizer.frame(program.address("main"), program.pid(), Naming.FUNCTIONS).location().module()).endsWith("app");
        }
        assertThat(app).exists();
    }

    /** The program lies on a file system that only the processes of another mount namespace see. */
    @Test
    void endedProcessOfAContainerIsReadThroughItsNeighbour() throws IOException {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        String mount = "mount -t tmpfs none " + inside + " && cp " + pie + " " + inside + "/app && exec " + inside + "/app";
        Assumptions.assumeTrue(Tool.lines("unshare", "-m", "mount", "-t", "tmpfs", "-v", "none", inside.toString()).toString().contains("mounted"),
                "needs the right to mount");
        try (Symbolizer symbolizer = Running.symbolizer(); Running first = Running.start("unshare", "-m", "sh", "-c", mount)) {
            assertThat(inside.resolve("app")).doesNotExist();
            Running second = Running.start("nsenter", "-t", first.pid(), "-m", inside + "/app");
            symbolizer.remember(second.pid());
            second.end();
            assertNamed(symbolizer, second);
        }
    }

    @Test
    void vdsoAndVsyscallAreNamed() throws IOException {
        Path program = Tool.gcc(directory, "vdso", """
                #include <dlfcn.h>
                #include <stdio.h>
                int main(void) {
                    void *v = dlopen("linux-vdso.so.1", RTLD_NOLOAD | RTLD_NOW);
                    printf("call %lx\\nready\\n", (long)dlsym(v, "__vdso_getcpu")); fflush(stdout); getchar();
                    return 0;
                }
                """, "-ldl");
        try (Symbolizer symbolizer = Running.symbolizer(); Running running = Running.start(program)) {
            Frame frame = symbolizer.frame(running.address("call") + 1, running.pid(), Naming.FUNCTIONS);
            assertThat(Running.text(frame)).isIn("__vdso_getcpu+1", "getcpu+1");
            assertThat(frame.location().module()).isEqualTo("[vdso]");
            Assumptions.assumeTrue(Files.readString(Path.of("/proc/self/maps")).contains("[vsyscall]"), "needs a kernel with vsyscall");
            Frame old = symbolizer.frame(0xffffffffff600402L, running.pid(), Naming.FUNCTIONS);
            assertThat(Running.text(old)).isEqualTo("time+2");
            assertThat(old.location().module()).isEqualTo("[vsyscall]");
        }
    }

    @Test
    void addressesOfNothingStayNumbers() {
        try (Symbolizer symbolizer = Running.symbolizer(); Running program = Running.start(pie)) {
            for (long address : new long[] {0, 1, 0x1234, 0x7fffffffffffL, Long.MAX_VALUE, -1, 0xffff800000000000L}) {
                assertThat(symbolizer.frames(new long[] {address, address}, program.pid(), Naming.FUNCTIONS))
                        .containsExactly(new Frame.Unknown(address, Frame.Location.NONE), new Frame.Unknown(address, Frame.Location.NONE));
            }
            assertThat(symbolizer.frames(new long[0], program.pid(), Naming.FUNCTIONS)).isEmpty();
        }
    }
}
