package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.linux.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolFilesTest {
    private static final int NOBODY = Integer.MAX_VALUE;

    @TempDir
    private Path directory;
    private final List<String> log = new ArrayList<>();

    /** No process lives, so files are found by the paths in our own files. */
    private static final class Dead implements ProcessReader {
        @Override
        public Optional<ProcessIdentity> identity(int pid) {
            return Optional.empty();
        }

        @Override
        public List<Mapping> mappings(int pid) {
            return List.of();
        }

        @Override
        public String mountNamespace(int pid) {
            return "";
        }

        @Override
        public String ownMountNamespace() {
            return "";
        }
    }

    private SymbolFiles files(long weight, int count) {
        return new SymbolFiles(new FileFinder(new Dead()), log::add, weight, count);
    }

    private static AddressSpace space(int number) {
        return new AddressSpace(NOBODY, new ProcessIdentity(number, 0, 0), "", List.of());
    }

    private static Mapping mapping(Path path) throws IOException {
        Map<String, Object> file = Files.readAttributes(path, "unix:dev,ino");
        return new Mapping(0x1000, 0x2000, "r-xp", 0x1000, FileFinder.device((Long) file.get("dev")), (Long) file.get("ino"), path.toString(), false);
    }

    private Path program(String name, String... options) throws IOException {
        return Tool.gcc(directory, name, "int main(void) { return " + name.length() + "; }", options).toRealPath();
    }

    @Test
    void fileIsOpenedOnceForAllProcessesAndCopies() throws IOException {
        Path path = program("one");
        Path copy = Files.copy(path, path.resolveSibling("copy"));
        try (SymbolFiles files = files(1 << 20, 8)) {
            SymbolFile first = files.of(space(1), mapping(path));
            assertThat(first.buildId()).isNotEmpty();
            assertThat(files.of(space(1), mapping(path))).isSameAs(first);
            assertThat(files.of(space(2), mapping(path))).isSameAs(first);
            assertThat(files.of(space(3), mapping(copy))).isSameAs(first);
            assertThat(files.of(space(2), mapping(path))).isSameAs(first);
            assertThat(files.size()).isEqualTo(1);
        }
    }

    @Test
    void filesWithoutBuildIdAreToldApartByInode() throws IOException {
        Path path = program("one", "-Wl,--build-id=none");
        Path copy = Files.copy(path, path.resolveSibling("copy"));
        try (SymbolFiles files = files(1 << 20, 8)) {
            SymbolFile first = files.of(space(1), mapping(path));
            assertThat(first.buildId()).isEmpty();
            assertThat(files.of(space(1), mapping(copy))).isNotSameAs(first);
            assertThat(files.size()).isEqualTo(2);
        }
    }

    @Test
    void leastRecentlyUsedFilesAreClosedAndOpenedAgain() throws IOException {
        List<Path> paths = List.of(program("a"), program("bb"), program("ccc"));
        try (SymbolFiles files = files(1 << 20, 2)) {
            for (Path path : paths) {
                assertThat(files.of(space(1), mapping(path)).lookup(0)).isNull();
            }
            SymbolFile first = files.of(space(1), mapping(paths.getFirst()));
            files.trim();
            assertThat(files.size()).isEqualTo(2);
            assertThat(files.of(space(1), mapping(paths.getFirst()))).isSameAs(first);
            assertThat(files.of(space(1), mapping(paths.get(1)))).isNotNull();
            assertThat(files.size()).isEqualTo(3);
        }
    }

    @Test
    void filesThatTakeTooMuchMemoryAreClosedButTheLast() throws IOException {
        try (SymbolFiles files = files(1, 8)) {
            files.of(space(1), mapping(program("a")));
            SymbolFile last = files.of(space(1), mapping(program("bb")));
            files.trim();
            assertThat(files.size()).isEqualTo(1);
            assertThat(last.lookup(0)).isNull();
        }
    }

    @Test
    void fileThatIsNoElfFileIsQuietAndOneThatIsDamagedIsReportedOnce() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "hello").toRealPath();
        Path damaged = Files.writeString(directory.resolve("damaged"), "\177ELFhello").toRealPath();
        try (SymbolFiles files = files(1 << 20, 8)) {
            for (int process = 0; process < 3; process++) {
                assertThat(files.of(space(process), mapping(text))).isNull();
                assertThat(files.of(space(process), mapping(damaged))).isNull();
            }
        }
        assertThat(log).singleElement().asString().startsWith("symbols of " + damaged + ": ");
    }

    @Test
    void fileThatCannotBeReachedIsGivenByAnotherProcessThatReachedIt() throws IOException {
        Path path = program("one");
        Mapping mapping = mapping(path);
        try (SymbolFiles files = files(1 << 20, 8)) {
            Mapping moved = new Mapping(0x1000, 0x2000, "r-xp", 0x1000, mapping.device(), mapping.inode(), "/elsewhere", false);
            assertThat(files.of(space(1), moved)).isNull();
            SymbolFile known = files.of(space(2), mapping);
            Files.delete(path);
            assertThat(files.of(space(3), mapping)).isSameAs(known);
        }
    }
}
