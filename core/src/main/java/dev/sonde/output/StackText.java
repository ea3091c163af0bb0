package dev.sonde.output;

import dev.sonde.types.StackMode;
import dev.sonde.types.Type;
import java.util.Arrays;

/** Writes stacks: a line end, then a line a frame. */
final class StackText {
    private static final byte[] INDENT = TextBuffer.ascii("        ");
    private static final String NO_BUILD_ID = "0000000000000000000000000000000000000000";

    private final Resolver resolver;

    StackText(Resolver resolver) {
        this.resolver = resolver;
    }

    void write(TextBuffer out, Type.Stack type, long id, int pid) {
        out.put('\n');
        long[] addresses = resolver.stack(id, type.kernel());
        if (type.limit() > 0 && addresses.length > type.limit()) {
            addresses = Arrays.copyOf(addresses, type.limit());
        }
        if (type.mode() == StackMode.RAW) {
            for (long address : addresses) {
                out.hex(address).put('\n');
            }
            return;
        }
        for (Frame frame : resolver.frames(addresses, pid, type)) {
            frame(out, type, frame);
            out.put('\n');
        }
    }

    private static void frame(TextBuffer out, Type.Stack type, Frame frame) {
        switch (type.mode()) {
            case BPFTRACE -> {
                out.put(INDENT);
                symbol(out, frame);
            }
            case PERF -> perf(out, type, frame);
            case RAW -> out.hex(frame.address());
            case BUILD_ID -> {
                out.put(frame.buildId().isEmpty() ? NO_BUILD_ID : frame.buildId()).put(" 0x");
                out.hex(frame.buildId().isEmpty() ? frame.address() : frame.fileOffset());
            }
        }
    }

    private static void symbol(TextBuffer out, Frame frame) {
        if (frame.name().isEmpty()) {
            out.put("0x").hex(frame.address());
            return;
        }
        if (frame.inlined()) {
            out.put("[inlined] ");
        }
        out.put(frame.name());
        if (!frame.inlined()) {
            out.put('+').unsigned(frame.offset());
        }
        if (!frame.source().isEmpty()) {
            out.put('@').put(frame.source());
        }
    }

    private static void perf(TextBuffer out, Type.Stack type, Frame frame) {
        out.put('\t').hex(frame.address()).put(' ');
        symbol(out, frame);
        if (!frame.module().isEmpty()) {
            out.put(" (").put(frame.module()).put(')');
        } else if (!type.kernel()) {
            out.put(" ([unknown])");
        }
    }
}
