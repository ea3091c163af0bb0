package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BpfProgramTest {
    private static final int RAW_TRACEPOINT = 17;

    private final Kernel kernel = Root.kernel();

    @ParameterizedTest
    @CsvSource({"kprobe,2", "tracepoint,5", "perf_event,7", "raw_tracepoint,17"})
    void emptyProgramLoads(String name, int type) {
        try (BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(type, name, Code.nothing(), "GPL"))) {
            BpfProgram.Info info = program.info();
            assertThat(info.id()).isPositive();
            assertThat(info.translatedLength()).isGreaterThanOrEqualTo(16);
            assertThat(info.verifiedInstructions()).isEqualTo(Root.isSince(5, 16) ? 2 : 0);
        }
    }

    @Test
    void rejectionCarriesTheVerifiersLog() {
        byte[] noReturnValue = new Code().op(0x95, 0, 0, 0, 0).exit();
        KernelException e = catchThrowableOfType(KernelException.class,
                () -> BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "bad", noReturnValue, "GPL")));
        assertThat(e).hasMessageStartingWith("bpf(BPF_PROG_LOAD): ");
        assertThat(e.errno()).isIn(Errno.EACCES, Errno.EINVAL);
        assertThat(e.verifierLog()).isPresent();
        assertThat(e.verifierLog().get()).isNotBlank();
    }

    @Test
    void readingAnUnsetRegisterIsNamedInTheLog() {
        byte[] code = new Code().copy(1, 7).exit();
        KernelException e = catchThrowableOfType(KernelException.class,
                () -> BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "bad", code, "GPL")));
        assertThat(e.verifierLog().orElse("")).contains("R7 !read_ok");
    }

    @Test
    void logOfAGoodProgramCanBeHad() {
        String log = BpfProgram.verify(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "good", Code.nothing(), "GPL"), 2 | 4);
        assertThat(log).contains("r0 = 0", "processed 2 insns");
    }

    /** A kernel that says ENOSPC until the log is large enough. */
    @Test
    void logGrowsUntilItFits() {
        int[] size = {0};
        Kernel small = call -> {
            if (call instanceof Bpf.ProgLoad load && load.log() != null) {
                size[0] = (int) load.log().byteSize();
                load.log().setString(0, "the end\n");
                return size[0] < 1 << 20 ? -Errno.ENOSPC.number() : -Errno.EINVAL.number();
            }
            return -Errno.EINVAL.number();
        };
        assertThatThrownBy(() -> BpfProgram.load(small, new Bpf.ProgLoad(5, "p", Code.nothing(), "GPL")))
                .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.verifierLog()).contains("the end"));
        assertThat(size[0]).isEqualTo(1 << 21);
    }

    @Test
    void rawTracepointProgramRunsOnRequest() {
        try (BpfMap array = BpfMap.create(kernel, new Bpf.MapCreate(2, "count", 4, 16, 1, 0));
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "count", Code.counting(array), "GPL"));
                Fd statistics = BpfProgram.enableStats(kernel)) {
            assertThat(statistics.number()).isPositive();
            assertThat(program.testRun(null, -1)).isZero();
            assertThat(program.testRun(null, 0)).isZero();
            assertThat(program.testRun(MemorySegment.ofArray(new long[8]), 0)).isZero();
            assertThat(count(array)).isEqualTo(3);
            assertThat(program.info().runCount()).isEqualTo(3);
            assertThat(program.info().runTimeNs()).isPositive();
        }
    }

    static long count(BpfMap array) {
        long[] value = new long[array.definition().valueSize() / 8];
        array.lookup(MemorySegment.ofArray(new int[1]), MemorySegment.ofArray(value));
        return value[0];
    }

    @Test
    void resultOfATestRunComesBack() {
        byte[] code = new Code().move(0, 5).op(0x95, 0, 0, 0, 0).exit();
        byte[] five = Arrays.copyOf(code, 16);
        try (BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "five", five, "GPL"))) {
            assertThat(program.testRun(null, -1)).isEqualTo(5);
        }
    }

    @Test
    void typesLoadAndWrongTypesAreExplained() {
        byte[] btf = integerBtf(8);
        try (BpfBtf loaded = BpfBtf.load(kernel, btf);
                BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(1, "m", 4, 4, 1, 0).withBtf(loaded.fd().number(), 1, 1))) {
            assertThat(map.id()).isPositive();
        }
        KernelException e = catchThrowableOfType(KernelException.class, () -> BpfBtf.load(kernel, integerBtf(0xff)));
        assertThat(e).hasMessageStartingWith("bpf(BPF_BTF_LOAD): ");
        assertThat(e.verifierLog()).isPresent();
    }

    /** A header, one BTF_KIND_INT of 4 bytes whose encoding word has the given bits, and the strings "" and "int". */
    private static byte[] integerBtf(int bits) {
        ByteBuffer btf = ByteBuffer.allocate(24 + 16 + 5).order(ByteOrder.LITTLE_ENDIAN);
        btf.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(16).putInt(16).putInt(5);
        btf.putInt(1).putInt(1 << 24).putInt(4).putInt(bits == 8 ? 32 : bits);
        btf.put(new byte[] {0, 'i', 'n', 't', 0});
        return btf.array();
    }

    @Test
    void kernelBtfIsFoundByName() {
        Root.since(5, 11);
        Root.needs("/sys/kernel/btf/vmlinux");
        try (BpfBtf btf = BpfBtf.ofModule(kernel, "vmlinux").orElseThrow()) {
            assertThat(btf.id()).isPositive();
        }
        assertThat(BpfBtf.ofModule(kernel, "no_such_module")).isEmpty();
    }
}
