package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuantityTest {
    @Test
    void numbersAreDecimalHexadecimalOrWithZerosLeftOut() {
        assertThat(Quantity.number("10")).hasValue(10);
        assertThat(Quantity.number("0xff")).hasValue(255);
        assertThat(Quantity.number("1_000")).hasValue(1000);
        assertThat(Quantity.number("2e3")).hasValue(2000);
        assertThat(Quantity.number("0xffffffffffffffff")).hasValue(-1);
        assertThat(Quantity.number("18446744073709551615")).hasValue(-1);
    }

    @Test
    void otherTextIsNoNumber() {
        for (String text : new String[] {"", "x", "0x", "1e", "e1", "1e99", "1.5", "99999999999999999999"}) {
            assertThat(Quantity.number(text)).as(text).isEmpty();
        }
    }

    @Test
    void durationsHaveUnits() {
        assertThat(Quantity.duration("5")).hasValue(5);
        assertThat(Quantity.duration("5us")).hasValue(5000);
        assertThat(Quantity.duration("1d")).hasValue(86_400_000_000_000L);
        assertThat(Quantity.duration("1week")).isEmpty();
        assertThat(Quantity.duration("ms")).isEmpty();
        assertThat(Quantity.duration("200000d")).isEmpty();
    }

    @Test
    void patternsMatchWholeNames() {
        assertThat(Listings.matches("a*c", "abbc")).isTrue();
        assertThat(Listings.matches("*", "")).isTrue();
        assertThat(Listings.matches("a*", "ba")).isFalse();
        assertThat(Listings.matches("a*b*c", "a1b2b3c")).isTrue();
        assertThat(Listings.matches("abc", "abcd")).isFalse();
    }
}
