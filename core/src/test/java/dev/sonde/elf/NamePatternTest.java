package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NamePatternTest {
    @Test
    void starStandsForAnyRunAndNothingElseIsSpecial() {
        assertThat(NamePattern.of("a*c").matches("abc")).isTrue();
        assertThat(NamePattern.of("a*c").matches("ac")).isTrue();
        assertThat(NamePattern.of("a*a").matches("a")).isFalse();
        assertThat(NamePattern.of("*").matches("")).isTrue();
        assertThat(NamePattern.of("a?c[d]").matches("a?c[d]")).isTrue();
        assertThat(NamePattern.of("a?c").matches("abc")).isFalse();
    }

    @Test
    void patternWithoutStarIsLiteral() {
        assertThat(NamePattern.of("main").isLiteral()).isTrue();
        assertThat(NamePattern.of("main").matches("main")).isTrue();
        assertThat(NamePattern.of("main").matches("main2")).isFalse();
        assertThat(NamePattern.of("main").matches("mai")).isFalse();
        assertThat(NamePattern.of("*").isLiteral()).isFalse();
    }

    @Test
    void everyRandomPatternAgreesWithARegularExpression() {
        Random random = new Random(1);
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String pattern = random(random, "ab*", 6);
            String name = random(random, "ab", 8);
            boolean expected = Pattern.matches(pattern.replace("*", ".*"), name);
            assertThat(NamePattern.of(pattern).matches(name)).as("%s on %s", pattern, name).isEqualTo(expected);
            matched += expected ? 1 : 0;
        }
        assertThat(matched).isGreaterThan(1000);
    }

    private static String random(Random random, String alphabet, int atMost) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(atMost + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
