package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.BtfWriter;
import dev.sonde.btf.Member;
import dev.sonde.target.Architecture;
import dev.sonde.target.DebugInformation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where arguments are, by the rules of the two processors' ABIs. */
class CallingConventionTest {
    private final BtfWriter types = new BtfWriter();
    private final int int8 = types.integer("char", 1, true);
    private final int int32 = types.integer("int", 4, true);
    private final int int64 = types.integer("long", 8, true);
    private final int int128 = types.add(new BtfType.Int(0, "__int128", 16, true, false, false, 0, 128));
    private final int float32 = types.add(new BtfType.Float(0, "float", 4));
    private final int float64 = types.add(new BtfType.Float(0, "double", 8));
    private final int longDouble = types.add(new BtfType.Float(0, "long double", 16));
    private final int small = types.struct("small", 8, Member.at("a", int32, 0), Member.at("b", int32, 4));
    private final int pair = types.struct("pair", 16, Member.at("a", int64, 0), Member.at("b", int64, 8));
    private final int mixed = types.struct("mixed", 16, Member.at("a", int64, 0), Member.at("b", float64, 8));
    private final int reals = types.struct("reals", 8, Member.at("a", float32, 0), Member.at("b", float32, 4));
    private final int both = types.struct("both", 8, Member.at("a", int32, 0), Member.at("b", float32, 4));
    private final int large = types.struct("large", 24, Member.at("a", pair, 0), Member.at("b", int64, 16));
    private final int packed = types.struct("packed", 12, Member.at("a", int32, 0), Member.at("b", int64, 4), Member.at("c", int8, 11));
    private final int empty = types.struct("empty", 1);
    private final int text = types.struct("text", 12, Member.at("a", types.array(int8, int32, 12), 0));

    private List<String> x86(int result, Integer... parameters) {
        return places(Architecture.X86_64, false, result, parameters);
    }

    private List<String> arm64(Integer... parameters) {
        return places(Architecture.ARM64, false, 0, parameters);
    }

    private List<String> places(Architecture architecture, boolean resultByReference, int result, Integer... parameters) {
        List<String> places = new ArrayList<>();
        for (CallingConvention.Place place : CallingConvention.parameters(function(resultByReference, result, parameters), architecture)) {
            places.add(text(place, architecture));
        }
        return places;
    }

    /** A negative type is an object that is passed by its address. */
    private DebugInformation.Subprogram function(boolean resultByReference, int result, Integer... parameters) {
        List<DebugInformation.Parameter> list = new ArrayList<>();
        for (int type : parameters) {
            list.add(new DebugInformation.Parameter("p" + list.size(), Math.abs(type), type < 0, Optional.empty()));
        }
        Btf graph = Btf.read(MemorySegment.ofArray(types.toBytes()));
        return new DebugInformation.Subprogram("f", list, result, resultByReference, false, DebugInformation.Shape.CALLED, graph);
    }

    private static String text(CallingConvention.Place place, Architecture architecture) {
        return switch (place) {
            case CallingConvention.Place.Registers(List<Integer> slots) ->
                    String.join(" ", slots.stream().map(s -> architecture.registers().get(s / 8)).toList());
            case CallingConvention.Place.Stack(int offset) -> "sp+" + offset;
            case CallingConvention.Place.Behind(int slot) -> "(" + architecture.registers().get(slot / 8) + ")";
            case CallingConvention.Place.BehindStack(int offset) -> "(sp+" + offset + ")";
            case CallingConvention.Place.Vector _ -> "vector";
            case CallingConvention.Place.Nothing _ -> "nothing";
        };
    }

    private String result(Architecture architecture, int type) {
        return text(CallingConvention.result(function(false, type), architecture), architecture);
    }

