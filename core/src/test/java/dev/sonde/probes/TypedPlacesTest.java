package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.BtfWriter;
import dev.sonde.btf.Member;
import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.source.Diagnostic;
import dev.sonde.target.Architecture;
import dev.sonde.target.DebugInformation;
import dev.sonde.target.RecordedBinary;
import dev.sonde.target.Target;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Uprobes on a program whose debug information is made up. */
class TypedPlacesTest {
    private static final BtfWriter TYPES = new BtfWriter();
    private static final int INT = TYPES.integer("int", 4, true);
    private static final int DOUBLE = TYPES.add(new BtfType.Float(0, "double", 8));
    private static final int POINT = TYPES.struct("point", 8, Member.at("x", INT, 0), Member.at("y", INT, 4));
    private static final int POINTER = TYPES.pointer(POINT);
    private static final Btf GRAPH = Btf.read(MemorySegment.ofArray(TYPES.toBytes()));
    private static final int DI = Architecture.X86_64.offsetOf("di").orElseThrow();
    private static final int SI = Architecture.X86_64.offsetOf("si").orElseThrow();
    private static final int AX = Architecture.X86_64.result();

    private static DebugInformation.Parameter parameter(String name, int type, DebugInformation.Place... place) {
        return new DebugInformation.Parameter(name, type, false, place.length == 0 ? Optional.empty() : Optional.of(place[0]));
    }

    private static DebugInformation.Subprogram function(DebugInformation.Shape shape, int result, DebugInformation.Parameter... parameters) {
        return new DebugInformation.Subprogram("f", List.of(parameters), result, false, false, shape, GRAPH);
    }

