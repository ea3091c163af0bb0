package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamedFunctionTest {
    @Test
    void versionOfADebugFilesSymbolIsLeftOut() {
        assertThat(NamedFunction.ofSymbol("__libc_start_main@@GLIBC_2.34", 16).name(true)).isEqualTo("__libc_start_main");
        assertThat(NamedFunction.ofSymbol("memcpy@GLIBC_2.2.5", 16).name(false)).isEqualTo("memcpy");
        assertThat(NamedFunction.ofSymbol("_ZNSt6vectorIiE4sizeEv@@V1", 16).name(true)).startsWith("std::vector<int");
        assertThat(NamedFunction.ofSymbol("raise@plt", 16).name(true)).isEqualTo("raise@plt");
        assertThat(NamedFunction.ofGo("main.(*T).f@x", 16).name(true)).isEqualTo("main.(*T).f@x");
    }
}
