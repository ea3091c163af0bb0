package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;

/**
 * Runs a line number program (DWARF 5 §6.2.5): opcodes that move an address and a line, and now and then give a row.
 *
 * <pre>
 * Opcode --&gt; special:u8                         from opcode_base on: moves both and gives a row
 *          | standard:u8 operand:uleb*          1 to opcode_base - 1
 *          | 0 length:uleb extended:u8 operands
 * </pre>
 */
final class LineProgram {
    private static final int DW_LNS_copy = 1;
    private static final int DW_LNS_advance_pc = 2;
    private static final int DW_LNS_advance_line = 3;
    private static final int DW_LNS_set_file = 4;
    private static final int DW_LNS_set_column = 5;
    private static final int DW_LNS_negate_stmt = 6;
    private static final int DW_LNS_const_add_pc = 8;
    private static final int DW_LNS_fixed_advance_pc = 9;
    private static final int DW_LNE_end_sequence = 1;
    private static final int DW_LNE_set_address = 2;

    private final Cursor in;
    private final LineTable.Shape shape;
    private final LineTable.Rows rows;
    private long address;
    private int file;
    private int line;
    private int column;
    private boolean isStmt;

    LineProgram(Cursor in, LineTable.Shape shape, LineTable.Rows rows) {
        this.in = in;
        this.shape = shape;
        this.rows = rows;
    }

    void run() {
        reset();
        while (in.hasRemaining()) {
            int opcode = in.u8();
            if (opcode >= shape.opcodeBase()) {
                special(opcode - shape.opcodeBase());
            } else if (opcode == 0) {
                extended();
            } else {
                standard(opcode);
            }
        }
    }

    private void reset() {
        address = 0;
        file = 1;
        line = 1;
        column = 0;
        isStmt = shape.defaultIsStmt();
    }

    private void special(int adjusted) {
        advance(adjusted / shape.lineRange());
        line += shape.lineBase() + adjusted % shape.lineRange();
        row(false);
    }

    private void advance(long operations) {
        address += operations * shape.minimumLength();
    }

    private void row(boolean end) {
        rows.row(address, file, line, column, isStmt, end);
    }

    private void standard(int opcode) {
        switch (opcode) {
            case DW_LNS_copy -> row(false);
            case DW_LNS_advance_pc -> advance(in.uleb128());
            case DW_LNS_advance_line -> line += (int) in.sleb128();
            case DW_LNS_set_file -> file = (int) in.uleb128();
            case DW_LNS_set_column -> column = (int) in.uleb128();
            case DW_LNS_negate_stmt -> isStmt = !isStmt;
            case DW_LNS_const_add_pc -> advance((255 - shape.opcodeBase()) / shape.lineRange());
            case DW_LNS_fixed_advance_pc -> address += in.u16();
            default -> {
                for (int i = 0; i < shape.lengths()[opcode]; i++) {
                    in.uleb128();
                }
            }
        }
    }

    private void extended() {
        long size = in.uleb128();
        long end = in.position() + size;
        if (size < 1 || size > in.remaining()) {
            throw in.malformed("an extended opcode of 1 to " + in.remaining() + " bytes, not " + Long.toUnsignedString(size));
        }
        int opcode = in.u8();
        if (opcode == DW_LNE_end_sequence) {
            row(true);
            reset();
        } else if (opcode == DW_LNE_set_address) {
            address = in.address();
        }
        in.seek(end);
    }
}
