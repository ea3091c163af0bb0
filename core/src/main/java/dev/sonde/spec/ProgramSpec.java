package dev.sonde.spec;

import dev.sonde.asm.Code;
import java.util.List;

/**
 * A program to load and where to attach it.
 *
 * @param name a C identifier of at most 15 characters
 * @param kind the kernel's program type
 * @param expectedAttach the expected_attach_type of the load (enum bpf_attach_type), 0 for none
 * @param attachBtfId the BTF id of what a TRACING program attaches to, 0 for none
 * @param attachTo whose BTF that id is of
 * @param license {@code GPL} or another
 * @param code its instructions
 * @param attachments where to attach it; several share the one program
 */
public record ProgramSpec(String name, ProgramKind kind, int expectedAttach, int attachBtfId, AttachTo attachTo, String license, Code code,
        List<AttachSpec> attachments) {
    public ProgramSpec {
        attachments = List.copyOf(attachments);
    }

    /** One that attaches to the kernel itself, if to anything. */
    public ProgramSpec(String name, ProgramKind kind, int expectedAttach, int attachBtfId, String license, Code code, List<AttachSpec> attachments) {
        this(name, kind, expectedAttach, attachBtfId, AttachTo.KERNEL, license, code, attachments);
    }

    /**
     * What has the code that a TRACING program attaches to.
     *
     * @param module the kernel module, empty for the kernel itself; since 5.11
     * @param program the id of the BPF program, 0 for none
     */
    public record AttachTo(String module, int program) {
        /** The kernel's own code. */
        public static final AttachTo KERNEL = new AttachTo("", 0);

        /** The code of a kernel module. */
        public static AttachTo module(String name) {
            return new AttachTo(name, 0);
        }

        /** A BPF program. */
        public static AttachTo program(int id) {
            return new AttachTo("", id);
        }
    }
}
