package dev.sonde.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.EventSpec;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Clock;
import dev.sonde.types.Field;
import dev.sonde.types.Fields;
import dev.sonde.types.StackMode;
import dev.sonde.types.Type;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Single values as text and as JSON. Expected texts are bpftrace 0.27.1's for the script above each. */
class ValueTest {
    private static final Type ENUM = new Type.Enumeration("E", 4, false, Map.of(1L, "A", 2L, "B"));
    private static final Type INNER = new Type.Struct("struct", "in", 12,
            Fields.of(List.of(Field.plain("x", Type.INT32, 0), Field.plain("name", new Type.Text(8), 4))));

    private final Trace trace = new Trace();

    private void both(Type type, Object value, String text, String json) {
        assertThat(trace.value(type, value)).isEqualTo(text + "\n");
        assertThat(trace.jsonValue(type, value)).isEqualTo("{\"type\": \"value\", \"data\": " + json + "}\n");
    }

    /** {@code print(1); print((uint64)5); print(-5); print(true); print((void*)50); print(A); @a=9007199254740993; …} */
    @Test
    void scalars() {
        both(Type.INT8, 1, "1", "1");
        both(Type.UINT64, 5, "5", "5");
        both(Type.INT64, -5, "-5", "-5");
        both(Type.BOOL, true, "true", "true");
        both(new Type.Pointer(Type.VOID, AddressSpace.UNKNOWN), 50, "0x32", "50");
        both(ENUM, 1, "A", "1");
        both(ENUM, 9, "9", "9");
        both(Type.INT64, 9007199254740993L, "9007199254740993", "\"9007199254740993\"");
        both(Type.INT64, 9007199254740992L, "9007199254740992", "9007199254740992");
        both(Type.UINT64, -1L, "18446744073709551615", "\"18446744073709551615\"");
        both(Type.INT64, Long.MIN_VALUE, "-9223372036854775808", "-9223372036854775808");
    }

    /** {@code print("s"); print("a\nb"); print(buf("ab\xff",3));} A string without a NUL in its capacity was cut. */
    @Test
    void stringsAndBuffers() {
        both(new Type.Text(2), "s", "s", "\"s\"");
        both(new Type.Text(8), "a\nb", "a\nb", "\"a\\nb\"");
        both(new Type.Text(8), "/bin/echo", "/bin/ech..", "\"/bin/ech..\"");
        both(new Type.Text(1), "", "", "\"\"");
        both(new Type.Buffer(3), "ab\u0001", "ab\\x01", "[97,98,1]");
        both(new Type.Buffer(3), "é", "\\xc3\\xa9", "[-61,-87]");
    }

    /** {@code print((1,"a")); print((1,)); print((a=1,b=2)); print((1,"a b",(2,3)));} */
    @Test
    void tuplesAndRecords() {
        both(new Type.Tuple(List.of(Type.INT8, new Type.Text(2))), List.of(1, "a"), "(1, a)", "[1,\"a\"]");
        both(new Type.Tuple(List.of(Type.INT8)), List.of(1), "(1)", "[1]");
        both(new Type.Named(List.of("a", "b"), List.of(Type.INT8, Type.INT8)), List.of(1, 2), "{ .a = 1, .b = 2 }", "{\"a\": 1, \"b\": 2}");
        var nested = new Type.Tuple(List.of(Type.INT8, new Type.Text(4), new Type.Tuple(List.of(Type.INT8, Type.INT8))));
        both(nested, List.of(1, "a b", List.of(2, 3)), "(1, a b, (2, 3))", "[1,\"a b\",[2,3]]");
    }

    /** {@code uprobe:./st:leaf { @s=*args.s; print(@s.in); print(@s.c); }} and a script's struct with anonymous members. */
    @Test
    void structsAndArrays() {
        both(INNER, List.of(5, "nam"), "{ .x = 5, .name = nam }", "{\"x\": 5, \"name\": \"nam\"}");
        both(new Type.Array(Type.INT64, 2), List.of(1, -2), "[1,-2]", "[1,-2]");
        var anonymous = new Type.Struct("struct", "", 8, Fields.of(List.of(Field.plain("b", Type.INT32, 0), Field.plain("c", Type.INT32, 4))));
        var outer = new Type.Struct("struct", "A", 12, Fields.of(List.of(Field.plain("a", Type.INT32, 0), Field.plain("", anonymous, 4))));
        both(outer, List.of(-3, List.of(7, 2)), "{ .a = -3, .b = 7, .c = 2 }", "{\"a\": -3, \"b\": 7, \"c\": 2}");
        both(new Type.Struct("union", "u", 4, Fields.of(List.of())), 0, "{}", "{}");
    }

