package dev.sonde.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class BpfHelperTest {
    private static final Path HEADER = Path.of("/usr/include/linux/bpf.h");

    @Test
    void numbersAreThoseOfTheKernelsHeader() throws IOException {
        if (!Files.exists(HEADER)) {
            System.out.println("skipped: needs " + HEADER);
            Assumptions.abort("needs " + HEADER);
        }
        Map<String, Integer> numbers = numbers(Files.readString(HEADER));
        for (BpfHelper helper : BpfHelper.values()) {
            assertThat(numbers).containsEntry(helper.kernelName(), helper.number());
        }
    }

    /** Entries of {@code __BPF_FUNC_MAPPER}: with their number in newer headers, else counted from 0. */
    private static Map<String, Integer> numbers(String header) {
        var numbers = new HashMap<String, Integer>();
        Matcher entry = Pattern.compile("FN\\((\\w+)(?:, (\\d+), [^)]*)?\\)[, \\t]*\\\\").matcher(header);
        while (entry.find()) {
            numbers.put("bpf_" + entry.group(1), entry.group(2) != null ? Integer.parseInt(entry.group(2)) : numbers.size());
        }
        return numbers;
    }

    @Test
    void helpersAreFoundByNumber() {
        for (BpfHelper helper : BpfHelper.values()) {
            assertThat(BpfHelper.of(helper.number())).contains(helper);
        }
        assertThat(BpfHelper.of(0)).isEmpty();
    }
}
