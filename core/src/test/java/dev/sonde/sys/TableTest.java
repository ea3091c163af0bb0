package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void x86NumbersAreThoseOfTheHeader() throws IOException {
        String header = header("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");
        for (SyscallNumber call : SyscallNumber.values()) {
            assertThat(header).contains("#define __NR_" + call.word() + " " + call.on(Architecture.X86_64) + "\n");
        }
    }

    @Test
    void arm64NumbersAreThoseOfTheGenericHeader() throws IOException {
        String header = header("/usr/include/asm-generic/unistd.h").replace("__NR3264_", "__NR_");
        for (SyscallNumber call : SyscallNumber.values()) {
            assertThat(header).contains("#define __NR_" + call.word() + " " + call.on(Architecture.ARM64) + "\n");
        }
    }

    private static String header(String path) throws IOException {
        Root.needs(path);
        return Files.readString(Path.of(path));
    }

    @Test
    void architectureIsKnownByItsJavaName() {
        assertThat(Architecture.of("amd64")).isEqualTo(Architecture.X86_64);
        assertThat(Architecture.of("aarch64")).isEqualTo(Architecture.ARM64);
        assertThatThrownBy(() -> Architecture.of("s390x")).hasMessageContaining("s390x");
    }

    @SuppressWarnings("restricted")
    @Test
    void wordsOfErrorsAreThoseOfTheLibrary() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        for (int number = 1; number <= 133; number++) {
            Errno errno = Errno.of(number);
            String words = ((MemorySegment) strerror.invokeExact(number)).reinterpret(256).getString(0);
            assertThat(errno == Errno.UNKNOWN ? words : errno.words()).isEqualTo(words);
            assertThat(errno == Errno.UNKNOWN).as("error %d", number).isEqualTo(number == 41 || number == 58);
        }
    }

    @Test
    void errorsAreFoundByNumber() {
        assertThat(Errno.of(1)).isEqualTo(Errno.EPERM);
        assertThat(Errno.of(95)).isEqualTo(Errno.EOPNOTSUPP);
        assertThat(Errno.of(524)).isEqualTo(Errno.ENOTSUPP);
        assertThat(Errno.of(4000)).isEqualTo(Errno.UNKNOWN);
    }
}