    @Test
    void bitFieldsAreCutOutAndWidened() {
        var bits = new Type.Struct("struct", "B", 8, Fields.of(List.of(
                new Field("s", Type.INT32, 0, 0, 3), new Field("u", Type.UINT32, 0, 3, 5), new Field("w", Type.UINT64, 1, 4, 36))));
        both(bits, 0x0000_ffed_cba9_804eL, "{ .s = -2, .u = 9, .w = 68700387992 }", "{\"s\": -2, \"u\": 9, \"w\": 68700387992}");
    }

    /** {@code print(ntop(pton(…)))} */
    @Test
    void addresses() {
        assertThat(inet(10, "00000000000000000000000000000001")).isEqualTo("::1");
        assertThat(inet(10, "00000000000000000000000000000000")).isEqualTo("::");
        assertThat(inet(10, "20010db8000000000001000000000001")).isEqualTo("2001:db8::1:0:0:1");
        assertThat(inet(10, "00000000000000000000ffff01020304")).isEqualTo("::ffff:1.2.3.4");
        assertThat(inet(10, "00000000000000000000000001020304")).isEqualTo("::1.2.3.4");
        assertThat(inet(10, "00010000000000020000000000000003")).isEqualTo("1:0:0:2::3");
        assertThat(inet(10, "fe800000000100000001000000010000")).isEqualTo("fe80:0:1:0:1:0:1:0");
        assertThat(inet(10, "00000000000300040005000600070008")).isEqualTo("::3:4:5:6:7:8");
        assertThat(inet(10, "00000001000200030004000500060007")).isEqualTo("0:1:2:3:4:5:6:7");
        assertThat(inet(10, "00000000000000000000ffff00000000")).isEqualTo("::ffff:0.0.0.0");
        assertThat(inet(10, "00000000000000000000000000010002")).isEqualTo("::0.1.0.2");
        assertThat(inet(10, "00000000000000000000000000000002")).isEqualTo("::2");
        assertThat(inet(10, "00010000000000000000000000000000")).isEqualTo("1::");
        assertThat(inet(10, "0000000000000000ffff000001020304")).isEqualTo("::ffff:0:102:304");
        assertThat(inet(10, "abcdef01000000000001000000000000")).isEqualTo("abcd:ef01:0:0:1::");
        assertThat(inet(2, "7f000001000000000000000000000000")).isEqualTo("127.0.0.1");
        both(new Type.Mac(), new byte[] {0, 0x1b, (byte) 0xfe, 3, 4, 5}, "00:1B:FE:03:04:05", "\"00:1B:FE:03:04:05\"");
    }

    private String inet(int family, String address) {
        var bytes = new byte[24];
        bytes[0] = (byte) family;
        byte[] network = HexFormat.of().parseHex(address);
        System.arraycopy(network, 0, bytes, 8, 16);
        String line = trace.value(new Type.Inet(), bytes);
        return line.substring(0, line.length() - 1);
    }

    @Test
    void namesComeFromTheResolver() {
        both(new Type.Username(), 0, "root", "\"root\"");
        both(new Type.KernelSymbol(), 16, "ksym_10", "\"ksym_10\"");
        both(new Type.UserSymbol(), new byte[] {32, 0, 0, 0, 0, 0, 0, 0, 7}, "usym_20_7", "\"usym_20_7\"");
        both(new Type.CgroupPath("unified"), 1, "unified:/1", "\"unified:/1\"");
        both(new Type.SiteName(false), 0, "uprobe:./t2:leaf", "\"uprobe:./t2:leaf\"");
        both(new Type.SiteName(true), 0, "leaf", "\"leaf\"");
        both(new Type.Timestamp("%Y %f", Clock.BOOTTIME), 1_795_317_319_333_429_950L, "2026 333429", "\"2026 333429\"");
    }

