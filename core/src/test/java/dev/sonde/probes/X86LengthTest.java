package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class X86LengthTest {
    private static int length(String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        return X86Length.of(code, 0);
    }

    @Test
    void everyKindOfOperandIsCounted() {
        assertThat(length("55")).isEqualTo(1);
        assertThat(length("f3 0f 1e fa")).isEqualTo(4);
        assertThat(length("48 89 e5")).isEqualTo(3);
        assertThat(length("48 b8 88 77 66 55 44 33 22 11")).isEqualTo(10);
        assertThat(length("66 b8 34 12")).isEqualTo(4);
        assertThat(length("c7 84 24 00 01 00 00 05 00 00 00")).isEqualTo(11);
        assertThat(length("f6 05 01 02 03 04 05")).isEqualTo(7);
        assertThat(length("f7 d8")).isEqualTo(2);
        assertThat(length("0f 84 10 00 00 00")).isEqualTo(6);
        assertThat(length("66 0f 3a 0f c1 08")).isEqualTo(6);
        assertThat(length("c5 f8 77")).isEqualTo(3);
        assertThat(length("c4 e2 7d 18 05 01 02 03 04")).isEqualTo(9);
        assertThat(length("62 f1 7c 48 28 c1")).isEqualTo(6);
        assertThat(length("66 66 2e 0f 1f 84 00 00 00 00 00")).isEqualTo(11);
    }

    @Test
    void whatIsNoInstructionHasNoLength() {
        assertThat(length("06")).isEqualTo(-1);
        assertThat(length("9a 00 00 00 00 00 00")).isEqualTo(-1);
        assertThat(length("e8 01 02")).isEqualTo(-1);
        assertThat(length("")).isEqualTo(-1);
        assertThat(length("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90")).isEqualTo(-1);
        assertThat(length("0f")).isEqualTo(-1);
        assertThat(length("c4")).isEqualTo(-1);
    }

    @Test
    void boundariesAreThoseThatObjdumpSees() throws IOException, InterruptedException {
        String binary = "/usr/bin/bash";
        List<String> lines = objdump(binary);
        int checked = 0;
        for (String line : lines) {
            String[] columns = line.split("\t");
            if (columns.length > 2 && !columns[2].startsWith("(bad)")) {
                byte[] code = HexFormat.of().parseHex(columns[1].replace(" ", ""));
                assertThat(X86Length.of(code, 0)).as(line).isEqualTo(code.length);
                checked++;
            }
        }
        System.out.println(checked + " instructions of " + binary + " agree with objdump");
        assertThat(checked).isGreaterThan(10_000);
    }

    /** Its first lines: the whole takes long. */
    private static List<String> objdump(String binary) throws IOException, InterruptedException {
        boolean there = new File("/usr/bin/objdump").canExecute() && new File(binary).exists() && System.getProperty("os.arch").equals("amd64");
        if (!there) {
            System.out.println("skipped: needs objdump and bash on x86-64");
        }
        Assumptions.assumeTrue(there);
        Process process = new ProcessBuilder("objdump", "-d", "-w", "--section=.text", binary).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (var reader = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (String line = reader.readLine(); line != null && lines.size() < 100_000; line = reader.readLine()) {
                lines.add(line);
            }
        }
        process.destroy();
        process.waitFor();
        return lines;
    }
}
