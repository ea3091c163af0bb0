package dev.sonde.dwarf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the table against {@code readelf --debug-dump=frames-interp}. */
class CfiReadelfTest {
    private static final int RBP = 6;
    private static final int X29 = 29;

    @ParameterizedTest
    @ValueSource(strings = {"/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/sbin/nginx",
        "/lib64/ld-linux-x86-64.so.2", "/usr/bin/node", "/usr/aarch64-linux-gnu/lib/libc.so.6", "/usr/aarch64-linux-gnu/lib/libm.so.6",
        "/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1", "/usr/aarch64-linux-gnu/lib/libstdc++.so.6"})
    void rowsAreThoseOfReadelf(String file) throws Exception {
        compare(file);
    }

    static void compare(String file) throws Exception {
        assumeTrue(Files.exists(Path.of(file)), file + " is not here");
        assumeTrue(Files.exists(Path.of("/usr/bin/readelf")), "readelf is not here");
        List<String> rows = rows(Path.of(file));
        List<String> expected = readelf(file);
        assertThat(rows).isNotEmpty();
        for (int i = 0; i < Math.min(rows.size(), expected.size()); i++) {
            assertThat(rows.get(i)).isEqualTo(expected.get(i));
        }
        assertThat(rows).hasSameSizeAs(expected);
    }

    private static List<String> rows(Path path) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ElfFile elf = ElfFile.open(path)) {
            Section section = elf.section(".eh_frame").orElseThrow();
            boolean arm = elf.machine() == 183;
            CfiSection.ehFrame(elf.contents(section), section.address(), 0, arm ? X29 : RBP).read(row -> rows.add(text(row, arm)));
        }
        return rows;
    }

    private static String text(CfiRow row, boolean arm) {
        return String.format("%016x %s %s %s", row.start(), switch (row.cfa()) {
            case CfaRule.RegisterOffset(int register, long offset) -> name(register, arm) + (offset < 0 ? "" : "+") + offset;
            case CfaRule.Expression _ -> "exp";
            case CfaRule.Unset _ -> "unset";
        }, rule(row.framePointer()), rule(row.returnAddress()));
    }

    private static String rule(FrameRule rule) {
        return switch (rule) {
            case FrameRule.Unset _, FrameRule.Undefined _ -> "u";
            case FrameRule.SameValue _ -> "s";
            case FrameRule.Offset(long offset) -> "c" + (offset < 0 ? "" : "+") + offset;
            case FrameRule.ValueOffset(long offset) -> "v" + (offset < 0 ? "" : "+") + offset;
            case FrameRule.InRegister(int register) -> "r" + register;
            case FrameRule.Expression _ -> "exp";
            case FrameRule.ValueExpression _ -> "vexp";
        };
    }

    private static String name(int register, boolean arm) {
        if (arm) {
            return register == 31 ? "sp" : "x" + register;
        }
        String[] names = {"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp"};
        return register < names.length ? names[register] : "r" + register;
    }

    /** Location, canonical frame address, frame pointer and return address of each row of each function. */
    private static List<String> readelf(String file) throws IOException {
        Process process = new ProcessBuilder("readelf", "--debug-dump=frames-interp", "-wN", file).redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            Dump dump = new Dump();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                dump.line(line);
            }
            dump.endFunction();
            return dump.rows;
        }
    }

    /** What readelf prints; for a function without instructions of its own it prints no row, which is then that of its common entry. */
    private static final class Dump {
        final List<String> rows = new ArrayList<>();
        private final Map<String, String> common = new HashMap<>();
        private String entry = "";
        private String pending = "";
        private boolean function;
        private int pointer;
        private int address;

        void line(String line) {
            String[] words = line.trim().replaceAll(" \\(\\w+\\)", "").split(" +");
            if (line.contains(" FDE ") || line.contains(" CIE ")) {
                start(line, words[0]);
            } else if (line.startsWith("   LOC")) {
                List<String> titles = List.of(words);
                pointer = Math.max(titles.indexOf("rbp"), titles.indexOf("x29"));
                address = Math.max(titles.indexOf("ra"), titles.indexOf("x30"));
            } else if (!line.startsWith(" ") && words.length > 1 && words[0].length() == 16) {
                row(words);
            }
        }

        private void start(String line, String offset) {
            endFunction();
            entry = offset;
            function = line.contains(" FDE ");
            if (function) {
                String[] range = line.substring(line.indexOf("pc=") + 3).trim().split("\\.\\.");
                String cie = line.substring(line.indexOf("cie=") + 4, line.indexOf(" pc="));
                pending = range[0].equals(range[1]) ? "" : range[0] + common.get(cie);
                function = !pending.isEmpty();
            }
        }

        void endFunction() {
            if (!pending.isEmpty()) {
                rows.add(pending);
            }
            pending = "";
        }

        private void row(String[] words) {
            String rules = " " + words[1] + " " + (pointer < 0 ? "u" : words[pointer]) + " " + (address < 0 ? "u" : words[address]);
            pending = "";
            if (function) {
                rows.add(words[0] + rules);
            } else {
                common.put(entry, rules);
            }
        }
    }
}
