package dev.sonde.testing;

import dev.sonde.asm.EncodedProgram;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The least BTF that lets the kernel take callbacks: every function is a static {@code int f(void)}. Layout: Documentation/bpf/btf.rst. */
final class FunctionBtf {
    private static final int HEADER = 24;
    private static final int INT = 1 << 24;
    private static final int FUNC = 12 << 24;
    private static final int FUNC_PROTO = 13 << 24;
    private static final int FIRST_FUNCTION = 3;

    private FunctionBtf() {}

    static byte[] of(EncodedProgram program) {
        var strings = new ByteArrayOutputStream();
        strings.write(0);
        int intName = add(strings, "int");
        var types = ByteBuffer.allocate(28 + 12 * (1 + program.functions().size())).order(ByteOrder.LITTLE_ENDIAN);
        types.putInt(intName).putInt(INT).putInt(4).putInt(1 << 24 | 32);
        types.putInt(0).putInt(FUNC_PROTO).putInt(1);
        types.putInt(add(strings, "entry")).putInt(FUNC).putInt(2);
        for (EncodedProgram.Function function : program.functions()) {
            types.putInt(add(strings, function.name())).putInt(FUNC).putInt(2);
        }
        byte[] text = strings.toByteArray();
        var btf = ByteBuffer.allocate(HEADER + types.capacity() + text.length).order(ByteOrder.LITTLE_ENDIAN);
        btf.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER);
        btf.putInt(0).putInt(types.capacity()).putInt(types.capacity()).putInt(text.length);
        return btf.put(types.array()).put(text).array();
    }

    /** Rows of bpf_func_info: first slot, type id. */
    static byte[] functionInfo(EncodedProgram program) {
        var rows = ByteBuffer.allocate(8 * (1 + program.functions().size())).order(ByteOrder.LITTLE_ENDIAN);
        rows.putInt(0).putInt(FIRST_FUNCTION);
        for (int i = 0; i < program.functions().size(); i++) {
            rows.putInt(program.functions().get(i).slot()).putInt(FIRST_FUNCTION + 1 + i);
        }
        return rows.array();
    }

    private static int add(ByteArrayOutputStream strings, String name) {
        int offset = strings.size();
        strings.writeBytes((name + "\0").getBytes(StandardCharsets.US_ASCII));
        return offset;
    }
}
