package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CommandLineParserTest {
    @Test
    void optionsAndOperandsComeInAnyOrder() {
        CommandLine line = CommandLineParser.parse("script.bt", "-q", "5", "-p", "12", "x");
        assertThat(line.has(Option.QUIET)).isTrue();
        assertThat(line.value(Option.PID)).isEqualTo("12");
        assertThat(line.file()).isEqualTo("script.bt");
        assertThat(line.positional()).containsExactly("5", "x");
    }

    @Test
    void lettersShareAWordAndTheLastTakesTheRest() {
        CommandLine line = CommandLineParser.parse("-lv", "-qp12");
        assertThat(line.has(Option.LIST)).isTrue();
        assertThat(line.has(Option.VERBOSE)).isTrue();
        assertThat(line.has(Option.QUIET)).isTrue();
        assertThat(line.value(Option.PID)).isEqualTo("12");
    }

    @Test
    void longOptionTakesItsArgumentInTheSameWordOrTheNext() {
        assertThat(CommandLineParser.parse("--output=f").value(Option.OUTPUT)).isEqualTo("f");
        assertThat(CommandLineParser.parse("--output", "f").value(Option.OUTPUT)).isEqualTo("f");
    }

    @Test
    void longOptionMayBeCutWhileNoOtherBeginsSo() {
        assertThat(CommandLineParser.parse("--unsa").has(Option.UNSAFE)).isTrue();
        assertThat(CommandLineParser.parse("--include", "a.h").has(Option.INCLUDE)).isTrue();
        assertThatThrownBy(() -> CommandLineParser.parse("--ver")).hasMessage("--ver can be --verbose or --version");
    }

    @Test
    void programOfOptionLeavesAllOperandsToTheScript() {
        CommandLine line = CommandLineParser.parse("-e", "BEGIN {}", "1", "2");
        assertThat(line.file()).isEmpty();
        assertThat(line.positional()).containsExactly("1", "2");
    }

    @Test
    void lastOfSeveralProgramsCounts() {
        assertThat(CommandLineParser.parse("-e", "a", "-e", "b").value(Option.PROGRAM)).isEqualTo("b");
    }

    @Test
    void singleDashIsAnOperand() {
        assertThat(CommandLineParser.parse("-").file()).isEqualTo("-");
    }

    @Test
    void wordsAfterTwoDashesAreTheScripts() {
        CommandLine line = CommandLineParser.parse("-e", "x", "--", "--size=5", "-q", "--fast");
        assertThat(line.has(Option.QUIET)).isFalse();
        assertThat(line.named()).isEqualTo(Map.of("size", "5", "fast", ""));
        assertThat(line.positional()).containsExactly("-q");
    }

    @Test
    void debugTakesStagesButNoScript() {
        assertThat(CommandLineParser.parse("-d", "ast,ir", "-e", "x").value(Option.DEBUG)).isEqualTo("ast,ir");
        assertThat(CommandLineParser.parse("-d", "-e", "x").value(Option.DEBUG)).isEmpty();
        assertThat(CommandLineParser.parse("-d", "dir/script").file()).isEqualTo("dir/script");
        assertThat(CommandLineParser.parse("-d", "script.bt").file()).isEqualTo("script.bt");
    }

    @Test
    void wrongOptionsAreNamed() {
        assertThatThrownBy(() -> CommandLineParser.parse("-Z")).isInstanceOf(UsageException.class).hasMessage("there is no option -Z");
        assertThatThrownBy(() -> CommandLineParser.parse("--frob")).hasMessage("there is no option --frob");
        assertThatThrownBy(() -> CommandLineParser.parse("-p")).hasMessage("-p needs an argument: PID");
        assertThatThrownBy(() -> CommandLineParser.parse("--quiet=yes")).hasMessage("--quiet takes no argument");
    }

    @Test
    void noTwoOptionsAreWrittenAlike() {
        var letters = new TreeSet<Character>();
        var words = new TreeSet<String>();
        for (Option option : Option.values()) {
            assertThat(option.letter() == 0 || letters.add(option.letter())).as(option.name()).isTrue();
            assertThat(option.word().isEmpty() || words.add(option.word())).as(option.name()).isTrue();
        }
        assertThat(letters).containsAll(List.of('e', 'l', 'v', 'c', 'p', 'q', 'd', 'o', 'f', 'B', 'V', 'h', 'k', 'I'));
    }
}
