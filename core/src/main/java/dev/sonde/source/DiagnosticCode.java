package dev.sonde.source;

/**
 * Every kind of diagnostic, once. Each has a page in the reference and an example script with its expected text in the tests.
 *
 * <p>The name is stable: users may search for it and suppress it by it.
 */
public enum DiagnosticCode {
    SYNTAX(Severity.ERROR, "The text does not follow the grammar."),
    BAD_LITERAL(Severity.ERROR, "A number, string or duration that cannot be written so."),
    BAD_IMPORT(Severity.ERROR, "An import of a file that is not there or that cannot be imported."),
    UNKNOWN_PROBE_KIND(Severity.ERROR, "No probe kind has this name."),
    BAD_ATTACH_POINT(Severity.ERROR, "An attach point that does not have the form its probe kind asks for."),
    NO_MATCH(Severity.ERROR, "Nothing on this machine matches the attach point."),
    UNSUPPORTED_PROBE(Severity.ERROR, "This kernel cannot attach this kind of probe."),
    UNSET_ENVIRONMENT(Severity.ERROR, "An attach point or predicate names an environment variable that is not set."),
    UNKNOWN_NAME(Severity.ERROR, "A word that is no builtin, constant, macro or enumerator."),
    UNKNOWN_FUNCTION(Severity.ERROR, "No function has this name."),
    UNKNOWN_TYPE(Severity.ERROR, "No type of this name is known."),
    UNKNOWN_FIELD(Severity.ERROR, "The struct, union or record has no such field."),
    UNDEFINED_VARIABLE(Severity.ERROR, "A scratch variable that is read before anything was assigned to it."),
    UNDEFINED_MAP(Severity.ERROR, "A map that is read but never written."),
    TYPE_MISMATCH(Severity.ERROR, "A value of one type where another is needed."),
    BAD_OPERAND(Severity.ERROR, "An operator that these operand types do not have."),
    BAD_CAST(Severity.ERROR, "A cast between types that cannot be converted."),
    BAD_ARGUMENTS(Severity.ERROR, "A call with the wrong number or types of arguments."),
    BAD_FORMAT(Severity.ERROR, "A format string that does not fit its arguments."),
    BAD_MAP_USE(Severity.ERROR, "A map used in a way its value type does not allow."),
    BAD_ASSIGNMENT(Severity.ERROR, "Something that cannot be assigned to."),
    BAD_STATEMENT(Severity.ERROR, "A statement where it cannot stand."),
    NOT_IN_PROBE(Severity.ERROR, "A builtin or function that this kind of probe does not have."),
    NOT_CONSTANT(Severity.ERROR, "A value that must be known when the script is compiled."),
    OUT_OF_RANGE(Severity.ERROR, "A number outside the range allowed here."),
    UNSAFE(Severity.ERROR, "Something that changes the system and needs --unsafe."),
    BAD_CONFIG(Severity.ERROR, "A config item that does not exist or a value it does not take."),
    BAD_PARAMETER(Severity.ERROR, "A script parameter that is missing or cannot be read as what it is used for."),
    NOT_COMPILED(Severity.ERROR, "Part of the language that is parsed and that Sonde does not compile yet."),
    TOO_LARGE(Severity.ERROR, "More than the kernel or the configured limits allow."),
    NOT_ATTACHED(Severity.ERROR, "A probe that the kernel did not attach."),
    REJECTED(Severity.ERROR, "A program that the kernel's verifier did not accept."),
    REFUSED(Severity.ERROR, "A program, a map or a process that the kernel did not let us have."),
    ASSERTION(Severity.ERROR, "A fail() or static_assert() of the script."),
    SHADOWED_TYPE(Severity.WARNING, "A struct of the script that has another size than the kernel's type of the same name."),
    EMPTY_PARAMETER(Severity.WARNING, "A script parameter that was not given stands for 0 and for the empty string."),
    DEPRECATED(Severity.WARNING, "Something that still works and has a better form."),
    DISCARDED_VALUE(Severity.WARNING, "A value that nothing uses."),
    UNREACHABLE(Severity.WARNING, "A statement that is never run."),
    SIGN_MIX(Severity.WARNING, "An unsigned operand of 64 bits beside a signed one, which is taken for signed."),
    CONVERSION(Severity.WARNING, "An integer that is kept in a narrower type or in one of the other sign."),
    USELESS_CAST(Severity.WARNING, "A cast to the type that the value has already."),
    UNASSIGNED(Severity.WARNING, "A scratch variable that is declared and not assigned, or not before it is read."),
    SUSPICIOUS(Severity.WARNING, "Something that is allowed and seldom meant."),
    SUBSTITUTED(Severity.NOTE, "A probe that was attached to the name or place that stands for it on this kernel."),
    MISSING_PROBE(Severity.WARNING, "One match of a wildcard that could not be attached.");

    private final Severity severity;
    private final String meaning;

    DiagnosticCode(Severity severity, String meaning) {
        this.severity = severity;
        this.meaning = meaning;
    }

    /** How grave it is. */
    public Severity severity() {
        return severity;
    }

    /** What it means, for the reference. */
    public String meaning() {
        return meaning;
    }
}
