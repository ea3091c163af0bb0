package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probes.ProbeContext.Source;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Architecture;
import dev.sonde.target.Binary;
import dev.sonde.target.Feature;
import dev.sonde.target.RecordedBinary;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UprobeKindTest {
    private final Target machine = Machine.builder().build();

    private static AttachSpec.UprobeMulti multi(Bound bound) {
        return (AttachSpec.UprobeMulti) bound.attachment();
    }

    @Test
    void functionIsProbedAtItsFirstInstruction() {
        Bound bound = Bound.on(machine).bind("u:/bin/app:work");
        assertThat(multi(bound).offsets()).containsExactly(0x200L);
        assertThat(bound.probes()).containsExactly("uprobe:/bin/app:work");
        assertThat(bound.group().sites().getFirst().function()).isEqualTo("work");
        assertThat(bound.group().program()).isEqualTo(new ProbeGroup.Program(ProgramKind.KPROBE, 48, 0));
        assertThat(bound.context().reentrant()).isTrue();
        assertThat(bound.context().space()).isEqualTo(AddressSpace.USER);
    }

    @Test
    void endbrIsLeftOutUnlessAnOffsetIsGiven() {
        assertThat(multi(Bound.on(machine).bind("u:/bin/app:main")).offsets()).containsExactly(0x104L);
        assertThat(multi(Bound.on(machine).bind("ur:/bin/app:main")).offsets()).containsExactly(0x104L);
        Bound offset = Bound.on(machine).bind("u:/bin/app:main+5");
        assertThat(multi(offset).offsets()).containsExactly(0x105L);
        assertThat(offset.probes()).containsExactly("uprobe:/bin/app:main+5");
    }

    @Test
    void kernelWithoutUprobeMultiGetsPerfEvents() {
        Target old = Machine.builder().without(Feature.UPROBE_MULTI).build();
        Bound one = Bound.on(old).pid(7).bind("ur:/bin/app:work");
        assertThat(one.attachment()).isEqualTo(new AttachSpec.Uprobe(100, one.attachment().span(), "/bin/app", 0x200, 0, true, 7));
        assertThat(one.group().program()).isEqualTo(ProbeGroup.Program.of(ProgramKind.KPROBE));
        Bound two = Bound.on(old).bind("u:/bin/app:*");
        assertThat(two.attachments()).hasSize(3).allMatch(AttachSpec.Uprobe.class::isInstance);
        assertThat(two.group().cookies()).isTrue();
    }

    @Test
    void linksProcessFilterIsTrustedOnlyWhereItWorks() {
        Target before = Machine.builder().without(Feature.RAW_TRACEPOINT_COOKIE).build();
        assertThat(Bound.on(before).pid(7).bind("u:/bin/app:work").attachment()).isInstanceOf(AttachSpec.Uprobe.class);
        assertThat(multi(Bound.on(machine).pid(7).bind("u:/bin/app:work")).pid()).isEqualTo(7);
        assertThat(Bound.on(machine).pid(7).bind("u:/bin/app:work").group().filterPid()).isEqualTo(-1);
    }

    @Test
    void wildcardIsOneLinkWithASiteForEachFunction() {
        Bound bound = Bound.on(machine).bind("uprobe:/bin/app:*");
        assertThat(multi(bound).offsets()).containsExactly(0x104L, 0x200L, 0x220L);
        assertThat(bound.group().cookies()).isTrue();
        assertThat(bound.probes()).containsExactly("uprobe:/bin/app:main", "uprobe:/bin/app:work", "uprobe:/bin/app:_ZN1A1fEi");
    }

    @Test
    void severalFilesAreOneGroupWithALinkEach() {
        RecordedTarget.Builder builder = Machine.builder();
        RecordedBinary other = RecordedBinary.of("/lib/other.so", 0, new byte[64]).with("work", 16, 4);
        Target two = builder.binary(other).mappedFiles(9, "/bin/app", "/lib/other.so").executables("*app*", "/bin/app", "/lib/other.so").build();
        Bound bound = Bound.on(two).bind("u:*app*:work");
        assertThat(bound.attachments()).extracting(AttachSpec::site).containsExactly(100, 101);
        assertThat(bound.probes()).containsExactly("uprobe:/bin/app:work", "uprobe:/lib/other.so:work");
        assertThat(Bound.on(two).pid(9).bind("u:*:work").probes()).hasSize(2);
        assertThat(Bound.on(two).pid(9).bind("u:*:main").probes()).containsExactly("uprobe:/bin/app:main");
    }

    @Test
    void nameAsCppWritesItIsFound() {
        Bound bound = Bound.on(machine).bind("u:/bin/app:cpp:\"A::f\"");
        assertThat(bound.probes()).containsExactly("uprobe:/bin/app:cpp:A::f");
        assertThat(bound.group().sites().getFirst().function()).isEqualTo("_ZN1A1fEi");
        assertThat(Bound.on(machine).bind("u:/bin/app:\"A::f\"").probes()).containsExactly("uprobe:/bin/app:_ZN1A1fEi");
        assertThat(Bound.on(machine).bind("u:/bin/app:rust:main").said()).startsWith("BAD_ATTACH_POINT: 'rust' is no language");
    }

    @Test
    void addressIsAVirtualOne() {
        Bound bound = Bound.on(machine).bind("u:/bin/app:0x400201");
        assertThat(multi(bound).offsets()).containsExactly(0x201L);
        assertThat(bound.probes()).containsExactly("uprobe:/bin/app:4194817");
        assertThat(bound.context().argN(0)).isPresent();
        assertThat(bound.context().argN(6)).isEmpty();
        assertThat(Bound.on(machine).bind("u:/bin/app:0x100").said()).startsWith("OUT_OF_RANGE: 0x100 is in no segment of /bin/app");
    }

    @Test
    void placeInsideAnInstructionNeedsUnsafe() {
        assertThat(Bound.on(machine).bind("u:/bin/app:work+2").said()).startsWith("UNSAFE: No instruction begins at /bin/app:0x400202 (work+2)");
        assertThat(Bound.on(machine).bind("u:/bin/app:0x400202").said()).startsWith("UNSAFE: No instruction begins");
        assertThat(Bound.on(machine).bind("u:/bin/app:0x400300").said()).startsWith("UNSAFE: Could not determine whether an instruction begins");
        assertThat(multi(Bound.on(machine).unsafely().bind("u:/bin/app:work+2")).offsets()).containsExactly(0x202L);
    }

    @Test
    void offsetMustBeInTheFunctionAndNotAtAReturn() {
        assertThat(Bound.on(machine).bind("u:/bin/app:work+5").said())
                .isEqualTo("OUT_OF_RANGE: Offset outside the function bounds ('work' size is 5)");
        assertThat(Bound.on(machine).bind("ur:/bin/app:work+1").said()).isEqualTo("BAD_ATTACH_POINT: Offset not allowed");
        assertThat(Bound.on(machine).bind("u:/bin/app:work+").said()).isEqualTo("BAD_ATTACH_POINT: Invalid offset");
    }

    @Test
    void unknownFunctionNamesTheNearestAndTheSymbolsThatThereAre() {
        assertThat(Bound.on(machine).bind("u:/bin/app:wark").said()).isEqualTo(
                "NO_MATCH: No matches for uprobe /bin/app:wark. [Did you mean 'work'?, Symbols of /bin/app: 3 recorded functions.]");
    }

    @Test
    void unknownFileIsNamed() {
        assertThat(Bound.on(machine).bind("u:/nope:main").said())
                .isEqualTo("NO_MATCH: uprobe target file '/nope' does not exist or is not executable");
        assertThat(Bound.on(machine).bind("u:/bin/app:").said()).isEqualTo("BAD_ATTACH_POINT: uprobe should be attached to a function and/or "
                + "address");
    }

    @Test
    void returnOfAGoFunctionIsRefused() {
        Target go = Machine.builder().binary(new GoBinary(RecordedBinary.of("/bin/go", 0, new byte[64]).with("main.work", 0, 8).with("f.part.0", 8,
                8)))
                .build();
        assertThat(Bound.on(go).bind("ur:/bin/go:main.work").said()).startsWith("UNSUPPORTED_PROBE: main.work is a Go function");
        assertThat(Bound.on(go).unsafely().bind("ur:/bin/go:main.work").probes()).hasSize(1);
        assertThat(Bound.on(go).bind("u:/bin/go:main.work").probes()).hasSize(1);
        assertThat(Bound.on(go).bind("ur:/bin/go:f.part.0").probes()).hasSize(1);
        assertThat(Bound.on(go).bind("ur:/bin/go:*").probes()).containsExactly("uretprobe:/bin/go:f.part.0");
    }

    @Test
    void argumentsAreInRegistersThenOnTheStack() {
        ProbeContext entry = Bound.on(machine).context().bind("u:/bin/app:work").context();
        int di = Architecture.X86_64.offsetOf("di").orElseThrow();
        int sp = Architecture.X86_64.stackPointer();
        assertThat(entry.argN(0)).contains(new Source.Slot(Type.UINT64, di, 8, false));
        assertThat(entry.argN(6)).contains(new Source.OnStack(Type.UINT64, sp, 8, AddressSpace.USER));
        assertThat(entry.stackArgN(0)).contains(new Source.OnStack(Type.UINT64, sp, 8, AddressSpace.USER));
        assertThat(entry.result()).isEmpty();
        assertThat(entry.register("di")).contains(new Source.Slot(Type.UINT64, di, 8, false));
        assertThat(entry.register("pc")).isEqualTo(entry.register("ip"));
        assertThat(entry.functionAddress()).isEqualTo(entry.register("ip"));
        ProbeContext exit = Bound.on(machine).context().bind("ur:/bin/app:work").context();
        assertThat(exit.result()).contains(new Source.Slot(Type.UINT64, Architecture.X86_64.result(), 8, false));
        assertThat(exit.argN(0)).isEmpty();
    }

    @Test
    void argumentsOfArm64BeginOnTheStackWithoutAReturnAddress() {
        Target arm = Machine.builder().architecture(Architecture.ARM64).build();
        ProbeContext entry = Bound.on(arm).context().bind("u:/bin/app:work").context();
        assertThat(entry.argN(7)).contains(new Source.Slot(Type.UINT64, 56, 8, false));
        assertThat(entry.argN(8)).contains(new Source.OnStack(Type.UINT64, Architecture.ARM64.stackPointer(), 0, AddressSpace.USER));
        assertThat(((AttachSpec.UprobeMulti) Bound.on(arm).bind("u:/bin/app:main").attachment()).offsets()).containsExactly(0x100L);
    }

    @Test
    void listingIsSortedByName() {
        assertThat(Bound.on(machine).list("uprobe", "/bin/app", "*")).extracting(ProbeKind.Listing::probe)
                .containsExactly("uprobe:/bin/app:_ZN1A1fEi", "uprobe:/bin/app:main", "uprobe:/bin/app:work");
        assertThat(Bound.on(machine).list("ur", "/bin/app", "cpp", "A::*")).extracting(ProbeKind.Listing::probe)
                .containsExactly("uretprobe:/bin/app:_ZN1A1fEi");
        assertThat(Bound.on(machine).list("uprobe")).isEmpty();
    }

    /** A binary with Go code in it. */
    private record GoBinary(RecordedBinary recorded) implements Binary {
        @Override
        public String path() {
            return recorded.path();
        }

        @Override
        public List<Function> functions(String name) {
            return recorded.functions(name);
        }

        @Override
        public List<Function> matching(String pattern) {
            return recorded.matching(pattern);
        }

        @Override
        public List<Function> demangled(String name) {
            return recorded.demangled(name);
        }

        @Override
        public Optional<Function> functionAt(long address) {
            return recorded.functionAt(address);
        }

        @Override
        public Optional<Long> fileOffset(long address) {
            return recorded.fileOffset(address);
        }

        @Override
        public List<Usdt> usdt(String provider, String name) {
            return recorded.usdt(provider, name);
        }

        @Override
        public Optional<Function> symbol(String name) {
            return recorded.symbol(name);
        }

        @Override
        public byte[] code(long address, int count) {
            return recorded.code(address, count);
        }

        @Override
        public boolean hasGo() {
            return true;
        }

        @Override
        public boolean positionIndependent() {
            return recorded.positionIndependent();
        }

        @Override
        public List<String> nearest(String name) {
            return recorded.nearest(name);
        }

        @Override
        public String symbolSources() {
            return recorded.symbolSources();
        }
    }
}
