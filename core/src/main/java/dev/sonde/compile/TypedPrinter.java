package dev.sonde.compile;

import dev.sonde.syntax.AstPrinter;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;

/** Prints a script whose types are known: the tree of each probe with the type behind every expression that has one. */
final class TypedPrinter {
    private TypedPrinter() {}

    static String print(TypedScript script) {
        var text = new StringBuilder();
        for (TypedScript.Unit unit : script.units()) {
            text.append(AstPrinter.print(unit.probe(), expression -> note(unit.facts().of(expression))));
        }
        return text.toString();
    }

    private static String note(Type type) {
        return type instanceof Type.None ? "" : " :: " + TypeText.of(type);
    }
}
