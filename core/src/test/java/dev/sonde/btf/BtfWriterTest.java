package dev.sonde.btf;

import static dev.sonde.btf.BtfSamples.bpftool;
import static dev.sonde.btf.BtfSamples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BtfWriterTest {
    private final BtfWriter writer = new BtfWriter();

    /** A program's types: one function, a map's key and value, and its section of data. */
    private byte[] program() {
        int u64 = writer.integer("unsigned long long", 8, false);
        int context = writer.pointer(0);
        int number = writer.integer("int", 4, true);
        writer.function("probe", writer.prototype(number, new Parameter("ctx", context)), Linkage.GLOBAL);
        int key = writer.struct("key", 24, Member.at("pid", u64, 0), Member.at("comm", writer.array(u64, number, 2), 8));
        writer.typedef("key_t", key);
        int counter = writer.variable("counter", u64, Linkage.GLOBAL);
        writer.section(".data", 8, new BtfType.SecInfo(counter, 0, 8));
        writer.enumeration("mode", true, Enumerator.of("OFF", -1), Enumerator.of("ON", 1));
        return writer.toBytes();
    }

    @Test
    void writtenTypesAreReadBack() {
        Btf btf = read(program());
        assertThat(btf.function("probe").orElseThrow().linkage()).isEqualTo(Linkage.GLOBAL);
        assertThat(btf.memberOf(btf.typedef("key_t").orElseThrow().id(), "comm").orElseThrow().offset()).isEqualTo(8);
        assertThat(btf.sizeOf(btf.variable("counter").orElseThrow().id())).hasValue(8);
        assertThat(btf.enumerator("OFF").orElseThrow().value()).isEqualTo(-1);
        assertThat(btf.find(BtfKind.DATASEC, ".data")).isPresent();
    }

    @Test
    void bpftoolReadsAProgramsTypes(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("program.btf"), program());
        assertThat(bpftool(file)).contains("FUNC 'probe'", "linkage=global", "'comm' type_id=", "bits_offset=64", "DATASEC '.data' size=8 vlen=1");
    }

    @Test
    void equalStringsAreStoredOnce() {
        int first = writer.string("counter");
        assertThat(writer.string("counter")).isEqualTo(first);
        assertThat(writer.string("")).isZero();
        assertThat(writer.string("x")).isEqualTo(first + "counter".length() + 1);
    }

    @Test
    void bitFieldSetsTheKindFlag() {
        int number = writer.integer("unsigned int", 4, false);
        int struct = writer.struct("flags", 4, new Member("a", number, 0, 3), new Member("b", number, 3, 29));
        assertThat(((BtfType.Struct) read(writer).type(struct)).members())
            .containsExactly(new Member("a", number, 0, 3), new Member("b", number, 3, 29));
    }

    @Test
    void whatBtfCannotSayIsRefused() {
        Parameter[] tooMany = new Parameter[0x10000];
        Arrays.fill(tooMany, new Parameter("", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.string("a\0b"));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.add(new BtfType.Void()));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.prototype(0, tooMany));
        assertThatIllegalArgumentException().isThrownBy(() -> writer.struct("far", 1 << 22, new Member("a", 1, 1 << 24, 1)));
    }

    @Test
    void functionAndLineInfoHaveTheKernelsForm() {
        ByteBuffer functions = ByteBuffer.wrap(FuncInfo.encode(List.of(new FuncInfo(0, 4), new FuncInfo(17, 9)))).order(ByteOrder.nativeOrder());
        assertThat(List.of(functions.getInt(), functions.getInt(), functions.getInt(), functions.getInt())).containsExactly(0, 4, 17, 9);
        byte[] lines = LineInfo.encode(List.of(new LineInfo(3, 10, 20, 5, 7)));
        assertThat(lines).hasSize(LineInfo.SIZE);
        ByteBuffer line = ByteBuffer.wrap(lines).order(ByteOrder.nativeOrder());
        assertThat(List.of(line.getInt(), line.getInt(), line.getInt(), line.getInt())).containsExactly(3, 10, 20, 5 << 10 | 7);
    }

    @Test
    void lineAndColumnThatDoNotFitAreCapped() {
        byte[] line = LineInfo.encode(List.of(new LineInfo(0, 0, 0, 1 << 30, 5000)));
        assertThat(ByteBuffer.wrap(line).order(ByteOrder.nativeOrder()).getInt(12)).isEqualTo(-1);
    }
}
