package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolTableTest {
    private static final String NODE = "/usr/bin/node";

    static Stream<Path> realFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String path : List.of(NODE, "/usr/bin/bash", "/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
                "/usr/lib/x86_64-linux-gnu/libm.so.6")) {
            if (Files.exists(Path.of(path))) {
                files.add(Path.of(path).toRealPath());
            }
        }
        files.add(Tool.jdk("lib/server/libjvm.so"));
        try (Stream<Path> libraries = Files.list(Tool.jdk("lib"))) {
            libraries.filter(path -> path.toString().endsWith(".so")).sorted().limit(12).forEach(files::add);
        }
        return files.stream();
    }

    @ParameterizedTest
    @MethodSource("realFiles")
    void everySymbolIsThatOfReadelf(Path path) throws IOException {
        try (ElfFile elf = ElfFile.open(path)) {
            List<String> actual = new ArrayList<>();
            elf.dynsym().ifPresent(table -> addLines(elf, table, actual));
            elf.symtab().ifPresent(table -> addLines(elf, table, actual));
            assertSameLines(actual, readelf(path));
        }
    }

    static void assertSameLines(List<String> actual, List<String> expected) {
        assertThat(actual).isNotEmpty().hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).isEqualTo(expected.get(i));
        }
    }

    static void addLines(ElfFile elf, SymbolTable table, List<String> lines) {
        for (int i = 0; i < table.size(); i++) {
            Symbol symbol = table.symbol(i);
            boolean named = symbol.type() != Symbol.Type.STT_SECTION || !symbol.name().isEmpty();
            String name = named ? symbol.versionedName() : elf.sections().get(symbol.section()).name();
            lines.add((i + " " + Long.toHexString(symbol.value()) + " " + symbol.size() + " " + type(symbol) + " " + binding(symbol) + " "
                    + section(symbol) + " " + name).trim());
        }
    }

    private static String type(Symbol symbol) {
        return symbol.type().name().replace("STT_GNU_", "").replace("STT_", "");
    }

    private static String binding(Symbol symbol) {
        return symbol.binding() == Symbol.Binding.STB_GNU_UNIQUE ? "UNIQUE" : symbol.binding().name().replace("STB_", "");
    }

    private static String section(Symbol symbol) {
        return switch (symbol.section()) {
            case Symbol.SHN_UNDEF -> "UND";
            case Symbol.SHN_ABS -> "ABS";
            case Symbol.SHN_COMMON -> "COM";
            default -> Integer.toString(symbol.section());
        };
    }

    /** The symbol lines of readelf, reduced to the fields of {@link #addLines}. */
    static List<String> readelf(Path path) {
        List<String> lines = new ArrayList<>();
        for (String line : Tool.lines("readelf", "-sW", path.toString())) {
            String[] fields = line.trim().split(" +", 8);
            if (fields.length >= 7 && fields[0].endsWith(":") && Character.isDigit(fields[0].charAt(0))) {
                String name = fields.length == 8 ? fields[7].replaceFirst(" \\(\\d+\\)$", "") : "";
                lines.add((fields[0].replace(":", "") + " " + Long.toHexString(Long.parseUnsignedLong(fields[1], 16)) + " "
                        + Long.decode(fields[2]) + " " + fields[3] + " " + fields[4] + " " + fields[6] + " " + name).trim());
            }
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"elf32-i386", "elf32-little", "elf64-little"})
    void convertedObjectsReadTheSame(String format, @TempDir Path directory) throws IOException {
        Path object = Tool.gcc(directory, "object.o",
                "int data = 3; static int f(int x) { return x + data; } int g(int x) { return f(x); }", "-c", "-O0");
        Path converted = directory.resolve("converted.o");
        Tool.run("objcopy", "-R", ".eh_frame", "-R", ".rela.text", "-O", format, object.toString(), converted.toString());
        try (ElfFile elf = ElfFile.open(converted)) {
            List<String> actual = new ArrayList<>();
            addLines(elf, elf.symtab().orElseThrow(), actual);
            assertSameLines(actual, readelf(converted));
            assertThat(elf.is64()).isEqualTo(format.contains("64"));
            assertThat(elf.symtab().get().byName("g")).singleElement().satisfies(symbol -> assertThat(symbol.isFunction()).isTrue());
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void bothClassesInBothByteOrdersReadTheSame(boolean is64, boolean bigEndian, @TempDir Path directory) throws IOException {
        ElfImage image = new ElfImage(is64, bigEndian).text(0x1000, 0x100);
        image.function("first", 0x1000, 0x20, 1).function("second", 0x1020, 7, 1).untyped("label", 0x1030, 1);
        Path path = Files.write(directory.resolve("image"), image.bytes());
        try (ElfFile elf = ElfFile.open(path)) {
            List<String> actual = new ArrayList<>();
            addLines(elf, elf.symtab().orElseThrow(), actual);
            assertSameLines(actual, readelf(path));
            assertThat(elf.symtab().get().lookup(0x1021).orElseThrow().name()).isEqualTo("second");
            assertThat(elf.fileOffset(0x10004)).hasValue(4);
            assertThat(elf.segments().getFirst().isExecutable()).isTrue();
        }
    }

    /** The rule of {@link SymbolTable#lookup} in its plainest form, over records. */
    private static Optional<Symbol> plainLookup(ElfFile elf, List<Symbol> symbols, long address) {
        Comparator<Symbol> preference = Comparator.comparing((Symbol s) -> bindingRank(s)).thenComparing(SymbolTableTest::typeRank)
                .thenComparing(SymbolTableTest::underscores);
        long start = 0;
        for (Symbol s : symbols) {
            start = s.value() <= address && s.value() + s.size() > address ? Math.max(start, s.value()) : start;
        }
        long innermost = start;
        Optional<Symbol> sized = symbols.stream().filter(s -> s.value() == innermost && s.value() + s.size() > address).min(preference);
        if (sized.isPresent()) {
            return sized;
        }
        long last = symbols.stream().mapToLong(Symbol::value).filter(value -> value <= address).max().orElse(-1);
        return symbols.stream().filter(s -> s.value() == last && s.size() == 0
                && address < elf.sections().get(s.section()).address() + elf.sections().get(s.section()).size()).min(preference);
    }

    private static int bindingRank(Symbol symbol) {
        return switch (symbol.binding()) {
            case STB_GLOBAL, STB_GNU_UNIQUE -> 0;
            case STB_WEAK -> 1;
            case STB_LOCAL, STB_UNKNOWN -> 2;
        };
    }

    private static int typeRank(Symbol symbol) {
        return symbol.isFunction() ? 0 : symbol.type() == Symbol.Type.STT_OBJECT ? 1 : 2;
    }

    private static int underscores(Symbol symbol) {
        return symbol.name().length() - symbol.name().replaceFirst("^_{1,8}", "").length();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/bin/bash"})
    void lookupFollowsItsRuleAtRandomAddresses(String file) throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing(file))) {
            SymbolTable table = elf.symbols().orElseThrow();
            List<Symbol> symbols = addressable(table);
            Random random = new Random(7);
            int found = 0;
            for (int i = 0; i < 400; i++) {
                Symbol near = symbols.get(random.nextInt(symbols.size()));
                long address = near.value() + random.nextInt((int) Math.min(near.size() + 40, 5000));
                Optional<Symbol> expected = plainLookup(elf, symbols, address);
                assertThat(table.lookup(address)).as(Long.toHexString(address)).isEqualTo(expected);
                found += expected.isPresent() ? 1 : 0;
            }
            assertThat(found).isGreaterThan(200);
        }
    }

    private static List<Symbol> addressable(SymbolTable table) {
        List<Symbol> symbols = new ArrayList<>();
        for (int i = 1; i < table.size(); i++) {
            Symbol s = table.symbol(i);
            if (s.section() > 0 && s.section() < 0xff00 && (typeRank(s) < 2 || s.type() == Symbol.Type.STT_NOTYPE)) {
                symbols.add(s);
            }
        }
        return symbols;
    }

    @Test
    void everyFunctionOfNodeIsFoundAtItsLastByte() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing(NODE))) {
            SymbolTable table = elf.symtab().orElseThrow();
            int functions = 0;
            for (int i = 1; i < table.size(); i++) {
                if (table.isDefinedFunction(i) && table.size(i) > 0) {
                    Symbol found = table.lookup(table.value(i) + table.size(i) - 1).orElseThrow();
                    assertThat(found.value()).isGreaterThanOrEqualTo(table.value(i));
                    functions++;
                }
            }
            assertThat(functions).isGreaterThan(60_000);
        }
    }

    @Test
    void unsizedSymbolReachesToTheNextAndAliasesHaveAnOrder(@TempDir Path directory) throws IOException {
        Path path = Tool.gcc(directory, "shapes", """
                __asm__(".text\\n.globl bare\\n.type bare, @function\\nbare:\\nnop\\nnop\\nnop\\nbare_next:\\nret\\n"
                        ".globl sized\\n.type sized, @function\\nsized:\\nnop\\ninner:\\nnop\\nnop\\nret\\n.size sized, .-sized\\n");
                void __named(void) { __asm__("nop"); }
                void named(void) __attribute__((alias("__named")));
                void weak_named(void) __attribute__((weak, alias("__named")));
                static void local_named(void) __attribute__((alias("__named"), used));
                int main(void) { return 0; }
                """, "-O1");
        try (ElfFile elf = ElfFile.open(path)) {
            SymbolTable table = elf.symtab().orElseThrow();
            long bare = table.byName("bare").getFirst().value();
            long sized = table.byName("sized").getFirst().value();
            assertThat(table.lookup(bare + 2).orElseThrow().name()).isEqualTo("bare");
            assertThat(table.lookup(bare + 3).orElseThrow().name()).isEqualTo("bare_next");
            assertThat(table.lookup(sized + 2).orElseThrow().name()).isEqualTo("sized");
            assertThat(table.lookup(table.byName("__named").getFirst().value()).orElseThrow().name()).isEqualTo("named");
            assertThat(table.lookup(-1)).isEmpty();
            assertThat(table.lookup(0)).isEmpty();
        }
    }

    @Test
    void gdbNamesTheSameFunctions() throws IOException {
        Path path = Tool.jdk("lib/libjava.so");
        try (ElfFile elf = ElfFile.open(path)) {
            SymbolTable table = elf.symbols().orElseThrow();
            List<String> command = new ArrayList<>(List.of("gdb", "-batch", "-nx"));
            List<Long> addresses = new ArrayList<>();
            for (int i = 1; i < table.size(); i++) {
                if (table.isDefinedFunction(i) && table.size(i) > 8 && addresses.size() < 100) {
                    addresses.add(table.value(i) + 5);
                    command.addAll(List.of("-ex", "info symbol 0x" + Long.toHexString(table.value(i) + 5)));
                }
            }
            command.add(path.toString());
            List<String> answers = Tool.lines(command.toArray(String[]::new));
            assertThat(answers).hasSameSizeAs(addresses).isNotEmpty();
            for (int i = 0; i < answers.size(); i++) {
                String name = table.lookup(addresses.get(i)).orElseThrow().name();
                assertThat(answers.get(i)).as(name).matches(Pattern.quote(name.replaceFirst("\\.\\d+$", "")) + "(\\.\\d+)? \\+ 5 .*");
            }
        }
    }

    @Test
    void addressesAtBothEndsOfTheSpaceAreOrderedToo() {
        ElfImage image = new ElfImage(true, false);
        image.text(0, 0x10).text(0xffffffff81000000L, 0x100);
        image.function("percpu", 0, 8, 1).function("startup", 0xffffffff81000000L, 0x40, 2).function("entry", 0xffffffff81000040L, 0, 2);
        SymbolTable table = ElfFile.of(image.build(), "image").symtab().orElseThrow();
        assertThat(table.lookup(4).orElseThrow().name()).isEqualTo("percpu");
        assertThat(table.lookup(0xffffffff8100003fL).orElseThrow().name()).isEqualTo("startup");
        assertThat(table.lookup(0xffffffff810000ffL).orElseThrow().name()).isEqualTo("entry");
        assertThat(table.lookup(0xffffffff81000100L)).isEmpty();
    }

    @Test
    void mappingSymbolsOfArmNameNothing() {
        ElfImage image = new ElfImage(true, false).machine(ElfFile.EM_AARCH64);
        image.text(0x1000, 0x100).function("f", 0x1000, 0, 1).untyped("$x", 0x1000, 1).untyped("$d", 0x1010, 1);
        SymbolTable table = ElfFile.of(image.build(), "image").symtab().orElseThrow();
        assertThat(table.lookup(0x1014).orElseThrow().name()).isEqualTo("f");
    }

    @Test
    void wildcardsFindWhatAScanOfTheNamesFinds() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing(NODE))) {
            SymbolTable table = elf.symtab().orElseThrow();
            List<String> names = new ArrayList<>();
            for (int i = 1; i < table.size(); i++) {
                if (table.section(i) != Symbol.SHN_UNDEF) {
                    names.add(table.name(i));
                }
            }
            assertThat(table.matching(NamePattern.of("*Parse*"))).hasSize((int) names.stream().filter(n -> n.contains("Parse")).count());
            assertThat(table.matching(NamePattern.of("_ZN4node*Ev"))).isNotEmpty()
                    .hasSize((int) names.stream().filter(n -> n.startsWith("_ZN4node") && n.endsWith("Ev")).count());
            assertThat(table.byName("main")).hasSize((int) names.stream().filter("main"::equals).count());
            assertThat(table.byName("malloc")).isEmpty();
        }
    }
}
