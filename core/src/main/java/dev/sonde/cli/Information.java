package dev.sonde.cli;

import dev.sonde.target.Feature;
import dev.sonde.target.Target;

/** What --info prints: the system, and which kernel features a trace can use. */
final class Information {
    private static final int COLUMN = 52;

    private Information() {}

    static String text(Target target) {
        var text = new StringBuilder("System\n");
        line(text, "OS", "Linux " + target.kernelRelease());
        line(text, "Arch", System.getProperty("os.arch"));
        line(text, "CPUs", Integer.toString(target.possibleCpus()));
        text.append("\nBuild\n");
        line(text, "version", Help.VERSION);
        line(text, "Java", System.getProperty("java.version"));
        text.append("\nKernel features\n");
        line(text, "BTF", target.btf().isPresent() ? "yes" : "no");
        for (Feature feature : Feature.values()) {
            line(text, feature.title(), target.has(feature) ? "yes" : "no (mainline has it since " + feature.since() + ")");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  ").append(name).append(": ");
        text.repeat(' ', Math.max(0, COLUMN - name.length())).append(value).append('\n');
    }
}
