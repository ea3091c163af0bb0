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
 * @param license {@code GPL} or another
 * @param code its instructions
 * @param attachments where to attach it; several share the one program
 */
public record ProgramSpec(String name, ProgramKind kind, int expectedAttach, int attachBtfId, String license, Code code, List<AttachSpec> attachments) {
    public ProgramSpec {
        attachments = List.copyOf(attachments);
    }
}
