package dev.sonde.compile;

import java.util.List;

/** Scripts with one mistake each, where it is, and how it is told. */
final class BuiltinMistakes {
    static final List<Object[]> ALL = List.of(new Object[][] {
        {"begin { fail() }", "9-15", "fail() requires at least one argument (0 provided)"},
    });

    private BuiltinMistakes() {}
}
