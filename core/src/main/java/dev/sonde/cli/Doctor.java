package dev.sonde.cli;

import dev.sonde.cli.Finding.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what this machine can trace and what not, why, and what to do about it. */
final class Doctor {
    private static final int SIGN = 6;
    private static final int NAME = 52;

    private final List<Check> checks = Checks.all();
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Machine machine) {
        for (Check check : checks) {
            findings.add(check.probe().apply(machine));
        }
    }

    /** Whether anything can be traced at all. */
    boolean works() {
        return count(State.BLOCKED) == 0;
    }

    private int count(State state) {
        int count = 0;
        for (Finding finding : findings) {
            count += finding.state() == state ? 1 : 0;
        }
        return count;
    }

    /** One line for each check, with two more where something is not as it should be, and a last one for the whole. */
    String text() {
        var text = new StringBuilder();
        for (int i = 0; i < checks.size(); i++) {
            text(checks.get(i), findings.get(i), text);
        }
        return text.append('\n').append(verdict()).append('\n').toString();
    }

    private static void text(Check check, Finding finding, StringBuilder text) {
        String sign = finding.state().sign();
        text.append(sign).repeat(' ', SIGN - sign.length()).append(check.name());
        if (!finding.detail().isEmpty()) {
            text.repeat(' ', Math.max(1, NAME - check.name().length())).append(finding.detail());
        }
        text.append('\n');
        if (finding.state() != State.OK) {
            text.repeat(' ', SIGN).append("  for: ").append(check.serves()).append('\n');
            if (!finding.remedy().isEmpty()) {
                text.repeat(' ', SIGN).append("  do:  ").append(finding.remedy()).append('\n');
            }
        }
    }

    private String verdict() {
        if (!works()) {
            return "Nothing can be traced here before what is marked STOP is mended.";
        }
        int missing = count(State.MISSING);
        return "Tracing works here" + (missing == 0 ? "." : "; " + missing + (missing == 1 ? " thing is" : " things are") + " missing.");
    }

    /** One object a line: the checks, then the whole. */
    String json() {
        var json = new StringBuilder();
        for (int i = 0; i < checks.size(); i++) {
            Check check = checks.get(i);
            Finding finding = findings.get(i);
            json.append("{\"type\": \"check\", \"data\": {");
            member(json, "name", check.name()).append(", ");
            member(json, "state", finding.state().name().toLowerCase(Locale.ROOT)).append(", ");
            member(json, "detail", finding.detail()).append(", ");
            member(json, "serves", check.serves()).append(", ");
            member(json, "remedy", finding.remedy()).append("}}\n");
        }
        return json.append("{\"type\": \"doctor\", \"data\": {\"works\": ").append(works()).append("}}\n").toString();
    }

    private static StringBuilder member(StringBuilder json, String name, String value) {
        json.append('"').append(name).append("\": \"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ') {
                json.append(' ');
            } else {
                json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return json.append('"');
    }
}
