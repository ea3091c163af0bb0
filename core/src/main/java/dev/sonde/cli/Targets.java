package dev.sonde.cli;

import dev.sonde.elf.DebugFiles;
import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.Kernel;
import dev.sonde.target.Feature;
import java.util.ArrayList;
import java.util.List;

/** Makes the machine that a script is compiled for. */
final class Targets {
    private Targets() {}

    /** This machine, with the directories of -I and --debuginfo and without the features of --no-feature. */
    static LiveTarget open(Kernel kernel, CommandLine line) {
        if (line.has(Option.DEBUGINFO)) {
            System.setProperty(DebugFiles.DIRECTORIES, String.join(":", line.values(Option.DEBUGINFO)).replace("+", ""));
        }
        var target = new LiveTarget(kernel, includeDirectories(line));
        for (EnvironmentVariable file : List.of(EnvironmentVariable.VMLINUX, EnvironmentVariable.BTF)) {
            if (!file.value().isEmpty()) {
                target.btfFrom(file.value());
            }
        }
        if (line.has(Option.TRACEABLE_FUNCTIONS) && !target.traceableFunctions(line.value(Option.TRACEABLE_FUNCTIONS))) {
            throw UsageException.of("cannot read the list of functions in " + line.value(Option.TRACEABLE_FUNCTIONS));
        }
        for (String list : line.values(Option.NO_FEATURE)) {
            for (String name : list.split(",")) {
                target.features().deny(feature(name));
            }
        }
        return target;
    }

    /** Those of -I, those of a C compiler's variable, and those of the kernel's sources that variables name. */
    private static List<String> includeDirectories(CommandLine line) {
        List<String> directories = new ArrayList<>(line.values(Option.INCLUDE_DIRECTORY));
        String compiler = EnvironmentVariable.CPATH.value();
        for (String directory : compiler.isEmpty() ? new String[0] : compiler.split(":")) {
            directories.add(directory.isEmpty() ? "." : directory);
        }
        for (EnvironmentVariable place : List.of(EnvironmentVariable.KERNEL_BUILD, EnvironmentVariable.KERNEL_SOURCE)) {
            String kernel = place.value();
            if (!kernel.isEmpty()) {
                String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86";
                for (String part : List.of("/arch/" + machine + "/include", "/arch/" + machine + "/include/generated", "/include",
                        "/arch/" + machine + "/include/uapi", "/include/uapi", "/include/generated/uapi")) {
                    directories.add(kernel + part);
                }
            }
        }
        return directories;
    }

    private static Feature feature(String name) {
        return switch (name) {
            case "uprobe_multi" -> Feature.UPROBE_MULTI;
            case "kprobe_multi" -> Feature.KPROBE_MULTI;
            case "kprobe_session" -> Feature.KPROBE_SESSION;
            case "uprobe_session" -> Feature.UPROBE_SESSION;
            default -> throw UsageException.of("--no-feature takes uprobe_multi, kprobe_multi, kprobe_session and uprobe_session, not '" + name
                    + "'");
        };
    }
}
