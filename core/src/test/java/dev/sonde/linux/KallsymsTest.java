package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.target.KernelFunction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KallsymsTest {
    private static final String TEXT = """
            0000000000000000 A fixed_percpu_data
            ffffffff81000000 T _stext
            ffffffff81000000 T _text
            ffffffff81000100 t local
            ffffffff81000200 W weak
            ffffffff81000300 D data
            ffffffffc0100000 t in_module\t[nf_conntrack]
            ffffffffc0100080 t local\t[nf_conntrack]
            ffffffffc0000000 t bpf_prog_1\t[bpf]
            """;

    private static Kallsyms of(String text) throws IOException {
        return Kallsyms.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void addressFindsTheSymbolBeforeIt() throws IOException {
        Kallsyms symbols = of(TEXT);
        assertThat(symbols.size()).isEqualTo(9);
        assertThat(symbols.lookup(0xffffffff81000104L)).contains(new Kallsyms.Symbol("local", 0xffffffff81000100L, "vmlinux"));
        assertThat(symbols.lookup(0xffffffffc0100090L)).contains(new Kallsyms.Symbol("local", 0xffffffffc0100080L, "nf_conntrack"));
        assertThat(symbols.lookup(0xffffffffc0000010L).orElseThrow().name()).isEqualTo("bpf_prog_1");
    }

    @Test
    void firstOfSeveralNamesAtOneAddressIsTaken() throws IOException {
        assertThat(of(TEXT).lookup(0xffffffff81000001L).orElseThrow().name()).isEqualTo("_stext");
    }

    @Test
    void userAddressesAndFarOnesHaveNoSymbol() throws IOException {
        Kallsyms symbols = of(TEXT);
        assertThat(symbols.lookup(0x10)).isEmpty();
        assertThat(symbols.lookup(0x7fff00000000L)).isEmpty();
        assertThat(symbols.lookup(0xffffffff80ffffffL)).isEmpty();
        assertThat(symbols.lookup(0xffffffff90000000L)).isEmpty();
    }

    @Test
    void nameOfTheKernelComesBeforeThatOfAModule() throws IOException {
        Kallsyms symbols = of(TEXT);
        assertThat(symbols.address("local")).hasValue(0xffffffff81000100L);
        assertThat(symbols.address("in_module")).hasValue(0xffffffffc0100000L);
        assertThat(symbols.address("data")).hasValue(0xffffffff81000300L);
        assertThat(symbols.address("loca")).isEmpty();
    }

    @Test
    void functionsAreTextSymbols() throws IOException {
        Kallsyms symbols = of(TEXT);
        assertThat(KernelFunctions.named(symbols, "", "local")).containsExactly(new KernelFunction("nf_conntrack", "local"),
                new KernelFunction("vmlinux", "local"));
        assertThat(KernelFunctions.named(symbols, "vmlinux", "weak")).hasSize(1);
        assertThat(KernelFunctions.named(symbols, "", "data")).isEmpty();
    }

    @Test
    void hiddenAddressesAreToldAndNotGiven() throws IOException {
        Kallsyms symbols = of("0000000000000000 T _stext\n0000000000000000 T vfs_read\n");
        assertThat(symbols.hidden()).isTrue();
        assertThat(symbols.problem()).contains("kptr_restrict");
        assertThat(symbols.address("vfs_read")).isEmpty();
        assertThat(symbols.lookup(0xffffffff81000000L)).isEmpty();
        assertThat(KernelFunctions.named(symbols, "", "vfs_read")).hasSize(1);
        assertThat(of("").problem()).contains("CONFIG_KALLSYMS");
    }

    @Test
    void linesThatAreNoneArePassedOver() throws IOException {
        Kallsyms symbols = of("\nxyz\n12\nffffffff81000000 T\nffffffff81000000 T \nffffffff81000000 T ok\n" + "f".repeat(100_000) + " T x\nffff T [");
        assertThat(symbols.address("ok")).hasValue(0xffffffff81000000L);
        assertThat(symbols.size()).isLessThanOrEqualTo(3);
    }

    @Test
    void everySymbolOfThisMachineIsFound() throws IOException {
        Live.root();
        Kallsyms symbols = Kallsyms.read();
        List<String> lines;
        try (InputStream in = Files.newInputStream(Path.of("/proc/kallsyms"))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.contains("[bpf]")).toList();
        }
        assertThat(symbols.problem()).isEmpty();
        for (int i = 0; i < lines.size(); i += 97) {
            String[] parts = lines.get(i).split("[ \t]");
            long address = Long.parseUnsignedLong(parts[0], 16);
            if (address < 0) {
                assertThat(symbols.lookup(address).orElseThrow().address()).isEqualTo(address);
                assertThat(symbols.address(parts[2])).isPresent();
            }
        }
    }
}
