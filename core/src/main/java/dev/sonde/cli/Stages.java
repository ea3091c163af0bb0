package dev.sonde.cli;

import dev.sonde.asm.Disassembler;
import dev.sonde.compile.Compiler;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.syntax.AstPrinter;
import dev.sonde.syntax.Script;

/** What -d prints. */
final class Stages {
    private final String wanted;

    private Stages(String wanted) {
        this.wanted = wanted;
    }

    /** The stages that the command line asks for. */
    static Stages of(CommandLine line) {
        var wanted = new StringBuilder(",");
        for (String list : line.values(Option.DEBUG)) {
            for (String stage : list.split(",")) {
                wanted.append(canonical(stage)).append(',');
            }
        }
        return new Stages(wanted.toString());
    }

    private static String canonical(String stage) {
        return switch (stage) {
            case "", "d", "all" -> "all";
            case "ast", "parse" -> "ast";
            case "types" -> "types";
            case "ir", "codegen", "codegen-opt" -> "ir";
            case "asm", "dis" -> "asm";
            case "verifier", "libbpf" -> "verifier";
            default -> throw UsageException.of("-d cannot be '" + stage + "': it takes ast, types, ir, asm, verifier or all");
        };
    }

    private boolean wants(String stage) {
        return wanted.contains("," + stage + ",") || wanted.contains(",all,");
    }

    /** Prints the tree. */
    void parsed(Script script) {
        if (wants("ast")) {
            Messages.out(AstPrinter.print(script));
        }
    }

    /** Prints what was made of it. */
    void compiled(Compiler.Result result) {
        if (wants("types")) {
            Messages.out(result.typed().get());
        }
        if (wants("ir")) {
            Messages.out(result.intermediateText());
        }
        if (wants("asm")) {
            for (ProgramSpec program : result.trace().programs()) {
                Messages.out(program.name() + ":\n" + Disassembler.text(program.code()));
            }
        }
    }
}
