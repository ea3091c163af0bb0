package dev.sonde.sidebyside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of integer arithmetic: one line a row, {@code BODY => VALUES}, in sections that begin with {@code #}.
 *
 * <p>{@code VALUES} are the lines that the body prints, joined by blanks, as bpftrace 0.27.1 prints them. {@code !sign} behind them says that
 * Sonde warns of a uint64 that is taken for signed. {@code != OURS: REASON} says what Sonde prints instead, and why.
 *
 * @param sections the sections in order
 */
public record IntegerTable(List<Section> sections) {
    static final Path FILE = Case.DIRECTORY.resolve("integers.txt");
    private static final String SIGN = " !sign";

    /** Rows under one head. */
    public record Section(String head, List<Row> rows) {
        /** A script that runs each row in a block of its own, a mark before it; the row of index i is on line i + 3. */
        public String script() {
            var script = new StringBuilder("config = { print_maps_on_exit = 0 }\nbegin {\n");
            for (int i = 0; i < rows.size(); i++) {
                script.append("printf(\"#").append(i).append("\\n\"); { ").append(rows.get(i).body(i)).append(" }\n");
            }
            return script.append("}\n").toString();
        }

        /** What each row printed, of what the script printed. */
        public List<String> values(String output) {
            List<String> values = new ArrayList<>();
            String rest = output;
            for (int i = 0; i < rows.size(); i++) {
                String mark = "#" + i + "\n";
                String next = "#" + (i + 1) + "\n";
                String own = rest.substring(rest.indexOf(mark) + mark.length());
                int end = own.indexOf(next);
                rest = end < 0 ? "" : own.substring(end);
                values.add((end < 0 ? own : own.substring(0, end)).strip().replace('\n', ' '));
            }
            return values;
        }
    }

    /**
     * One row.
     *
     * @param text the statements
     * @param peer what bpftrace prints
     * @param signs whether Sonde warns of signs
     * @param ours what Sonde prints, the same as {@code peer} without a reason
     * @param reason why it differs; empty when it does not
     */
    public record Row(String text, String peer, boolean signs, String ours, String reason) {
        /** The statements, with maps that no other row of the script has. */
        String body(int index) {
            String body = text;
            for (String map : List.of("@m", "@k", "@s", "@a", "@")) {
                body = body.contains(map) ? body.replace(map, "@" + "r" + index) : body;
                if (!body.equals(text)) {
                    break;
                }
            }
            return body;
        }

        /** What {@link #ours} is when a map of another name printed itself. */
        public String expected(int index) {
            return ours.contains("@") ? ours.replaceAll("@\\w*", "@r" + index) : ours;
        }

        String line() {
            return text + " => " + peer + (signs ? SIGN : "") + (reason.isEmpty() ? "" : " != " + ours + ": " + reason);
        }
    }

    /** The table as it is recorded. */
    public static IntegerTable read() {
        List<Section> sections = new ArrayList<>();
        for (String line : Case.text(FILE).lines().toList()) {
            if (line.startsWith("# ")) {
                sections.add(new Section(line.substring(2), new ArrayList<>()));
            } else if (line.contains(" => ") && !sections.isEmpty()) {
                sections.getLast().rows().add(row(line));
            }
        }
        return new IntegerTable(sections);
    }

    private static Row row(String line) {
        int arrow = line.lastIndexOf(" => ");
        String values = line.substring(arrow + " => ".length());
        int unequal = values.indexOf(" != ");
        String peer = unequal < 0 ? values : values.substring(0, unequal);
        boolean signs = peer.endsWith(SIGN);
        peer = signs ? peer.substring(0, peer.length() - SIGN.length()) : peer;
        int colon = unequal < 0 ? -1 : values.indexOf(": ", unequal);
        return new Row(line.substring(0, arrow), peer, signs, unequal < 0 ? peer : values.substring(unequal + " != ".length(), colon),
                unequal < 0 ? "" : values.substring(colon + 2));
    }

    /** Writes the table with these sections. */
    static void write(List<Section> sections) throws IOException {
        List<String> lines = new ArrayList<>(Case.text(FILE).lines().takeWhile(line -> !line.startsWith("# ")).toList());
        for (Section section : sections) {
            lines.add("# " + section.head());
            section.rows().forEach(row -> lines.add(row.line()));
            lines.add("");
        }
        Files.write(FILE, lines.subList(0, lines.size() - 1));
    }
}