    /** draw at 0x100, same at 0x140, other at 0x180; inline_only is inlined at 0x110 and 0x150; lines 7 and 8 of a.c. */
    private static final class Made implements DebugInformation {
        @Override
        public Optional<Subprogram> function(long address) {
            return switch ((int) address) {
                case 0x100, 0x140 -> Optional.of(DwarfLike.draw());
                case 0x180 -> Optional.of(DwarfLike.other());
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<Subprogram> around(long address) {
            return Optional.of(TypedPlacesTest.function(Shape.PLACED, 0, parameter("a", INT, new Place.InRegister(5)),
                    parameter("b", INT, new Place.InMemory(6, -20)), parameter("c", INT, new Place.Constant(3)), parameter("gone", INT)));
        }

        @Override
        public List<Long> inlined(String name) {
            return name.equals("inline_only") ? List.of(0x110L, 0x150L) : List.of();
        }

        @Override
        public Lines lines(String file, int line, int column) {
            return new Lines(file.equals("a.c"), file.equals("a.c") && line == 7 && column == 0 ? List.of(0x110L, 0x150L) : List.of(), List.of(7, 8));
        }

        @Override
        public String problem() {
            return "";
        }
    }

    /** The functions of {@link Made}. */
    private static final class DwarfLike {
        private static DebugInformation.Subprogram draw() {
            return function(DebugInformation.Shape.CALLED, INT, parameter("at", POINTER), parameter("whole", POINT), parameter("size", DOUBLE));
        }

        private static DebugInformation.Subprogram other() {
            return function(DebugInformation.Shape.CALLED, POINT, parameter("n", INT));
        }
    }

    private final Target machine = Machine.builder()
            .binary(RecordedBinary.of("/bin/drawn", 0, new byte[0x200]).with("draw", 0x100, 0x40).with("same", 0x140, 0x40).with("other", 0x180, 0x40)
                    .with(new Made())).build();

    @Test
    void argumentsAreWhereTheCallingConventionHasThem() {
        ProbeContext context = Bound.on(machine).args().bind("uprobe:/bin/drawn:draw").context();
        assertThat(context.arguments().stream().map(ProbeContext.Argument::name)).containsExactly("at", "whole");
        Source.Slot at = (Source.Slot) context.argument("at").orElseThrow();
        assertThat(at.offset()).isEqualTo(DI);
        assertThat(at.type()).isInstanceOfSatisfying(Type.Pointer.class, pointer -> assertThat(pointer.space()).isEqualTo(AddressSpace.USER));
        assertThat(context.argument("whole").orElseThrow()).isInstanceOfSatisfying(Source.InRegisters.class,
                whole -> assertThat(whole.slots()).containsExactly(SI));
        assertThat(context.missingArgument("size")).contains("size is passed in a floating-point register, which a BPF program cannot read");
        assertThat(context.argN(0)).isPresent();
    }

    @Test
    void functionsWithTheSameArgumentsShareAProgramAndOthersDoNot() {
        List<ProbeGroup> groups = Bound.on(machine).args().bind("uprobe:/bin/drawn:*").groups();
        assertThat(groups).hasSize(2);
        assertThat(groups.getFirst().sites()).hasSize(2);
        assertThat(Bound.on(machine).bind("uprobe:/bin/drawn:*").groups()).hasSize(1);
    }

    @Test
    void aResultHasTheTypeThatTheProgramGivesIt() {
        Bound bound = Bound.on(machine).context().bind("uretprobe:/bin/drawn:draw");
        assertThat(bound.context().result()).contains(new Source.Slot(Type.INT32, AX, 4, true));
        assertThat(Bound.on(machine).context().bind("uretprobe:/bin/drawn:other").context().result().orElseThrow())
                .isInstanceOfSatisfying(Source.InRegisters.class, point -> assertThat(point.slots()).containsExactly(AX));
        assertThat(bound.context().arguments()).isEmpty();
        assertThat(bound.context().withoutArguments()).isEmpty();
    }

    @Test
    void aFunctionWithoutCodeOfItsOwnIsProbedWhereItWasInlined() {
        Bound bound = Bound.on(machine).args().bind("uprobe:/bin/drawn:inline_only");
        assertThat(bound.probes()).containsExactly("uprobe:/bin/drawn:inline_only", "uprobe:/bin/drawn:inline_only");
        ProbeContext context = bound.context();
        int bp = Architecture.X86_64.offsetOf("bp").orElseThrow();
        assertThat(context.argument("a")).contains(new Source.Slot(Type.INT32, DI, 4, true));
        assertThat(context.argument("b")).contains(new Source.InMemory(Type.INT32, bp, -1, 0, -20, 4, true, AddressSpace.USER));
        assertThat(context.argument("c")).contains(new Source.Constant(Type.INT32, 3));
        assertThat(context.missingArgument("gone").orElseThrow()).startsWith("gone is nowhere to be found here");
        assertThat(Bound.on(machine).bind("uretprobe:/bin/drawn:inline_only").groups()).isEmpty();
    }

    @Test
    void aSourceLineIsProbedAtItsAddresses() {
        Bound bound = Bound.on(machine).args().bind("uprobe:/bin/drawn@a.c:7");
        assertThat(bound.probes()).containsExactly("uprobe:/bin/drawn:272", "uprobe:/bin/drawn:336");
        assertThat(bound.context().argument("a")).isPresent();
        assertThat(bound.group().sites().getFirst().function()).isEqualTo("draw");
    }

    @Test
    void aSourceLineWithoutCodeNamesLinesThatHaveSome() {
        assertThat(said("uprobe:/bin/drawn@a.c:9")).contains("Unable to map 'a.c:9' to address", "Lines with code near it: 7, 8.");
        assertThat(said("uprobe:/bin/drawn@b.c:9")).contains("No compilation unit matches b.c");
        assertThat(said("uprobe:/bin/drawn@a.c:x")).contains("expected format: uprobe:TARGET@FILE:LINE[:COL]");
        assertThat(said("uretprobe:/bin/drawn@a.c:7")).contains("Source code location not allowed");
        assertThat(said("uprobe:/bin/app@a.c:7")).contains("has no debug information");
    }

    private String said(String attachPoint) {
        List<Diagnostic> diagnostics = Bound.on(machine).bind(attachPoint).diagnostics();
        assertThat(diagnostics).hasSize(1);
        return diagnostics.toString();
    }

    @Test
    void argumentsOfAProgramWithoutDebugInformationAreRefusedWithTheReason() {
        ProbeContext context = Bound.on(machine).args().bind("uprobe:/bin/app:work").context();
        assertThat(context.arguments()).isEmpty();
        assertThat(context.withoutArguments()).startsWith("/bin/app has no debug information (DWARF), which args needs");
        assertThat(context.argN(0)).isPresent();
    }

    @Test
    void aListingSpellsTheParameters() {
        var listing = Bound.on(machine).list("uprobe", "/bin/drawn", "draw").getFirst();
        assertThat(listing.probe()).isEqualTo("uprobe:/bin/drawn:draw");
        assertThat(listing.arguments()).containsExactly("struct point* at", "struct point whole", "double size");
        assertThat(Bound.on(machine).list("uretprobe", "/bin/drawn", "draw").getFirst().arguments()).isEmpty();
    }
}
