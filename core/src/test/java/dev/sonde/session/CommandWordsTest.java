package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
    @Test
    void blanksDivideWords() throws IOException {
        assertThat(CommandWords.words("  ls -l\t/tmp \n")).containsExactly("ls", "-l", "/tmp");
    }

    @Test
    void quotesKeepBlanksAndMakeEmptyWords() throws IOException {
        assertThat(CommandWords.words("sh -c 'a  \"b\" \\ $x' \"c 'd' \\\" e\" '' a' 'b"))
                .containsExactly("sh", "-c", "a  \"b\" \\ $x", "c 'd' \" e", "", "a b");
    }

    @Test
    void backslashKeepsTheNextCharacter() throws IOException {
        assertThat(CommandWords.words("a\\ b \\'c \\\\ d\\")).containsExactly("a b", "'c", "\\", "d\\");
    }

    @Test
    void openQuotesAndEmptyCommandsAreRefused() {
        assertThatThrownBy(() -> CommandWords.words("echo 'a")).isInstanceOf(IOException.class).hasMessage("a ' in the command is not closed");
        assertThatThrownBy(() -> CommandWords.words("  ")).hasMessage("the command is empty");
    }

    @Test
    void programsAreLookedForInPathUnlessTheyHaveASlash() throws IOException {
        CommandWords.file("sh");
        CommandWords.file("/bin/sh");
        assertThatThrownBy(() -> CommandWords.file("no_such_program")).hasMessage("Path 'no_such_program' does not exist or is not executable");
        assertThatThrownBy(() -> CommandWords.file("/etc/passwd")).hasMessage("Path '/etc/passwd' does not exist or is not executable");
        assertThatThrownBy(() -> CommandWords.file("/tmp")).hasMessageContaining("'/tmp'");
    }
}