    @Test
    void theSeventhIntegerIsOnTheStackAboveTheReturnAddress() {
        assertThat(x86(0, int32, int8, int64, int32, int32, int32, int8, int64)).containsExactly("di", "si", "dx", "cx", "r8", "r9", "sp+8", "sp+16");
        assertThat(arm64(int32, int8, int64, int32, int32, int32, int8, int64, int32, int64))
                .containsExactly("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "sp+0", "sp+8");
    }

    @Test
    void aSmallStructTakesOneOrTwoRegisters() {
        assertThat(x86(0, small, pair, text, int32)).containsExactly("di", "si dx", "cx r8", "r9");
        assertThat(arm64(small, pair, text, int32)).containsExactly("r0", "r1 r2", "r3 r4", "r5");
    }

    @Test
    void aStructThatDoesNotFitGoesWholeToTheStackAndLaterOnesMayStillFit() {
        assertThat(x86(0, int64, int64, int64, int64, int64, pair, int64)).containsExactly("di", "si", "dx", "cx", "r8", "sp+8", "r9");
        assertThat(arm64(int64, int64, int64, int64, int64, int64, int64, pair, int64)).endsWith("sp+0", "sp+16");
    }

    @Test
    void aLargeStructIsOnTheStackOrBehindAPointer() {
        assertThat(x86(0, int32, large, int32)).containsExactly("di", "sp+8", "si");
        assertThat(arm64(int32, large, int32)).containsExactly("r0", "(r1)", "r2");
    }

    @Test
    void realsTakeNoGeneralRegister() {
        assertThat(x86(0, float64, int32, float32, reals, int32)).containsExactly("vector", "di", "vector", "vector", "si");
        assertThat(arm64(float64, int32, reals, int32)).containsExactly("vector", "r0", "vector", "r1");
    }

    @Test
    void aStructWithAnIntegerAndARealTakesOneRegisterOfEachOnX86() {
        assertThat(x86(0, mixed, both, int32)).containsExactly("vector", "si", "dx");
        assertThat(arm64(mixed, int32)).containsExactly("r0 r1", "r2");
    }

    @Test
    void theNinthRealIsOnTheStack() {
        assertThat(x86(0, float64, float64, float64, float64, float64, float64, float64, float64, float64, int32)).endsWith("vector", "sp+8", "di");
        assertThat(arm64(float64, float64, float64, float64, float64, float64, float64, float64, float64, int32)).endsWith("vector", "sp+0", "r0");
    }

    @Test
    void wideNumbersAreAligned() {
        assertThat(x86(0, int128, int32, longDouble)).containsExactly("di si", "dx", "sp+8");
        assertThat(x86(0, int64, int64, int64, int64, int64, int64, int64, int128)).endsWith("sp+8", "sp+24");
        assertThat(arm64(int32, int128, int32)).containsExactly("r0", "r2 r3", "r4");
    }

    @Test
    void aPackedStructIsInMemoryOnX86() {
        assertThat(x86(0, packed, int32)).containsExactly("sp+8", "di");
    }

    @Test
    void anEmptyObjectTakesNothingOnX86() {
        assertThat(x86(0, empty, int32)).containsExactly("nothing", "di");
    }

    @Test
    void anObjectWithItsOwnCopyConstructorIsBehindItsAddress() {
        assertThat(x86(0, int32, -small, int32)).containsExactly("di", "(si)", "dx");
        assertThat(x86(0, int64, int64, int64, int64, int64, int64, -pair)).endsWith("(sp+8)");
        assertThat(arm64(int32, -small)).containsExactly("r0", "(r1)");
    }

    @Test
    void aResultInMemoryTakesTheFirstRegisterOfX86Only() {
        assertThat(x86(large, int32)).containsExactly("si");
        assertThat(x86(pair, int32)).containsExactly("di");
        assertThat(places(Architecture.X86_64, true, small, int32)).containsExactly("si");
        assertThat(places(Architecture.ARM64, false, large, int32)).containsExactly("r0");
    }

    @Test
    void resultsComeBackInOneOrTwoRegisters() {
        assertThat(result(Architecture.X86_64, int32)).isEqualTo("ax");
        assertThat(result(Architecture.X86_64, pair)).isEqualTo("ax dx");
        assertThat(result(Architecture.X86_64, large)).isEqualTo("(ax)");
        assertThat(result(Architecture.X86_64, float64)).isEqualTo("vector");
        assertThat(result(Architecture.ARM64, pair)).isEqualTo("r0 r1");
        assertThat(result(Architecture.ARM64, large)).isEqualTo("vector");
    }
}
