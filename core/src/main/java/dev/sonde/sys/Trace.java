package dev.sonde.sys;

import java.lang.foreign.MemorySegment;

/** Writes a call as a line in the manner of strace(1); structure fields that are zero are left out. */
final class Trace implements Arguments {
    private static final int LONGEST_LIST = 8;

    private final StringBuilder line = new StringBuilder();
    private boolean inStructure;
    private boolean first = true;

    static String of(Syscall call) {
        Trace trace = new Trace();
        trace.line.append(call.number().word()).append('(');
        call.write(trace);
        return trace.line.append(trace.inStructure ? "})" : ")").toString();
    }

    @Override
    public void value(String name, long value) {
        leaveStructure();
        key(name).append(value);
    }

    @Override
    public void constant(String spelling, long value) {
        leaveStructure();
        separator().append(spelling);
    }

    @Override
    public void pointer(String name, MemorySegment memory) {
        leaveStructure();
        segment(name, memory);
    }

    @Override
    public void text(String name, String text) {
        leaveStructure();
        quoted(name, text);
    }

    @Override
    public void structure(String name, int size) {
        leaveStructure();
        separator().append('{');
        inStructure = true;
        first = true;
    }

    @Override
    public void u32(int offset, String name, int value) {
        u64(offset, name, Integer.toUnsignedLong(value));
    }

    @Override
    public void u64(int offset, String name, long value) {
        if (value != 0) {
            key(name);
            if (value > 0xfffff || value < 0) {
                line.append("0x").append(Long.toHexString(value));
            } else {
                line.append(value);
            }
        }
    }

    @Override
    public void pointer(int offset, String name, MemorySegment memory) {
        if (memory != null) {
            segment(name, memory);
        }
    }

    @Override
    public void text(int offset, String name, String text) {
        if (text != null) {
            quoted(name, text);
        }
    }

    @Override
    public void texts(int offset, String name, String[] texts) {
        if (texts != null) {
            key(name).append('[');
            for (int i = 0; i < texts.length && i <= LONGEST_LIST; i++) {
                line.append(i == 0 ? "" : ", ").append(i == LONGEST_LIST ? "..." : texts[i]);
            }
            line.append(']');
        }
    }

    @Override
    public void bytes(int offset, String name, byte[] bytes) {
        if (bytes != null) {
            key(name).append('<').append(bytes.length).append(" bytes>");
        }
    }

    @Override
    public void longs(int offset, String name, long[] values) {
        if (values != null) {
            key(name).append('[');
            for (int i = 0; i < values.length && i <= LONGEST_LIST; i++) {
                line.append(i == 0 ? "" : ", ").append(i == LONGEST_LIST ? "..." : "0x" + Long.toHexString(values[i]));
            }
            line.append(']');
        }
    }

    @Override
    public void objectName(int offset, String name, String text) {
        if (!text.isEmpty()) {
            quoted(name, text);
        }
    }

    private void segment(String name, MemorySegment memory) {
        key(name);
        if (memory == null) {
            line.append("NULL");
        } else {
            line.append('<').append(memory.byteSize()).append(" bytes>");
        }
    }

    private void quoted(String name, String text) {
        key(name);
        if (text == null) {
            line.append("NULL");
        } else {
            line.append('"').append(text).append('"');
        }
    }

    private StringBuilder key(String name) {
        separator().append(name);
        return line.append('=');
    }

    private StringBuilder separator() {
        if (!first) {
            line.append(", ");
        }
        first = false;
        return line;
    }

    private void leaveStructure() {
        if (inStructure) {
            line.append('}');
            inStructure = false;
        }
    }
}
