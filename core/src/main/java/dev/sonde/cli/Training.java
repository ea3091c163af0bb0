package dev.sonde.cli;

/**
 * What the virtual machine is to be prepared for: the build runs it once and keeps the classes that it needed. Its arguments are those of the last
 * of several commands.
 */
final class Training {
    private Training() {}

    public static void main(String[] words) {
        Main.run("-l", "uprobe:" + System.getProperty("java.home") + "/lib/server/libjvm.so:*");
        Main.run("-l", "*");
        Main.run("-lv", "tracepoint:sched:*");
        Runtime.getRuntime().halt(Main.run(words));
    }
}
