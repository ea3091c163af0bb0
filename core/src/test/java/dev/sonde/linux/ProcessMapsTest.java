package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMapsTest {
    private static final String TEXT = """
            55d3c8a00000-55d3c8a2f000 r--p 00000000 fe:01 1048601                    /usr/bin/bash
            55d3c8a2f000-55d3c8aef000 r-xp 0002f000 fe:01 1048601                    /usr/bin/bash
            7f0000000000-7f0000001000 r-xp 00003000 00:2a 77                         /tmp/with space/lib\\012x.so (deleted)
            7f0000002000-7f0000003000 r-xs 00000000 00:01 3                          /memfd:jit (deleted)
            7f0000004000-7f0000005000 rw-p 00000000 00:00 0
            7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0                          [vdso]
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            """;

    @Test
    void linesBecomeMappings() {
        List<Mapping> mappings = ProcessMaps.parse(TEXT).mappings();
        assertThat(mappings).hasSize(7);
        assertThat(mappings.get(1)).isEqualTo(new Mapping(0x55d3c8a2f000L, 0x55d3c8aef000L, "r-xp", 0x2f000, 0xfeL << 32 | 1, 1048601,
                "/usr/bin/bash", false));
        assertThat(mappings.get(1).isExecutable()).isTrue();
        assertThat(mappings.get(0).isExecutable()).isFalse();
        assertThat(mappings.get(4).path()).isEmpty();
    }

    @Test
    void deletedFilesAreToldApart() {
        Mapping deleted = ProcessMaps.parse(TEXT).mappings().get(2);
        assertThat(deleted.deleted()).isTrue();
        assertThat(deleted.path()).isEqualTo("/tmp/with space/lib\nx.so");
        assertThat(deleted.isFile()).isTrue();
        assertThat(deleted.mapFile(12)).isEqualTo("/proc/12/map_files/7f0000000000-7f0000001000");
    }

    @Test
    void specialMappingsAreNoFiles() {
        List<Mapping> mappings = ProcessMaps.parse(TEXT).mappings();
        assertThat(mappings.get(3).isMemfd()).isTrue();
        assertThat(mappings.get(3).isFile()).isFalse();
        assertThat(mappings.get(5)).extracting(Mapping::path, Mapping::isFile).containsExactly("[vdso]", false);
    }

    @Test
    void addressesFindTheirMappingAndFileOffset() {
        ProcessMaps maps = ProcessMaps.parse(TEXT);
        assertThat(maps.find(0x55d3c8a2f010L).orElseThrow().fileOffset(0x55d3c8a2f010L)).isEqualTo(0x2f010);
        assertThat(maps.find(0xffffffffff600100L).orElseThrow().path()).isEqualTo("[vsyscall]");
        assertThat(maps.find(0x55d3c8aef000L)).isEmpty();
        assertThat(maps.find(0)).isEmpty();
        assertThat(maps.find(-1)).isEmpty();
    }

    @Test
    void brokenLinesArePassedOver() {
        assertThat(ProcessMaps.parse("\nx\n1-2\n1-2 rwxp\n1-2 rwxp 0 0:0\n1-2 rw\n5-6 r--p 0 0:0 \n").mappings()).hasSize(1);
        assertThat(ProcessMaps.read(Integer.MAX_VALUE).mappings()).isEmpty();
    }

    @Test
    void thisProcessHasItsLibrariesMapped() throws IOException {
        int pid = (int) ProcessHandle.current().pid();
        List<Mapping> mappings = ProcessMaps.read(pid).mappings();
        assertThat(mappings).isSortedAccordingTo((a, b) -> Long.compareUnsigned(a.start(), b.start()));
        assertThat(mappings).anyMatch(m -> m.path().endsWith("/libjvm.so") && m.isExecutable() && m.isFile());
        for (Mapping mapping : mappings) {
            if (mapping.isFile() && !mapping.deleted()) {
                assertThat(mapping.inode()).isEqualTo((long) Files.getAttribute(Path.of(mapping.path()), "unix:ino"));
            }
        }
        assertThat(Processes.mappedFiles(pid)).anyMatch(path -> path.endsWith("/libjvm.so")).allMatch(path -> Files.exists(Path.of(path)))
                .doesNotHaveDuplicates();
    }
}
