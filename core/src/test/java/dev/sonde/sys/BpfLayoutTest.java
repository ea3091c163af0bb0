package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Field offsets against the kernel's own BTF: bpftool writes it as a C header, a C compiler asserts each offset. */
class BpfLayoutTest {
    private static final MemorySegment MEMORY = MemorySegment.ofArray(new long[1]);
    private static final long[] LONGS = {1};
    private static final byte[] BYTES = new byte[16];

    @Test
    void fieldsLieWhereTheKernelHasThem(@TempDir Path directory) throws Exception {
        Root.since(6, 13);
        Root.needs("/sys/kernel/btf/vmlinux");
        Root.needs("/usr/sbin/bpftool");
        Root.needs("/usr/bin/gcc");
        Path header = directory.resolve("vmlinux.h");
        run(directory, header, "/usr/sbin/bpftool", "btf", "dump", "file", "/sys/kernel/btf/vmlinux", "format", "c");
        List<String> program = new ArrayList<>(List.of("#include \"vmlinux.h\""));
        for (String claim : claims()) {
            program.add("_Static_assert(__builtin_offsetof(" + claim + ", \"" + claim + "\");");
        }
        Files.write(directory.resolve("claims.c"), program);
        Path messages = directory.resolve("messages");
        int status = run(directory, messages, "/usr/bin/gcc", "-fsyntax-only", "-w", "claims.c");
        assertThat(status).as(Files.readString(messages)).isZero();
        assertThat(program.size()).isGreaterThan(70);
    }

    private static int run(Path directory, Path output, String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
    }

    private static List<String> claims() {
        List<String> claims = new ArrayList<>();
        claim(claims, "", new Bpf.MapCreate(1, "n", 4, 4, 1, 1, 1, 1, 1, 1, 1));
        claim(claims, "", new Bpf.MapLookupElem(1, MEMORY, MEMORY, 1));
        claim(claims, "", new Bpf.MapGetNextKey(1, MEMORY, MEMORY));
        claim(claims, "batch.", new Bpf.MapLookupBatch(1, MEMORY, MEMORY, MEMORY, MEMORY, new int[1], false));
        claim(claims, "", new Bpf.ProgLoad(1, "n", BYTES, "GPL", 1, 1, 1, 1, 1, BYTES, BYTES, 1, MEMORY));
        claim(claims, "test.", new Bpf.ProgTestRun(1, MEMORY, 1, new int[1]));
        claim(claims, "info.", new Bpf.ObjGetInfoByFd(1, MEMORY));
        claim(claims, "", new Bpf.BtfLoad(BYTES, MEMORY));
        claim(claims, "raw_tracepoint.", new BpfLink.RawTracepoint("n", 1, 1));
        claim(claims, "link_create.", new BpfLink.OnPerfEvent(1, 1, 1));
        claim(claims, "link_create.", new BpfLink.Tracing(1, 1, 1));
        claim(claims, "link_create.", new BpfLink.Iter(1, BYTES));
        claim(claims, "link_create.", new BpfLink.KprobeMulti(1, new String[] {"f"}, null, LONGS, true, false));
        claim(claims, "link_create.", new BpfLink.UprobeMulti(1, "p", LONGS, LONGS, LONGS, 1, true, false));
        claim(claims, "iter_create.", new Bpf.IterCreate(1));
        claim(claims, "enable_stats.", new Bpf.EnableStats());
        PerfEvent.Attr attr = PerfEvent.Attr.breakpoint(1, 1, 1);
        attr.write(recorder("struct perf_event_attr, ", claims));
        claims.removeIf(claim -> claim.contains("flags) == 40") || claim.contains(", id)"));
        return claims;
    }

    private static void claim(List<String> claims, String prefix, Bpf call) {
        call.attributes(recorder("union bpf_attr, " + prefix, claims));
    }

    /** Every method that puts a structure field starts with the offset and the name. */
    private static Arguments recorder(String prefix, List<String> claims) {
        return (Arguments) Proxy.newProxyInstance(Arguments.class.getClassLoader(), new Class<?>[] {Arguments.class}, (proxy, method, values) -> {
            if (values[0] instanceof Integer offset) {
                claims.add(prefix + values[1] + ") == " + offset);
            }
            return null;
        });
    }
}
