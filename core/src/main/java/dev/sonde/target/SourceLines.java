package dev.sonde.target;

import dev.sonde.dwarf.Dwarf;
import dev.sonde.dwarf.Entry;
import dev.sonde.dwarf.LineTable;
import dev.sonde.dwarf.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the code of one source line: of the instructions that the line tables recommend for it, the first in each function and inlined copy.
 *
 * <p>A file is given by the end of its path. Units that are compiled from it are asked first; only when there are none, all those that include it.
 */
final class SourceLines {
    private static final int NEAR = 3;

    private final Dwarf dwarf;
    private final String file;
    private final int line;
    private final int column;
    private final List<Long> addresses = new ArrayList<>();
    private final TreeSet<Integer> others = new TreeSet<>();
    private boolean found;

    SourceLines(Dwarf dwarf, String file, int line, int column) {
        this.dwarf = dwarf;
        this.file = file;
        this.line = line;
        this.column = column;
    }

    DebugInformation.Lines find() {
        for (Unit unit : dwarf.units()) {
            if (isFile(unit.name())) {
                search(unit);
            }
        }
        if (!found) {
            for (Unit unit : dwarf.units()) {
                search(unit);
            }
        }
        addresses.sort(Long::compareUnsigned);
        return new DebugInformation.Lines(found, addresses, near());
    }

    private boolean isFile(String path) {
        return path.equals(file) || path.endsWith(file) && path.charAt(path.length() - file.length() - 1) == '/';
    }

    private void search(Unit unit) {
        Optional<LineTable> table = unit.lines();
        if (table.isEmpty()) {
            return;
        }
        List<String> files = table.get().files();
        boolean[] wanted = new boolean[files.size()];
        boolean any = false;
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = isFile(files.get(i));
            any |= wanted[i];
        }
        // The name of a unit is a path from DW_AT_comp_dir on, of which the table may have less.
        if (any) {
            found = true;
            rows(unit, table.get(), wanted);
        }
    }

    private void rows(Unit unit, LineTable table, boolean[] wanted) {
        List<Long> rows = new ArrayList<>();
        table.forEach((address, number, row, col, isStmt, end) -> {
            if (number >= 0 && number < wanted.length && wanted[number] && isStmt && !end) {
                others.add(row);
                if (row == line && (column == 0 || col == column)) {
                    rows.add(address);
                }
            }
        });
        if (!rows.isEmpty()) {
            first(new CodeBlocks(dwarf, unit), rows);
        }
    }

    private void first(CodeBlocks blocks, List<Long> rows) {
        rows.sort(Long::compareUnsigned);
        Map<Entry.Offset, Long> firsts = new HashMap<>();
        for (long address : rows) {
            Optional<Entry> block = blocks.innermost(address);
            if (block.isPresent() && firsts.putIfAbsent(block.get().offset(), address) == null && !addresses.contains(address)) {
                addresses.add(address);
            }
        }
    }

    private List<Integer> near() {
        List<Integer> near = new ArrayList<>();
        Integer below = others.floor(line);
        Integer above = others.higher(line);
        while (near.size() < NEAR && (below != null || above != null)) {
            boolean down = above == null || below != null && line - below <= above - line;
            near.add(down ? below : above);
            below = down ? others.lower(below) : below;
            above = down ? above : others.higher(above);
        }
        near.sort(Integer::compare);
        return near;
    }
}
