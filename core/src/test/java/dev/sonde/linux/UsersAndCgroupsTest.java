package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersAndCgroupsTest {
    @TempDir
    Path directory;

    @Test
    void usersAreThoseOfGetent() {
        Users users = new Users();
        List<String> lines = Tool.lines("getent", "passwd");
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            String[] fields = line.split(":");
            String expected = Tool.lines("getent", "passwd", fields[2]).getFirst().split(":")[0];
            assertThat(users.name(Integer.parseUnsignedInt(fields[2]))).contains(expected);
        }
        assertThat(users.name(54_321_987)).isEmpty();
    }

    @Test
    void brokenLinesOfPasswdArePassedOver() throws IOException {
        Path file = Files.writeString(directory.resolve("passwd"),
                "a:x:1:1::/:\n\n#\nb:x\nc:x:one:\nd:x:99999999999999:1:\n:x:5:\ne:x:1:2:\nbig:x:4294967294:1:\n");
        Users users = new Users(file.toString());
        assertThat(users.name(1)).contains("a");
        assertThat(users.name(5)).isEmpty();
        assertThat(users.name(-2)).contains("big");
        assertThat(new Users("/no/such/file").name(0)).isEmpty();
    }

    @Test
    void mountsAreReadFromMountinfo() throws IOException {
        Path file = Files.writeString(directory.resolve("mountinfo"), """
                30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory
                31 25 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
                32 25 0:28 / /mnt/with\\040blank rw - cgroup2 none rw
                33 25 0:29 / /proc rw - proc proc rw
                broken
                """);
        assertThat(new Cgroups(file.toString()).hierarchies()).containsExactly(
                new Cgroups.Hierarchy("cgroup", "/sys/fs/cgroup", true),
                new Cgroups.Hierarchy("with blank", "/mnt/with blank", true),
                new Cgroups.Hierarchy("memory", "/sys/fs/cgroup/memory", false));
    }

    @Test
    void groupIsFoundByPathAndById() throws IOException {
        Live.root();
        Cgroups cgroups = new Cgroups();
        if (cgroups.hierarchies().isEmpty() || !cgroups.hierarchies().getFirst().unified()) {
            Live.skip("needs cgroup2 to be mounted");
        }
        Cgroups.Hierarchy unified = cgroups.hierarchies().getFirst();
        Path made = Path.of(unified.directory(), "sonde-test-" + ProcessHandle.current().pid());
        Files.createDirectory(made);
        try {
            String path = "/" + made.getFileName();
            long id = Long.parseLong(Tool.lines("stat", "-c", "%i", made.toString()).getFirst());
            assertThat(cgroups.id(made.toString())).hasValue(id);
            assertThat(cgroups.id(path)).hasValue(id);
            assertThat(cgroups.find(id)).contains(new Cgroups.Group(unified, path));
            assertThat(cgroups.id("/no/such/group")).isEmpty();
            assertThat(cgroups.find(-1)).isEmpty();
        } finally {
            Files.delete(made);
        }
    }
}
