package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sidebyside.IntegerTable;
import dev.sonde.source.DiagnosticCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Our code does integer arithmetic as the table says, in the test machine. */
class IntegerTableTest {
    private static final int FIRST_LINE = 3;

    @TestFactory
    List<DynamicTest> codeDoesArithmeticAsTheTableSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (IntegerTable.Section section : IntegerTable.read().sections()) {
            tests.add(DynamicTest.dynamicTest(section.head(), () -> check(section)));
        }
        return tests;
    }

    private static void check(IntegerTable.Section section) {
        var machine = ScriptMachine.of(section.script());
        List<String> values = section.values(machine.begin());
        List<String> found = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < section.rows().size(); i++) {
            IntegerTable.Row row = section.rows().get(i);
            expected.add(row.text() + " => " + row.expected(i) + (row.signs() ? " !sign" : ""));
            found.add(row.text() + " => " + values.get(i) + (machine.warns(DiagnosticCode.SIGN_MIX, i + FIRST_LINE) ? " !sign" : ""));
        }
        assertThat(found).containsExactlyElementsOf(expected);
    }
}
