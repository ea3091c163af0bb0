package dev.sonde.cli;

/** Variables of the environment beside those of config items; the reference page is made from this table. */
enum EnvironmentVariable {
    COLOR("BPFTRACE_COLOR", "When messages are coloured: `auto` (on a terminal), `always` or `never`."),
    BTF("BPFTRACE_BTF", "A file of BTF, or an ELF file that holds some, to take the kernel's types from."),
    VMLINUX("BPFTRACE_VMLINUX", "The kernel's vmlinux: its types are taken where `BPFTRACE_BTF` names no file."),
    KERNEL_SOURCE("BPFTRACE_KERNEL_SOURCE", "Where the kernel's source is: its headers are looked up there."),
    KERNEL_BUILD("BPFTRACE_KERNEL_BUILD", "Where the kernel was built: its generated headers are looked up there."),
    CPATH("CPATH", "Directories to look for headers in, as compilers do."),
    NOTIFY("__BPFTRACE_NOTIFY_PROBES_ATTACHED", "When set, a line of that name is printed once all probes are attached."),
    NO_BUILD("SONDE_NO_BUILD", "When set, the launcher does not build again.");

    private static final String PREFIX = "BPFTRACE_";

    private final String title;
    private final String meaning;

    EnvironmentVariable(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** Its name; one that begins with {@code BPFTRACE_} may also begin with {@code SONDE_}, and that counts first. */
    String title() {
        return title;
    }

    /** What it is for. */
    String meaning() {
        return meaning;
    }

    /** Its value; empty when it is not set. */
    String value() {
        String own = title.startsWith(PREFIX) ? System.getenv("SONDE_" + title.substring(PREFIX.length())) : null;
        String value = own == null ? System.getenv(title) : own;
        return value == null ? "" : value;
    }
}
