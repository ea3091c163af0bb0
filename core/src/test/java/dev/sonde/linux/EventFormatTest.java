package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointFormat.Dynamic;
import dev.sonde.target.TracepointFormat.Field;
import dev.sonde.target.TracepointName;
import org.junit.jupiter.api.Test;

class EventFormatTest {
    private static final TracepointName NAME = new TracepointName("demo", "event");

    private static Field field(String declaration, int size) {
        String text = "name: event\nID: 7\nformat:\n\tfield:" + declaration
                + ";\toffset:8;\tsize:" + size + ";\tsigned:0;\n\nprint fmt: \"field:x;\"\n";
        TracepointFormat format = EventFormat.parse(NAME, text).orElseThrow();
        assertThat(format.fields()).hasSize(1);
        return format.fields().getFirst();
    }

    @Test
    void plainFieldsHaveTypeNameAndPlace() {
        assertThat(field("unsigned short common_type", 2)).isEqualTo(new Field("unsigned short", "common_type", 0, 8, 2, false, Dynamic.NONE));
        assertThat(field("enum zone_type highest", 4).type()).isEqualTo("enum zone_type");
        assertThat(field("const struct cred * old", 8)).isEqualTo(new Field("const struct cred *", "old", 0, 8, 8, false, Dynamic.NONE));
        assertThat(field("const char *const * argv", 8).type()).isEqualTo("const char *const *");
        assertThat(field("void *ptr", 8)).extracting(Field::type, Field::name).containsExactly("void *", "ptr");
    }

    @Test
    void arraysHaveTheirLengthApart() {
        assertThat(field("char prev_comm[16]", 16)).isEqualTo(new Field("char", "prev_comm", 16, 8, 16, false, Dynamic.NONE));
        assertThat(field("unsigned long args[6]", 48)).extracting(Field::type, Field::name, Field::count).containsExactly("unsigned long", "args", 6);
        assertThat(field("__u8 saddr[4]", 4).count()).isEqualTo(4);
        assertThat(field("u32 grid[2][3]", 24).count()).isEqualTo(6);
    }

    @Test
    void lengthThatIsANameComesFromTheSize() {
        assertThat(field("char comm[TASK_COMM_LEN]", 16)).extracting(Field::name, Field::count).containsExactly("comm", 16);
        assertThat(field("u8 addr[ETH_ALEN]", 6).count()).isEqualTo(6);
        assertThat(field("u32 words[SOME + 1]", 12)).extracting(Field::name, Field::count).containsExactly("words", 3);
    }

    @Test
    void dynamicArraysStayWhole() {
        assertThat(field("__data_loc char[] name", 4)).isEqualTo(new Field("__data_loc char[]", "name", 0, 8, 4, false, Dynamic.DATA_LOC));
        assertThat(field("__rel_loc u64[] mask", 4)).extracting(Field::type, Field::dynamic).containsExactly("__rel_loc u64[]", Dynamic.REL_LOC);
    }

    @Test
    void signednessIsAsTheFileSays() {
        String text = "ID: 1\n\tfield:long x;\toffset:8;\tsize:8;\tsigned:1;\n";
        assertThat(EventFormat.parse(NAME, text).orElseThrow().fields().getFirst().signed()).isTrue();
    }

    @Test
    void brokenTextGivesNoFormat() {
        assertThat(EventFormat.parse(NAME, "")).isEmpty();
        assertThat(EventFormat.parse(NAME, "ID: \nfield:")).isEmpty();
        assertThat(EventFormat.parse(NAME, "ID: 99999999999999\n\tfield:int x\n\tfield:int y;\toffset:;\n").orElseThrow().fields()).isEmpty();
    }
}
