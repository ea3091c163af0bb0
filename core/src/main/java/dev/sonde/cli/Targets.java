package dev.sonde.cli;

import dev.sonde.elf.DebugFiles;
import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.Kernel;
import dev.sonde.target.Feature;

/** Makes the machine that a script is compiled for. */
final class Targets {
    private Targets() {}

    /** This machine, with the directories of -I and --debuginfo and without the features of --no-feature. */
    static LiveTarget open(Kernel kernel, CommandLine line) {
        if (line.has(Option.DEBUGINFO)) {
            System.setProperty(DebugFiles.DIRECTORIES, String.join(":", line.values(Option.DEBUGINFO)).replace("+", ""));
        }
        var target = new LiveTarget(kernel, line.values(Option.INCLUDE_DIRECTORY));
        for (String list : line.values(Option.NO_FEATURE)) {
            for (String name : list.split(",")) {
                target.features().deny(feature(name));
            }
        }
        return target;
    }

    private static Feature feature(String name) {
        return switch (name) {
            case "uprobe_multi" -> Feature.UPROBE_MULTI;
            case "kprobe_multi" -> Feature.KPROBE_MULTI;
            case "kprobe_session" -> Feature.KPROBE_SESSION;
            default -> throw UsageException.of("--no-feature takes uprobe_multi, kprobe_multi and kprobe_session, not '" + name + "'");
        };
    }
}
