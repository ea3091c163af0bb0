package dev.sonde.output;

import static dev.sonde.output.Trace.typed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Every conversion with flags, widths and lengths, against the reference implementation. */
class FormatMatrixTest {
    private static final Type UINT64_POINTER = new Type.Pointer(Type.UINT64, AddressSpace.UNKNOWN);
    private static final Type INT16 = new Type.Int(2, true);

    /** A conversion of a value, with the script's expression for the value. */
    private record Case(String format, String expression, Trace.Typed argument) {}

    private static final List<Case> VALUES = List.of(
            value("(int64)42", Type.INT64, 42),
            value("(int64)-42", Type.INT64, -42),
            value("(int8)-1", Type.INT8, -1),
            value("(uint8)200", Type.UINT8, 200),
            value("(int16)-300", INT16, -300),
            value("(uint16)65535", Type.UINT16, 65535),
            value("(int32)-70000", Type.INT32, -70000),
            value("(uint32)4294967295", Type.UINT32, 4294967295L),
            value("(uint64)18446744073709551615", Type.UINT64, -1L),
            value("(int64)0x123456789abcdef0", Type.INT64, 0x123456789abcdef0L),
            value("(int64)0", Type.INT64, 0),
            value("(uint64)65", Type.UINT64, 65),
            value("true", Type.BOOL, true),
            value("(uint64*)0xffff8880", UINT64_POINTER, 0xffff8880L));

    private static final List<Case> OTHERS = List.of(
            value("\"abc\"", new Type.Text(4), "abc"),
            value("(1,\"a\")", new Type.Tuple(List.of(Type.INT8, new Type.Text(2))), List.of(1, "a")),
            value("((int64)-5,(uint64)6)", new Type.Tuple(List.of(Type.INT64, Type.UINT64)), List.of(-5, 6)),
            value("(a=1,b=\"xy\")", new Type.Named(List.of("a", "b"), List.of(Type.INT8, new Type.Text(3))), List.of(1, "xy")),
            value("buf(\"a\\x01zb\", 4)", new Type.Buffer(4), "a\u0001zb"));

    private static Case value(String expression, Type type, Object value) {
        return new Case("", expression, typed(type, value));
    }

    private static void integers(List<Case> cases) {
        int next = 0;
        for (String conversion : List.of("d", "i", "u", "o", "x", "X", "c", "p", "s")) {
            for (String flags : List.of("", "-", "+", " ", "#", "0", "-+ #0", "+#", "+0", "-0")) {
                for (String width : List.of("", "9")) {
                    cases.add(with("%" + flags + width + conversion, VALUES.get(next++ % VALUES.size())));
                }
            }
        }
    }

    private static void lengths(List<Case> cases) {
        int next = 3;
        for (String length : List.of("hh", "h", "l", "ll", "j", "z", "t", "L", "hhh")) {
            for (String conversion : List.of("d", "u", "x", "X", "o", "c", "p", "s")) {
                cases.add(with("%" + length + conversion, VALUES.get(next++ % VALUES.size())));
            }
        }
    }

    private static void others(List<Case> cases) {
        for (Case value : OTHERS) {
            for (String format : List.of("%s", "%12s", "%-12s", "%012s", "%+s", "%+12s", "%.2s", "%3s")) {
                cases.add(with(format, value));
            }
        }
        for (String format : List.of("%r", "%rx", "%rh", "%20r", "%-20r", "%24rx", "%14rh", "%.2r")) {
            cases.add(with(format, OTHERS.getLast()));
        }
        for (long flags : new long[] {0xcc0, 0x820, 0x400cc0, 0x500cc0, 0x6000d5e7, 0x3c24c2, 0x20cc0, 0}) {
            cases.add(with("%25gr", value("(int64)" + flags, Type.INT64, flags & ~0x18)));
        }
        for (String format : List.of("%*d", "%.*d", "%.3d", "%8.3x", "100%% %d%5%", "%q %d %", "%z% %lx %", "%.d %x", "%0-8d %d")) {
            cases.add(with(format, VALUES.getFirst()));
        }
    }

    private static Case with(String format, Case value) {
        return new Case(format, value.expression(), value.argument());
    }

    @Test
    void everyConversionPrintsAsThePeerDoes() {
        Optional<Peer> peer = Peer.find();
        Assumptions.assumeTrue(peer.isPresent(), "no bpftrace 0.24 or later, or not root");
        var cases = new ArrayList<Case>();
        integers(cases);
        lengths(cases);
        others(cases);
        for (int from = 0; from < cases.size(); from += 110) {
            compare(peer.get(), cases.subList(from, Math.min(cases.size(), from + 110)));
        }
    }

    private static void compare(Peer peer, List<Case> cases) {
        var script = new StringBuilder("BEGIN { ");
        for (Case one : cases) {
            script.append("printf(\"").append(one.format()).append("|\\n\", ").append(one.expression()).append("); ");
        }
        String[] lines = new String(peer.run(script + "exit() }"), StandardCharsets.ISO_8859_1).split("\n");
        assertThat(lines).as("lines of the peer for %s", script).hasSizeGreaterThanOrEqualTo(cases.size());
        var trace = new Trace();
        for (int i = 0; i < cases.size(); i++) {
            String ours = new String(trace.printfBytes(cases.get(i).format() + "|\n", cases.get(i).argument()), StandardCharsets.ISO_8859_1);
            assertThat(ours).as("%s", cases.get(i)).isEqualTo(lines[i] + "\n");
        }
    }
}
