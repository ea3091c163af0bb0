package dev.sonde.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.Format.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatParserTest {
    private static List<Piece> pieces(String text) {
        return FormatParser.of(text).pieces();
    }

    private static Piece.Conversion conversion(String flags, int width, int precision, String length, char letter) {
        return new Piece.Conversion(flags, width, precision, length, letter);
    }

    @Test
    void conversionsAreTakenApart() {
        assertThat(pieces("a %-+ #012.3llx b")).containsExactly(new Piece.Literal("a "),
                conversion("-+ #0", 12, 3, "ll", 'x'), new Piece.Literal(" b"));
        assertThat(pieces("%d%s")).containsExactly(conversion("", -1, -1, "", 'd'), conversion("", -1, -1, "", 's'));
        assertThat(pieces("%*d%.*d")).containsExactly(conversion("", -1, -1, "", 'd'), conversion("", -1, -1, "", 'd'));
        assertThat(pieces("%Ld%hhhd")).containsExactly(conversion("", -1, -1, "", 'd'), conversion("", -1, -1, "", 'd'));
    }

    @Test
    void buffersHaveConversionsOfTwoLetters() {
        assertThat(pieces("%r%rx%5rh%gr")).containsExactly(conversion("", -1, -1, "", 'r'), conversion("", -1, -1, "", 'R'),
                conversion("", 5, -1, "", 'H'),
                conversion("", -1, -1, "", 'g'));
        assertThat(((Piece.Conversion) pieces("%5rh").getFirst()).text()).isEqualTo("%5rh");
    }

    /** As bpftrace prints these. */
    @Test
    void aPercentSignThatStartsNoConversionIsText() {
        assertThat(pieces("1%5%|2%q|3%b|4 100%|5%-|6% |7%.|8%l|9%%|a%5.2%|d%l%|e%ll|f%z"))
                .containsExactly(new Piece.Literal("1%|2%q|3%b|4 100%|5%-|6% |7%.|8%l|9%|a%|d%|e%ll|f%z"));
        assertThat(pieces("x%0-8dy%.d%")).containsExactly(new Piece.Literal("x%0-8dy%.d%"));
    }

    @Test
    void flagsHaveOneOrder() {
        assertThat(FormatParser.of("%+-8d %#+d %--d").arguments()).isZero();
        assertThat(FormatParser.of("%-+8d %+#d %-d").arguments()).isEqualTo(3);
    }

    @Test
    void floatingPointIsRefusedWithItsPlace() {
        assertThat(FormatParser.parse("ab %5.2f")).isEqualTo(new FormatParser.Result.Failed("unsupported format specifier: f", 3));
        assertThat(FormatParser.parse("%d %n")).isEqualTo(new FormatParser.Result.Failed("unsupported format specifier: n", 3));
        assertThat(FormatParser.parse("%g")).isEqualTo(new FormatParser.Result.Failed("unsupported format specifier: g", 0));
    }

    @Test
    void aHugeWidthIsRefused() {
        assertThat(FormatParser.parse("%99999999999d")).isInstanceOf(FormatParser.Result.Failed.class);
    }
}
