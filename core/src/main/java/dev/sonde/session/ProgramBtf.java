package dev.sonde.session;

import dev.sonde.asm.EncodedProgram;
import dev.sonde.btf.BtfWriter;
import dev.sonde.btf.FuncInfo;
import dev.sonde.btf.LineInfo;
import dev.sonde.btf.Linkage;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * The BTF of a trace's programs: one blob that names their functions and holds the script lines their instructions were made for, so that bpftool(8)
 * and perf(1) show them.
 */
final class ProgramBtf {
    private final BtfWriter writer = new BtfWriter();
    private final int prototype;
    private List<LineInfo> lines;

    ProgramBtf() {
        prototype = writer.prototype(writer.integer("int", 4, true));
    }

    /** The blob, once all programs have been added. */
    byte[] toBytes() {
        return writer.toBytes();
    }

    /** Adds the functions of {@code program}, whose main one is {@code name}; gives func_info. Their arguments are not told: nothing needs them. */
    byte[] functions(String name, EncodedProgram program) {
        List<FuncInfo> infos = new ArrayList<>();
        infos.add(new FuncInfo(0, writer.function(name, prototype, Linkage.STATIC)));
        for (EncodedProgram.Function function : program.functions()) {
            infos.add(new FuncInfo(function.slot(), writer.function(function.name(), prototype, Linkage.STATIC)));
        }
        return FuncInfo.encode(infos);
    }

    /** Adds the script lines of {@code program}; gives line_info: a row at the start of each function and wherever the place changes. */
    byte[] lines(EncodedProgram program) {
        lines = new ArrayList<>();
        Span last = null;
        int function = 0;
        line(0, null);
        for (int slot = 0; slot < program.slots(); slot += isWide(program, slot) ? 2 : 1) {
            Span span = program.span(slot).orElse(last);
            boolean start = function < program.functions().size() && program.functions().get(function).slot() == slot;
            if (start || span != last) {
                line(slot, span);
            }
            function += start ? 1 : 0;
            last = span;
        }
        return LineInfo.encode(lines);
    }

    /** The kernel wants no row for the second half of a load of 64 bits. */
    private static boolean isWide(EncodedProgram program, int slot) {
        return program.instructions()[8 * slot] == 0x18;
    }

    /** A string of BTF ends at its first NUL. */
    private static String text(String text) {
        return text.replace('\0', ' ');
    }

    private void line(int slot, Span span) {
        if (!lines.isEmpty() && lines.getLast().instruction() == slot) {
            lines.removeLast();
        }
        if (span == null) {
            lines.add(new LineInfo(slot, 0, 0, 0, 0));
        } else {
            Source source = span.source();
            lines.add(new LineInfo(slot, writer.string(text(source.name())), writer.string(text(source.lineText(span.start()))), span.line(),
                    span.column()));
        }
    }
}
