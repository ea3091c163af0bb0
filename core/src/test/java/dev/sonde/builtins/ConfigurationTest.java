package dev.sonde.builtins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Parser;
import dev.sonde.types.StackMode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationTest {
    private final Diagnostics diagnostics = new Diagnostics();
    private final Configuration configuration = new Configuration(diagnostics);

    private Settings settings(String items, Map<String, String> environment) {
        configuration.take(Parser.parse(new Source("stdin", "config = { " + items + " } BEGIN {}"), diagnostics).config());
        configuration.take(environment);
        return configuration.settings(false, 0, -1, false);
    }

    private Diagnostic only() {
        assertThat(diagnostics.sorted()).hasSize(1);
        return diagnostics.sorted().getFirst();
    }

    @Test
    void withoutItemsSettingsAreTheDefaults() {
        assertThat(settings("", Map.of())).isEqualTo(Settings.DEFAULTS);
    }

    @Test
    void itemsOfTheScriptCount() {
        Settings settings = settings(
                "max_strlen = 64; stack_mode = perf; print_maps_on_exit = false; str_trunc_trailer = \"~\"; missing_probes=\"warn\"",
                Map.of());
        assertThat(settings.maxStringLength()).isEqualTo(64);
        assertThat(settings.options().maxStringLength()).isEqualTo(64);
        assertThat(settings.options().stackMode()).isEqualTo(StackMode.PERF);
        assertThat(settings.options().printMapsOnExit()).isFalse();
        assertThat(settings.options().truncationTrailer()).isEqualTo("~");
        assertThat(settings.options().missingProbes()).isEqualTo(RunOptions.MissingProbes.WARN);
        assertThat(diagnostics.sorted()).isEmpty();
    }

    @Test
    void environmentWinsAndItsOwnNameMost() {
        assertThat(settings("max_strlen = 64", Map.of("BPFTRACE_MAX_STRLEN", "128")).maxStringLength()).isEqualTo(128);
        assertThat(settings("", Map.of("BPFTRACE_MAX_STRLEN", "128", "SONDE_MAX_STRLEN", "256")).maxStringLength()).isEqualTo(256);
    }

    @Test
    void otherVariablesPass() {
        settings("", Map.of("BPFTRACE_COLOR", "always", "SONDE_ANYTHING", "1", "HOME", "/"));
        assertThat(diagnostics.sorted()).isEmpty();
    }

    @Test
    void unknownKeyNamesTheNearest() {
        settings("max_strln = 5", Map.of());
        assertThat(only().code()).isEqualTo(DiagnosticCode.BAD_CONFIG);
        assertThat(only().hints()).containsExactly("Did you mean 'max_strlen'?");
        assertThat(only().span().orElseThrow().text()).startsWith("max_strln = 5");
    }

    @Test
    void wrongValueNamesTheRightOnes() {
        settings("stack_mode = foo", Map.of());
        assertThat(only().message()).isEqualTo("stack_mode cannot be 'foo'");
        assertThat(only().hints()).containsExactly("stack_mode takes bpftrace, perf, raw or build_id");
    }

    @Test
    void renamedKeyWorksAndWarns() {
        assertThat(settings("strlen = 32", Map.of()).maxStringLength()).isEqualTo(32);
        assertThat(only().code()).isEqualTo(DiagnosticCode.DEPRECATED);
    }

    @Test
    void renamedKeyThatMeantTheOppositeIsTurned() {
        assertThat(settings("no_cpp_demangle = 1", Map.of()).options().demangle()).isFalse();
    }

    @Test
    void retiredKeyWarns() {
        settings("symbol_source = dwarf", Map.of());
        assertThat(only().code()).isEqualTo(DiagnosticCode.DEPRECATED);
        assertThat(diagnostics.hasErrors()).isFalse();
    }

    @Test
    void pagesAreRoundedUpToAPowerOfTwo() {
        assertThat(settings("perf_rb_pages = 7", Map.of()).options().ringPages()).isEqualTo(8);
        assertThat(settings("perf_rb_pages = 1", Map.of()).options().ringPages()).isEqualTo(1);
    }

    @Test
    void noPagesAreTheDefault() {
        assertThat(settings("perf_rb_pages = 0", Map.of()).options().ringPages()).isEqualTo(Settings.DEFAULTS.options().ringPages());
    }

    @Test
    void moreThanTheStackHoldsIsTheWholeStack() {
        assertThat(settings("on_stack_limit = 1000", Map.of()).onStackLimit()).isEqualTo(512);
    }

    @Test
    void wordsAreReadInLettersOfAnyCase() {
        assertThat(settings("missing_probes = WARN", Map.of()).options().missingProbes()).isEqualTo(RunOptions.MissingProbes.WARN);
        assertThat(diagnostics.sorted()).isEmpty();
    }

    @Test
    void itemsThatOnceWereTruthsTakeThem() {
        var never = settings("cache_user_symbols = 0; unstable_typeinfo = 1; unstable_tseries = false", Map.of());
        assertThat(never.options().cacheUserSymbols()).isFalse();
        assertThat(settings("cache_user_symbols = true", Map.of()).options().cacheUserSymbols()).isTrue();
        assertThat(diagnostics.sorted()).isEmpty();
        settings("stack_mode = true", Map.of());
        assertThat(only().code()).isEqualTo(DiagnosticCode.BAD_CONFIG);
    }

    @ParameterizedTest
    @EnumSource(ConfigItem.class)
    void everyItemTakesItsDefault(ConfigItem item) {
        assertThat(item.value(item.initial())).contains(item.initial());
        assertThat(ConfigItem.find(item.key())).contains(item);
    }
}
