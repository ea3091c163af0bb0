package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.target.KernelFunction;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ListedFunctionsTest {
    private static final String LIST = "vfs_write\nvfs_read\n__ftrace_invalid_address___64\nnf_hook [nf_conntrack]\nvfs_read\n"
            + "rcu_read_unlock\ndefault_idle\ndefault_idle_call\nnf_get [nf_conntrack]\nahci_init [ahci]\nvfs_open [ahci]";

    private static ListedFunctions listed(String text, String module, String function) {
        return KernelFunctions.listed(text.getBytes(StandardCharsets.UTF_8), module, function);
    }

    @Test
    void functionsComeByModuleAndNameAndOnce() {
        assertThat(listed(LIST, "", "*")).containsExactly(new KernelFunction("ahci", "ahci_init"), new KernelFunction("ahci", "vfs_open"),
                new KernelFunction("nf_conntrack", "nf_get"), new KernelFunction("nf_conntrack", "nf_hook"),
                new KernelFunction("vmlinux", "default_idle_call"), new KernelFunction("vmlinux", "vfs_read"),
                new KernelFunction("vmlinux", "vfs_write"));
    }

    @Test
    void modulesAndNamesMatchPatterns() {
        assertThat(listed(LIST, "*n*", "*e*")).containsExactly(new KernelFunction("nf_conntrack", "nf_get"),
                new KernelFunction("vmlinux", "default_idle_call"), new KernelFunction("vmlinux", "vfs_read"),
                new KernelFunction("vmlinux", "vfs_write"));
        assertThat(listed(LIST, "ahci", "vfs_*")).containsExactly(new KernelFunction("ahci", "vfs_open"));
        assertThat(listed(LIST, "none", "*")).isEmpty();
    }

    @Test
    void namesAreThoseOfOneModuleOrOfAll() {
        ListedFunctions listed = listed(LIST, "", "vfs_*");
        assertThat(listed.names("")).containsExactly("vfs_open", "vfs_read", "vfs_write");
        assertThat(listed.names("vmlinux")).containsExactly("vfs_read", "vfs_write");
        assertThat(listed.names("none")).isEmpty();
    }

    @Test
    void whatStandsAfterAnUnclosedBracketIsNoModule() {
        assertThat(listed("a [b\nc d\n", "", "*")).containsExactly(new KernelFunction("vmlinux", "a"), new KernelFunction("vmlinux", "c"));
    }

    @Test
    void thereIsNothingAfterTheEnd() {
        assertThat(listed("", "", "*")).isEmpty();
        assertThatThrownBy(() -> listed("a", "", "*").get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
