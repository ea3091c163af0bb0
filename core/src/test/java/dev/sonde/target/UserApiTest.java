package dev.sonde.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.Enumerator;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserApiTest {
    /** Headers of the kernel alone; user programs have those constants from the C library. */
    private static final Map<String, String> LIBRARY = Map.of("linux/socket.h", "sys/socket.h", "linux/net.h", "sys/socket.h",
            "net/tcp_states.h", "netinet/tcp.h");
    private static final Set<String> KERNEL_ONLY = Set.of("linux/time64.h", "linux/err.h", "linux/kdev_t.h", "asm/page.h", "linux/stddef.h");

    @TempDir
    Path directory;

    /** All names with their headers. */
    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String table : List.of(NetworkConstants.TABLE, FileConstants.TABLE, ProcessConstants.TABLE)) {
            String header = "";
            for (String token : table.split("\\s+")) {
                if (token.startsWith("<")) {
                    header = token.substring(1, token.length() - 1);
                } else {
                    assertThat(names.put(token.substring(0, token.indexOf('=')), header)).as(token).isNull();
                }
            }
        }
        return names;
    }

    @Test
    void wellKnownNamesHaveTheirValuesAndHeaders() {
        assertThat(UserApi.value("AF_INET")).hasValue(2);
        assertThat(UserApi.value("AF_INET6")).hasValue(10);
        assertThat(UserApi.value("IPPROTO_TCP")).hasValue(6);
        assertThat(UserApi.value("TCP_ESTABLISHED")).hasValue(1);
        assertThat(UserApi.value("ETIMEDOUT")).hasValue(110);
        assertThat(UserApi.value("SIGKILL")).hasValue(9);
        assertThat(UserApi.value("AT_FDCWD")).hasValue(-100);
        assertThat(UserApi.value("NSEC_PER_SEC")).hasValue(1_000_000_000);
        assertThat(UserApi.value("MAX_ERRNO")).hasValue(4095);
        assertThat(UserApi.value("ULONG_MAX")).hasValue(-1);
        assertThat(UserApi.header("IPPROTO_TCP")).contains("linux/in.h");
        assertThat(UserApi.header("ENOENT")).contains("asm-generic/errno-base.h");
        assertThat(UserApi.header("TCP_ESTABLISHED")).contains("net/tcp_states.h");
        assertThat(UserApi.header("AF_UNIX")).contains("linux/socket.h");
    }

    @Test
    void otherNamesHaveNone() {
        for (String name : List.of("", "NO_SUCH_NAME", "AF_INE", "F_INET", "AF_INET=2", "AF_INET ", "2", "<linux/in.h>", "=")) {
            assertThat(UserApi.value(name)).as(name).isEmpty();
            assertThat(UserApi.header(name)).as(name).isEmpty();
        }
    }

    @Test
    void everyNameIsFoundInItsHeader() {
        Map<String, String> names = names();
        assertThat(names).hasSizeGreaterThan(3000);
        names.forEach((name, header) -> {
            assertThat(UserApi.value(name, Architecture.X86_64)).as(name).isPresent();
            assertThat(UserApi.header(name)).as(name).contains(header);
        });
    }

    @Test
    void processorsDifferWhereTheirHeadersDo() {
        assertThat(UserApi.value("O_DIRECTORY", Architecture.X86_64)).hasValue(0x10000);
        assertThat(UserApi.value("O_DIRECTORY", Architecture.ARM64)).hasValue(0x4000);
        assertThat(UserApi.value("O_CREAT", Architecture.ARM64)).hasValue(0x40);
        assertThat(UserApi.value("ARCH_SET_FS", Architecture.X86_64)).isPresent();
        assertThat(UserApi.value("ARCH_SET_FS", Architecture.ARM64)).isEmpty();
        assertThat(UserApi.value("PAGE_SHIFT", Architecture.ARM64)).isEmpty();
    }

    /** Macros only: whether an enumerator exists cannot be asked of a preprocessor. */
    @Test
    void valuesAreThoseOfTheCompiler() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/include/linux/in.h")), "needs the kernel's user-space headers");
        Map<String, String> names = names();
        Map<String, List<String>> byHeader = new LinkedHashMap<>();
        names.forEach((name, header) -> byHeader.computeIfAbsent(header, _ -> new ArrayList<>()).add(name));
        int compared = 0;
        for (String line : Tool.lines(program(byHeader))) {
            String name = line.substring(0, line.indexOf(' '));
            assertThat(UserApi.value(name)).as(name).hasValue(Long.parseLong(line.substring(name.length() + 1)));
            compared++;
        }
        System.out.println(compared + " of " + names.size() + " constants compared with the C compiler");
        assertThat(compared).isGreaterThan(2500);
    }

    /** One unit for each header, since many headers cannot be included together. */
    private String program(Map<String, List<String>> byHeader) throws IOException {
        List<String> command = new ArrayList<>(List.of("gcc", "-w", "-o", directory.resolve("print").toString()));
        StringBuilder main = new StringBuilder();
        for (Map.Entry<String, List<String>> entry : byHeader.entrySet()) {
            if (!KERNEL_ONLY.contains(entry.getKey())) {
                String function = "unit" + command.size();
                Path unit = directory.resolve(function + ".c");
                Files.writeString(unit, unit(LIBRARY.getOrDefault(entry.getKey(), entry.getKey()), function, entry.getValue()));
                command.add(unit.toString());
                main.append("void ").append(function).append("(void);\n");
            }
        }
        main.append("int main(void) {\n");
        for (int i = 4; i < command.size(); i++) {
            main.append("unit").append(i).append("();\n");
        }
        command.add(Files.writeString(directory.resolve("main.c"), main.append("return 0; }\n")).toString());
        Tool.run(command.toArray(new String[0]));
        return directory.resolve("print").toString();
    }

    private static String unit(String header, String function, List<String> names) {
        StringBuilder text = new StringBuilder("#include <stddef.h>\n#include <linux/types.h>\n#if __has_include(<").append(header)
                .append(">)\n#include <").append(header)
                .append(">\n#endif\nint printf(const char *, ...);\nvoid ").append(function).append("(void) {\n");
        for (String name : names) {
            text.append("#ifdef ").append(name).append("\nprintf(\"%s %lld\\n\", \"").append(name).append("\", (long long)(").append(name)
                    .append("));\n#endif\n");
        }
        return text.append("}\n").toString();
    }

    @Test
    void enumeratorsOfTheKernelAgree() throws IOException {
        Path file = Path.of("/sys/kernel/btf/vmlinux");
        Assumptions.assumeTrue(Files.isReadable(file), "needs the kernel's BTF");
        Btf btf = Btf.read(MemorySegment.ofArray(Files.readAllBytes(file)));
        Map<String, Set<Long>> kernel = new HashMap<>();
        btf.forEach(BtfKind.ENUM, id -> {
            for (Enumerator value : ((BtfType.Enum) btf.type(id)).values()) {
                kernel.computeIfAbsent(value.name(), _ -> new HashSet<>()).add(value.value() & 0xffffffffL);
            }
        });
        Set<String> different = new TreeSet<>();
        Set<String> shared = new TreeSet<>(names().keySet());
        shared.retainAll(kernel.keySet());
        for (String name : shared) {
            if (!kernel.get(name).contains(UserApi.value(name).orElseThrow() & 0xffffffffL)) {
                different.add(name + " " + UserApi.value(name).getAsLong() + " " + kernel.get(name));
            }
        }
        assertThat(shared).hasSizeGreaterThan(100);
        assertThat(different).isEmpty();
    }
}
