package dev.sonde.builtins;

import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.Format;
import dev.sonde.spec.FormatParser;
import dev.sonde.types.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** debugf(): the program itself prints, with bpf_trace_printk, to the kernel's trace_pipe. */
final class DebugPrint {
    private static final int MOST_ARGUMENTS = 3;

    private DebugPrint() {}

    static Builtin entry() {
        return Entry.function("debugf", "debugf(\"FORMAT\", ARGUMENT…)")
                .doc("Prints to /sys/kernel/tracing/trace_pipe with bpf_trace_printk: up to three arguments, for debugging a script.")
                .example("begin { debugf(\"%d %s\\n\", 5, \"x\"); exit() }").traits(Builtin.Trait.EFFECT).check(DebugPrint::check)
                        .lower(DebugPrint::lower);
    }

    private static Type check(Checking call) {
        if (call.count() - 1 > MOST_ARGUMENTS) {
            return call.fail(call.span(), DiagnosticCode.BAD_FORMAT, "cannot use more than " + MOST_ARGUMENTS + " conversion specifiers");
        }
        OutputFunctions.checkFormat(call);
        if (call.count() == 0) {
            return Type.NONE;
        }
        call.report(call.span(), DiagnosticCode.SUSPICIOUS,
                "The debugf() builtin is not recommended for production use. For more information see bpf_trace_printk in bpf-helpers(7).");
        if (call.text(0).isPresent() && FormatParser.parse(call.text(0).get()) instanceof FormatParser.Result.Parsed(Format format)) {
            conversions(call, format);
        }
        return Type.NONE;
    }

    private static void conversions(Checking call, Format format) {
        int index = 1;
        for (Format.Piece piece : format.pieces()) {
            if (!(piece instanceof Format.Piece.Conversion conversion)) {
                continue;
            }
            boolean known = "diuxps".indexOf(conversion.conversion()) >= 0;
            if (!known) {
                call.report(call.span(0), DiagnosticCode.BAD_FORMAT, "Invalid format specifier for `debugf`: " + conversion.text().substring(1));
            } else if (conversion.conversion() == 's' && index < call.count() && call.type(index) != Type.NONE
                    && !(call.type(index) instanceof Type.Text)) {
                call.report(call.span(index), DiagnosticCode.BAD_FORMAT, "%s of debugf() takes a string (" + call.kind(index) + " provided)");
            }
            index++;
        }
    }

    /** The kernel takes 64-bit numbers only with the length ll. */
    private static byte[] kernelFormat(Format format) {
        var text = new StringBuilder();
        for (Format.Piece piece : format.pieces()) {
            switch (piece) {
                case Format.Piece.Literal(String literal) -> text.append(literal.replace("%", "%%"));
                case Format.Piece.Conversion(_, _, _, _, char letter) -> text.append(letter == 's' || letter == 'p' ? "%" + letter : "%ll" + letter);
            }
        }
        return text.append('\0').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Value lower(Lowering call) {
        byte[] format = kernelFormat(FormatParser.of(call.text(0).orElseThrow()));
        Operand[] arguments = new Operand[call.count() + 1];
        Arrays.fill(arguments, Operand.of(0));
        for (int i = 1; i < call.count(); i++) {
            Value value = call.value(i);
            arguments[i + 1] = call.type(i) instanceof Type.Text ? call.ir().addressOf(call.inMemory(value)) : call.scalar(value);
        }
        arguments[0] = call.ir().mapValue(call.constantMap(format), 0);
        arguments[1] = Operand.of(format.length);
        call.ir().callFor(BpfHelper.TRACE_PRINTK, arguments);
        return new Value.Nothing(Type.NONE);
    }
}
