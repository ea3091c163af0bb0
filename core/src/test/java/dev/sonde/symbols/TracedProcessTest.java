package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.linux.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracedProcessTest {
    private static final long SECOND = 1_000_000_000;

    private final FakeReader reader = new FakeReader();

    /** One process whose memory the test changes. */
    private static final class FakeReader implements ProcessReader {
        private Optional<ProcessIdentity> identity = Optional.of(new ProcessIdentity(100, 1, 2));
        private List<Mapping> mappings = List.of();
        private int looks;

        @Override
        public Optional<ProcessIdentity> identity(int pid) {
            return identity;
        }

        @Override
        public List<Mapping> mappings(int pid) {
            looks++;
            return mappings;
        }

        @Override
        public String mountNamespace(int pid) {
            return "mnt:[1]";
        }

        @Override
        public String ownMountNamespace() {
            return "mnt:[1]";
        }
    }

    private static Mapping code(long start, String path) {
        return new Mapping(start, start + 0x1000, "r-xp", 0, 1L << 32, start, path, false);
    }

    private TracedProcess process(Mapping... mappings) {
        reader.mappings = List.of(mappings);
        return new TracedProcess(7, reader, 0);
    }

    private static String pathAt(TracedProcess process, long address) {
        AddressSpace space = process.spaceOf(address);
        return space == null ? null : space.find(address).path();
    }

    @Test
    void onlyCodeIsKept() {
        Mapping data = new Mapping(0x8000, 0x9000, "rw-p", 0, 1, 1, "/data", false);
        TracedProcess process = process(code(0x4000, "/a"), data, code(0xa000, "/b"));
        assertThat(pathAt(process, 0x4000)).isEqualTo("/a");
        assertThat(pathAt(process, 0x4fff)).isEqualTo("/a");
        assertThat(pathAt(process, 0xa800)).isEqualTo("/b");
        for (long address : new long[] {0, 0x3fff, 0x5000, 0x8000, 0xb000, -1}) {
            assertThat(pathAt(process, address)).isNull();
        }
    }

    @Test
    void processSeenOftenIsLookedAtInDoublingIntervals() {
        TracedProcess process = process(code(0x4000, "/a"));
        for (long now = 0; now < 10 * SECOND; now += 1_000_000) {
            process.seen(now);
        }
        assertThat(reader.looks).isBetween(10, 20);
    }

    @Test
    void newProgramIsNoticedAndTheOldOneStaysKnown() {
        TracedProcess process = process(code(0x4000, "/shell"), code(0x8000, "/libc"));
        reader.identity = Optional.of(new ProcessIdentity(100, 3, 4));
        reader.mappings = List.of(code(0x4000, "/tool"));
        process.check(1);
        assertThat(pathAt(process, 0x4000)).isEqualTo("/shell");
        process.check(SECOND);
        assertThat(pathAt(process, 0x4000)).isEqualTo("/tool");
        assertThat(pathAt(process, 0x8000)).isEqualTo("/libc");
        assertThat(process.startTime()).isEqualTo(100);
    }

    @Test
    void fewProgramsBackAreRemembered() {
        TracedProcess process = process(code(0x10000, "/0"));
        for (int i = 1; i < 10; i++) {
            reader.identity = Optional.of(new ProcessIdentity(100 + i, 0, 0));
            reader.mappings = List.of(code(0x10000 + i * 0x1000L, "/" + i));
            process.check(i * SECOND);
        }
        assertThat(pathAt(process, 0x19000)).isEqualTo("/9");
        assertThat(pathAt(process, 0x16000)).isEqualTo("/6");
        assertThat(pathAt(process, 0x15000)).isNull();
    }

    @Test
    void closedLibraryStaysKnownUntilItsPlaceIsTaken() {
        TracedProcess process = process(code(0x4000, "/a"), code(0x8000, "/plugin"));
        reader.mappings = List.of(code(0x4000, "/a"));
        process.seen(SECOND);
        assertThat(pathAt(process, 0x8000)).isEqualTo("/plugin");
        reader.mappings = List.of(code(0x4000, "/a"), new Mapping(0x8800, 0x9800, "r-xp", 0, 1, 9, "/other", false));
        process.seen(10 * SECOND);
        assertThat(pathAt(process, 0x8000)).isNull();
        assertThat(pathAt(process, 0x8800)).isEqualTo("/other");
    }

    @Test
    void endedProcessKeepsWhatWasSeen() {
        TracedProcess process = process(code(0x4000, "/a"));
        reader.identity = Optional.empty();
        reader.mappings = List.of();
        process.seen(SECOND);
        process.check(2 * SECOND);
        assertThat(process.search(0x9000, 3 * SECOND)).isFalse();
        assertThat(pathAt(process, 0x4000)).isEqualTo("/a");
    }

    @Test
    void zombieWithoutMemoryDoesNotHideTheProgram() {
        TracedProcess process = process(code(0x4000, "/a"));
        reader.identity = Optional.of(new ProcessIdentity(100, 0, 0));
        reader.mappings = List.of();
        process.check(SECOND);
        assertThat(pathAt(process, 0x4000)).isEqualTo("/a");
    }

    @Test
    void searchFindsWhatWasLoadedSince() {
        TracedProcess process = process(code(0x4000, "/a"));
        reader.mappings = List.of(code(0x4000, "/a"), code(0x8000, "/plugin"));
        assertThat(process.search(0x8000, 1)).isTrue();
        assertThat(pathAt(process, 0x8000)).isEqualTo("/plugin");
    }

    @Test
    void searchesForWildAddressesAreLimited() {
        TracedProcess process = process(code(0x4000, "/a"));
        List<Boolean> found = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            found.add(process.search(0x100000 + i, 0));
        }
        assertThat(found).doesNotContain(true);
        assertThat(reader.looks).isLessThan(6);
        assertThat(process.search(8, 0) || process.search(-8, 0)).isFalse();
        assertThat(reader.looks).isLessThan(6);
    }
}
