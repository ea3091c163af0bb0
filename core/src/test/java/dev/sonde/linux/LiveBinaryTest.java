package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.target.Binary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveBinaryTest {
    private static final String C = """
            int counter = 1;
            static volatile int zeroed[4];
            int __attribute__((noinline)) shared_name(int x) { return x + counter; }
            static int __attribute__((noinline, used)) hidden_helper(int x) { return x * 3 + zeroed[0]; }
            int alias_of(int x) __attribute__((alias("shared_name")));
            __asm__(".text\\n.globl untyped_entry\\nuntyped_entry:\\n ret\\n");
            int main(int argc, char **argv) { return shared_name(argc) + hidden_helper(argc); }
            """;
    private static final String CXX = """
            #include <string>
            #include <vector>
            namespace shop {
            struct Cart {
                int items;
                __attribute__((noinline)) Cart(int n) : items(n) {}
                virtual ~Cart() {}
                __attribute__((noinline)) int add(const std::string &name, int count) { items += count + name.size(); return items; }
                __attribute__((noinline)) int add(const char *name) { return items += name[0]; }
            };
            template <typename T> __attribute__((noinline)) T total(T a, T b) { return a + b; }
            }
            namespace { __attribute__((noinline)) int local_thing(int x) { return x + 1; } }
            int main(int argc, char **argv) {
                shop::Cart cart(argc);
                return cart.add("x") + cart.add(std::string("y"), 2) + shop::total<int>(argc, 2) + shop::total<long>(argc, 2) + local_thing(argc);
            }
            """;

    @TempDir
    Path directory;

    private static Binary open(Path path) {
        return LiveBinary.open(path.toString()).orElseThrow();
    }

    /** Every function's code must be what the file has at its offset. */
    private static void codeIsAtTheOffsets(Path path, Binary binary) throws IOException {
        byte[] file = Files.readAllBytes(path);
        for (Binary.Function function : binary.matching("*")) {
            int from = (int) function.fileOffset();
            int count = (int) Math.min(16, Math.max(1, function.size()));
            assertThat(binary.code(function.address(), count)).as(function.toString()).isEqualTo(Arrays.copyOfRange(file, from, from + count));
        }
    }

    @Test
    void functionsOfBashAreThoseOfReadelf() throws IOException {
        Path bash = Tool.existing("/bin/bash");
        TreeSet<Long> expected = new TreeSet<>(Long::compareUnsigned);
        for (String line : Tool.lines("readelf", "--dyn-syms", "-W", bash.toString())) {
            String[] fields = line.trim().split("\\s+");
            if (fields.length > 7 && (fields[3].equals("FUNC") || fields[3].equals("IFUNC")) && !fields[6].equals("UND")) {
                expected.add(Long.parseUnsignedLong(fields[1], 16));
            }
        }
        Binary binary = open(bash);
        assertThat(binary.matching("*")).extracting(Binary.Function::address).containsExactlyElementsOf(expected);
        assertThat(binary.functions("main")).singleElement().satisfies(main -> assertThat(main.size()).isPositive());
        assertThat(binary.functions("main*")).isEmpty();
        codeIsAtTheOffsets(bash, binary);
    }

    @Test
    void offsetsAreThoseOfTheSegmentsNotOfTheAddresses() throws IOException {
        Path program = Tool.gcc(directory, "far", C, "-O1", "-no-pie", "-Wl,-Ttext-segment=0x7000000", "-Wl,-z,separate-code");
        Binary binary = open(program);
        Binary.Function function = binary.functions("shared_name").getFirst();
        assertThat(function.address()).isGreaterThan(0x7000000);
        assertThat(function.fileOffset()).isLessThan(Files.size(program));
        assertThat(binary.positionIndependent()).isFalse();
        assertThat(binary.fileOffset(function.address() + 1)).contains(function.fileOffset() + 1);
        assertThat(binary.fileOffset(0x10)).isEmpty();
        codeIsAtTheOffsets(program, binary);
    }

    @Test
    void patternGivesOneFunctionForEachAddress() throws IOException {
        Binary binary = open(Tool.gcc(directory, "plain", C, "-O1", "-pie", "-fPIE"));
        assertThat(binary.matching("*")).extracting(Binary.Function::address).doesNotHaveDuplicates().isSorted();
        assertThat(binary.matching("shared*")).hasSize(1);
        assertThat(binary.functions("alias_of")).extracting(Binary.Function::address)
                .isEqualTo(binary.functions("shared_name").stream().map(Binary.Function::address).toList());
        assertThat(binary.positionIndependent()).isTrue();
    }

    @Test
    void dataSymbolsAndUntypedCodeAreFound() throws IOException {
        Binary binary = open(Tool.gcc(directory, "data", C, "-O1"));
        assertThat(binary.symbol("counter").orElseThrow().size()).isEqualTo(4);
        assertThat(binary.symbol("zeroed").orElseThrow()).extracting(Binary.Function::size, Binary.Function::fileOffset).containsExactly(16L, 0L);
        assertThat(binary.symbol("no_such_symbol")).isEmpty();
        assertThat(binary.functions("untyped_entry")).singleElement()
                .satisfies(entry -> assertThat(binary.code(entry.address(), 1)).containsExactly(0xc3));
        assertThat(binary.functions("counter")).isEmpty();
        Binary.Function main = binary.functions("main").getFirst();
        assertThat(binary.functionAt(main.address() + 3)).contains(main);
        assertThat(binary.functionAt(0)).isEmpty();
    }

    private Path strippedWithDebugFile() throws IOException {
        Path program = Tool.gcc(directory, "debugged", C, "-O1", "-g", "-Wl,--build-id");
        String debug = program + ".debug";
        Tool.run("objcopy", "--only-keep-debug", program.toString(), debug);
        Tool.run("strip", program.toString());
        Tool.run("objcopy", "--add-gnu-debuglink=" + debug, program.toString());
        return program;
    }

    @Test
    void separateDebugFileNamesLocalFunctions() throws IOException {
        Path program = strippedWithDebugFile();
        Binary binary = open(program);
        assertThat(binary.functions("hidden_helper")).hasSize(1);
        assertThat(binary.matching("hidden*")).isEqualTo(binary.functions("hidden_helper"));
        assertThat(binary.symbolSources()).contains("separate debug file").contains("debugged.debug");
        codeIsAtTheOffsets(program, binary);
    }

    @Test
    void debugFileOfAnotherBuildIsRefused() throws IOException {
        Path program = strippedWithDebugFile();
        Path other = Tool.gcc(directory, "other", C.replace("* 3", "* 5"), "-O1", "-g", "-Wl,--build-id");
        Tool.run("objcopy", "--only-keep-debug", other.toString(), program + ".debug");
        Binary binary = open(program);
        assertThat(binary.functions("hidden_helper")).isEmpty();
        assertThat(binary.symbolSources()).contains("belongs to another build");
    }

    @Test
    void miniDebugInfoNamesLocalFunctions() throws IOException {
        Path program = Tool.gcc(directory, "mini", C, "-O1", "-Wl,--build-id");
        String debug = program + ".debug";
        Tool.run("objcopy", "--only-keep-debug", program.toString(), debug);
        Tool.run("strip", program.toString());
        Tool.run("xz", debug);
        Tool.run("objcopy", "--add-section", ".gnu_debugdata=" + debug + ".xz", program.toString());
        Binary binary = open(program);
        assertThat(binary.functions("hidden_helper")).hasSize(1);
        assertThat(binary.symbolSources()).contains(".gnu_debugdata");
        codeIsAtTheOffsets(program, binary);
    }

    @Test
    void strippedFileSaysWhatItHas() throws IOException {
        Path program = Tool.gcc(directory, "bare", C, "-O1", "-Wl,--build-id");
        Tool.run("strip", program.toString());
        Binary binary = open(program);
        assertThat(binary.functions("shared_name")).isEmpty();
        assertThat(binary.symbolSources()).contains(".dynsym").contains("no debug file for build id");
    }

    @Test
    void strippedGoProgramNamesItsFunctions() throws IOException {
        Path source = Files.writeString(directory.resolve("main.go"), "package main\n\n//go:noinline\nfunc answer(x int) int { return x + 41 }\n\n"
                + "func main() { println(answer(1)) }\n");
        Path full = directory.resolve("full");
        Path stripped = directory.resolve("stripped");
        Map<String, String> environment = Map.of("GO111MODULE", "off", "GOFLAGS", "-mod=mod");
        Tool.run(environment, "go", "build", "-o", full.toString(), source.toString());
        Tool.run(environment, "go", "build", "-ldflags", "-s -w", "-o", stripped.toString(), source.toString());
        Binary expected = open(full);
        Binary binary = open(stripped);
        assertThat(binary.symbolSources()).contains("Go functions");
        assertThat(binary.functions("main.answer")).hasSize(1);
        assertThat(binary.functions("main.answer").getFirst().address()).isEqualTo(expected.functions("main.answer").getFirst().address());
        assertThat(binary.matching("main.*")).extracting(Binary.Function::name).contains("main.answer", "main.main");
        assertThat(binary.functionAt(binary.functions("main.main").getFirst().address() + 1).orElseThrow().name()).isEqualTo("main.main");
        codeIsAtTheOffsets(stripped, binary);
        assertThat(binary.nearest("main.answr")).contains("main.answer");
    }

    private Path cxx() throws IOException {
        Path source = Files.writeString(directory.resolve("shop.cc"), CXX);
        Path out = directory.resolve("shop");
        Tool.run("g++", "-O1", "-o", out.toString(), source.toString());
        return out;
    }

    @Test
    void demangledNamesFindTheirFunctions() throws IOException {
        Binary binary = open(cxx());
        assertThat(binary.demangled("shop::Cart::add")).hasSize(2);
        assertThat(binary.demangled("shop::Cart::add(char const*)")).extracting(Binary.Function::name).containsExactly("_ZN4shop4Cart3addEPKc");
        assertThat(binary.demangled("shop::Cart::add(*,int)")).hasSize(1);
        assertThat(binary.demangled("shop::Cart::add(char const *)")).hasSize(1);
        assertThat(binary.demangled("shop::*")).hasSizeGreaterThanOrEqualTo(5);
        assertThat(binary.demangled("shop::total<int>")).hasSize(1);
        assertThat(binary.demangled("shop::total<int>(int, int)")).hasSize(1);
        assertThat(binary.demangled("int shop::total<int>(int, int)")).hasSize(1);
        assertThat(binary.demangled("shop::total*")).hasSize(2);
        assertThat(binary.demangled("(anonymous namespace)::local_thing(int)")).hasSize(1);
        assertThat(binary.demangled("main")).hasSize(1);
        assertThat(binary.demangled("shop::Cart::remove")).isEmpty();
    }

    @Test
    void constructorsAtOneAddressAreOne() throws IOException {
        Binary binary = open(cxx());
        assertThat(binary.demangled("shop::Cart::Cart")).hasSize(1);
        assertThat(binary.matching("_ZN4shop4CartC*")).hasSize(1);
    }

    @Test
    void nearestNamesAreOffered() throws IOException {
        Binary binary = open(cxx());
        assertThat(binary.nearest("shop::Cart::ad")).contains("shop::Cart::add");
        assertThat(binary.nearest("mian")).contains("main");
        assertThat(binary.nearest("zzzzzzzzzzzzzzzzzzzz")).isEmpty();
        assertThat(open(Tool.existing("/bin/bash")).nearest("readlin").getFirst()).isEqualTo("readline");
    }

    @Test
    void usdtProbesAreThoseOfReadelf() throws IOException {
        Path library = Tool.jdk("lib/server/libjvm.so");
        List<String> expected = Tool.lines("readelf", "-n", library.toString()).stream().filter(line -> line.contains("Location: 0x"))
                .map(line -> line.replaceAll(".*Location: 0x0*([0-9a-f]+), .*", "$1")).sorted().toList();
        Binary binary = open(library);
        Map<Long, Long> offsets = new HashMap<>();
        List<Binary.Usdt> probes = binary.usdt("*", "*");
        assertThat(probes).hasSameSizeAs(expected);
        for (String address : expected) {
            long vaddr = Long.parseUnsignedLong(address, 16);
            offsets.put(binary.fileOffset(vaddr).orElseThrow(), vaddr);
        }
        assertThat(probes).allSatisfy(probe -> assertThat(offsets).containsKey(probe.fileOffset()));
        assertThat(binary.usdt("hotspot", "thread__st*")).isNotEmpty().allMatch(probe -> probe.name().startsWith("thread__st"));
        assertThat(binary.usdt("hotspot", "no_such")).isEmpty();
    }

    @Test
    void whatIsNoBinaryIsEmpty() throws IOException {
        assertThat(LiveBinary.open(Files.writeString(directory.resolve("text"), "#!/bin/sh\n").toString())).isEmpty();
        assertThat(LiveBinary.open(Files.write(directory.resolve("short"), new byte[] {0x7f, 'E', 'L', 'F'}).toString())).isEmpty();
        assertThat(LiveBinary.open(directory.toString())).isEmpty();
        assertThat(LiveBinary.open(directory.resolve("none").toString())).isEmpty();
    }

    @Test
    void damagedFileGivesNamesOrNothing() throws IOException {
        Path program = Tool.gcc(directory, "whole", C, "-O1");
        byte[] bytes = Files.readAllBytes(program);
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            byte[] damaged = Arrays.copyOf(bytes, i % 3 == 0 ? random.nextInt(bytes.length) : bytes.length);
            for (int k = 0; k < 40 && damaged.length > 0; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path file = Files.write(directory.resolve("damaged" + i), damaged);
            LiveBinary.open(file.toString()).ifPresent(binary -> {
                assertThat(binary.symbolSources()).isNotEmpty();
                assertThat(binary.matching("*")).hasSizeLessThan(bytes.length);
                assertThat(binary.nearest("main")).hasSizeLessThanOrEqualTo(3);
                assertThat(binary.usdt("*", "*")).hasSizeLessThan(bytes.length);
                assertThat(binary.functionAt(0x1139)).satisfies(function -> function.ifPresent(f -> assertThat(f.name()).isNotNull()));
                assertThat(binary.demangled("main")).hasSizeLessThan(bytes.length);
                assertThat(binary.code(0x1000, 16)).hasSizeLessThanOrEqualTo(16);
                binary.close();
            });
        }
    }
}