    private Type.Stack stack(boolean kernel, StackMode mode) {
        trace.resolver.stacks.put(7L, new long[] {0x55c912e4f139L, 0x55c912e4f164L, 0x7fa33d85824aL});
        trace.resolver.frames.put(0x55c912e4f139L, new Frame(0x55c912e4f139L, "leaf", 0, "/tmp/t2",
                "ac732fb4294ac0f2179ec230423445947ee56574", 0x1139, "", false));
        trace.resolver.frames.put(0x55c912e4f164L, new Frame(0x55c912e4f164L, "mid", 12, "/tmp/t2",
                "ac732fb4294ac0f2179ec230423445947ee56574", 0x1164, "", false));
        return new Type.Stack(kernel, mode, 127);
    }

    /** {@code print(ustack); print(ustack(perf)); print(ustack(raw)); print(ustack(build_id)); print(ustack(2)); print(kstack(perf));} */
    @Test
    void stacksHaveALineAFrame() {
        both(stack(false, StackMode.BPFTRACE), 7, "\n        leaf+0\n        mid+12\n        0x7fa33d85824a\n",
                "\"\\n        leaf+0\\n        mid+12\\n        0x7fa33d85824a\\n\"");
        assertThat(trace.value(stack(false, StackMode.PERF), 7)).isEqualTo(
                "\n\t55c912e4f139 leaf+0 (/tmp/t2)\n\t55c912e4f164 mid+12 (/tmp/t2)\n\t7fa33d85824a 0x7fa33d85824a ([unknown])\n\n");
        assertThat(trace.value(stack(false, StackMode.RAW), 7)).isEqualTo("\n55c912e4f139\n55c912e4f164\n7fa33d85824a\n\n");
        assertThat(trace.value(new Type.Stack(false, StackMode.BPFTRACE, 1), 7)).isEqualTo("\n        leaf+0\n\n");
        assertThat(trace.value(stack(false, StackMode.BUILD_ID), 7)).startsWith(
                "\nac732fb4294ac0f2179ec230423445947ee56574 0x1139\nac732fb4294ac0f2179ec230423445947ee56574 0x1164\n");
        assertThat(trace.value(stack(true, StackMode.BPFTRACE), 0)).isEqualTo("\n\n");
    }

    /** {@code printf("[%20s]\n", ustack(1)); @u[ustack(2)]=count(); @c[comm, ustack(2)]=1; @k4[1,kstack(2)]=kstack(1);} */
    @Test
    void stacksStandInLinesTuplesAndKeys() {
        var one = new Type.Stack(false, StackMode.BPFTRACE, 1);
        stack(false, StackMode.BPFTRACE);
        assertThat(trace.printf("[%20s]\n", Trace.typed(one, 7))).isEqualTo("[    \n        leaf+0\n]\n");
        assertThat(trace.printf("[%-20s]\n", Trace.typed(one, 7))).isEqualTo("[\n        leaf+0\n    ]\n");
        assertThat(trace.value(new Type.Tuple(List.of(Type.INT8, one)), List.of(1, 7))).isEqualTo("(1, \n        leaf+0\n)\n");
        var key = new Type.Tuple(List.of(new Type.Text(2), one));
        trace.text().map(Trace.map("@c", key, one, List.of("t", 7), 7), 0, 0);
        assertThat(trace.out.text()).endsWith("@c[t, \n        leaf+0\n]: \n        leaf+0\n\n");
        trace.json().map(Trace.map("@c", key, Type.INT8, List.of("t", 7), 1), 0, 0);
        assertThat(trace.out.text()).endsWith("{\"type\": \"map\", \"data\": {\"@c\": {\"t,\\nleaf+0\\n\": 1}}}\n");
    }

    @Test
    void entriesNameTheirMap() {
        var key = new Type.Tuple(List.of(Type.INT8, new Type.Text(2)));
        Trace.Typed[] fields = {Trace.typed(key, List.of(1, "x")), Trace.typed(Type.INT64, 5)};
        List<EventSpec.Field> places = Trace.fields(fields);
        var entry = new EventSpec.Action.PrintEntry("@k", places.get(0), places.get(1));
        trace.text().entry(entry, Trace.record(64, fields));
        assertThat(trace.out.text()).isEqualTo("@k[1, x]: 5\n");
        trace.json().entry(entry, Trace.record(64, fields));
        assertThat(trace.out.text()).endsWith("{\"type\": \"map\", \"data\": {\"@k\": {\"1,x\": 5}}}\n");
    }
}
