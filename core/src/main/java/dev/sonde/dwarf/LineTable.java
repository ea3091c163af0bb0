package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of lines of a unit (DWARF 5 §6.2): which source line each instruction comes from. The header is read at once, the rows by
 * {@link #forEach}.
 *
 * <pre>
 * Table  --&gt; length version:u16 (address_size:u8 segment_size:u8 if version 5) header_length:offset Header Program
 * Header --&gt; minimum_instruction_length:u8 (maximum_operations:u8 if version 4 or 5) default_is_stmt:u8 line_base:s8 line_range:u8
 *            opcode_base:u8 standard_opcode_length:u8{opcode_base-1} Names
 * Names  --&gt; (directory:string)* 0 (file:string directory:uleb time:uleb size:uleb)* 0                       up to version 4
 *          | Format count:uleb (values of one directory)* Format count:uleb (values of one file)*           version 5
 * Format --&gt; count:u8 (content_type:uleb form:uleb)*
 * </pre>
 */
public final class LineTable {
    private static final int DW_LNCT_path = 1;
    private static final int DW_LNCT_directory_index = 2;
    private static final int MOST_OPCODES = 255;

    private final Cursor program;
    private final Shape shape;
    private final List<String> files;

    private LineTable(Cursor program, Shape shape, List<String> files) {
        this.program = program;
        this.shape = shape;
        this.files = List.copyOf(files);
    }

    /** What the program's opcodes mean; {@code lengths} has how many operands each standard opcode takes. */
    record Shape(int addressSize, int minimumLength, boolean defaultIsStmt, int lineBase, int lineRange, int opcodeBase, int[] lengths) {}

    /**
     * A row.
     *
     * @param file index in {@link #files}
     * @param line from 1; 0 for code that comes from no line
     * @param column from 1; 0 when it is not known
     * @param isStmt whether the address is a good place to stop at for the line
     * @param end whether this is only the address after the last instruction of a sequence
     */
    public record Row(long address, int file, int line, int column, boolean isStmt, boolean end) {}

    /** Takes rows. */
    @FunctionalInterface
    public interface Rows {
        /** Takes one; the values are those of {@link Row}. */
        void row(long address, int file, int line, int column, boolean isStmt, boolean end);
    }

    /** Paths of the source files by their number in rows; one may be relative to {@code DW_AT_comp_dir}. Number 0 is empty before version 5. */
    public List<String> files() {
        return files;
    }

    /** Gives {@code rows} all rows in order. */
    public void forEach(Rows rows) {
        new LineProgram(program.at(0), shape, rows).run();
    }

    /** All rows. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        forEach((address, file, line, column, isStmt, end) -> rows.add(new Row(address, file, line, column, isStmt, end)));
        return rows;
    }

    static LineTable read(Unit unit, Cursor section, long offset) {
        Cursor in = section.at(offset).addressSize(unit.header().addressSize());
        int offsetSize = UnitHeader.offsetSize(in);
        long length = UnitHeader.length(in);
        long end = in.position() + length;
        int version = in.u16();
        if (version < 2 || version > 5) {
            throw in.malformed("a line table of version 2 to 5, not " + version);
        }
        int addressSize = unit.header().addressSize();
        if (version == 5) {
            addressSize = in.u8();
            in.skip(1);
        }
        long headerLength = in.unsigned(offsetSize);
        long program = in.position() + headerLength;
        if (headerLength < 0 || program > end) {
            throw in.malformed("a header within its table");
        }
        Shape shape = shape(in, version, addressSize);
        List<String> files = version == 5 ? new Names(unit, in, offsetSize).version5() : old(in);
        return new LineTable(section.slice(program, end - program, ".debug_line program").addressSize(addressSize), shape, files);
    }

    private static Shape shape(Cursor in, int version, int addressSize) {
        int minimum = in.u8();
        if (version >= 4) {
            in.skip(1);
        }
        boolean isStmt = in.u8() != 0;
        int lineBase = in.s8();
        int lineRange = in.u8();
        int opcodeBase = in.u8();
        if (lineRange == 0 || opcodeBase == 0) {
            throw in.malformed("a line_range and an opcode_base above 0");
        }
        int[] lengths = new int[MOST_OPCODES + 1];
        for (int i = 1; i < opcodeBase; i++) {
            lengths[i] = in.u8();
        }
        return new Shape(addressSize, minimum, isStmt, lineBase, lineRange, opcodeBase, lengths);
    }

    private static List<String> old(Cursor in) {
        List<String> directories = new ArrayList<>();
        directories.add("");
        for (String name = in.string(); !name.isEmpty(); name = in.string()) {
            directories.add(name);
        }
        List<String> files = new ArrayList<>();
        files.add("");
        for (String name = in.string(); !name.isEmpty(); name = in.string()) {
            long directory = in.uleb128();
            in.uleb128();
            in.uleb128();
            files.add(joined(directories, directory, name));
        }
        return files;
    }

    private static String joined(List<String> directories, long index, String name) {
        String directory = index > 0 && index < directories.size() ? directories.get((int) index) : "";
        return directory.isEmpty() || name.startsWith("/") ? name : directory + "/" + name;
    }

    /** Reads the names of version 5, whose values have forms as those of entries have. */
    private record Names(Unit unit, Cursor in, int offsetSize) {
        private record Name(String path, long directory) {}

        List<String> version5() {
            List<String> directories = new ArrayList<>();
            for (Name name : names()) {
                directories.add(name.path);
            }
            List<String> files = new ArrayList<>();
            for (Name name : names()) {
                files.add(joined(directories, name.directory, name.path));
            }
            return files;
        }

        private List<Name> names() {
            int formats = in.u8();
            long[] contents = new long[formats];
            Form[] forms = new Form[formats];
            for (int i = 0; i < formats; i++) {
                contents[i] = in.uleb128();
                forms[i] = Form.of(in.uleb128());
                if (forms[i] == null || forms[i] == Form.DW_FORM_indirect) {
                    throw in.malformed("a form of DWARF 5");
                }
            }
            long count = in.uleb128();
            if (formats == 0 && count > 0 || count < 0 || count > in.remaining()) {
                throw in.malformed("at most " + in.remaining() + " names, not " + Long.toUnsignedString(count));
            }
            List<Name> names = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                names.add(name(contents, forms));
            }
            return names;
        }

        private Name name(long[] contents, Form[] forms) {
            String path = "";
            long directory = 0;
            for (int i = 0; i < forms.length; i++) {
                if (contents[i] == DW_LNCT_path) {
                    path = path(forms[i]);
                } else if (contents[i] == DW_LNCT_directory_index) {
                    directory = number(forms[i]);
                } else {
                    Value.skip(forms[i], in, unit.header().with(offsetSize));
                }
            }
            return new Name(path, directory);
        }

        private long number(Form form) {
            return switch (form) {
                case DW_FORM_data1 -> in.u8();
                case DW_FORM_data2 -> in.u16();
                case DW_FORM_udata -> in.uleb128();
                default -> throw in.malformed("a directory's number as DW_FORM_data1, DW_FORM_data2 or DW_FORM_udata");
            };
        }

        private String path(Form form) {
            return switch (form) {
                case DW_FORM_string -> in.string();
                case DW_FORM_line_strp -> unit.dwarf().needed(".debug_line_str").stringAt(in.unsigned(offsetSize));
                case DW_FORM_strp -> unit.dwarf().needed(".debug_str").stringAt(in.unsigned(offsetSize));
                case DW_FORM_strx -> unit.textAt(in.uleb128());
                case DW_FORM_strx1, DW_FORM_strx2, DW_FORM_strx3, DW_FORM_strx4 -> unit.textAt(in.unsigned(form.size(8, offsetSize, 5)));
                default -> throw in.malformed("a path as a string");
            };
        }
    }
}
