package dev.sonde.target;

import dev.sonde.dwarf.Dwarf;
import dev.sonde.dwarf.Entry;
import dev.sonde.dwarf.Tag;
import dev.sonde.dwarf.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions and inlined copies of one unit by the addresses of their code. */
final class CodeBlocks {
    private record Block(Entry.Range range, Entry.Offset entry, boolean inlined) {}

    private final Dwarf dwarf;
    private final List<Block> blocks = new ArrayList<>();

    CodeBlocks(Dwarf dwarf, Unit unit) {
        this.dwarf = dwarf;
        for (Entry entry : unit.entries()) {
            boolean inlined = entry.tag() == Tag.DW_TAG_inlined_subroutine;
            if (inlined || entry.tag() == Tag.DW_TAG_subprogram) {
                for (Entry.Range range : entry.ranges()) {
                    blocks.add(new Block(range, entry.offset(), inlined));
                }
            }
        }
    }

    /** The smallest that holds {@code address}. */
    Optional<Entry> innermost(long address) {
        return smallest(address, true);
    }

    /** The function that holds {@code address}, not an inlined one. */
    Optional<Entry> function(long address) {
        return smallest(address, false);
    }

    /** Of equal ones the inner, which comes later. */
    private Optional<Entry> smallest(long address, boolean inlined) {
        Block best = null;
        for (Block block : blocks) {
            if ((inlined || !block.inlined) && block.range.contains(address) && (best == null || size(block) <= size(best))) {
                best = block;
            }
        }
        return best == null ? Optional.empty() : Optional.of(dwarf.entry(best.entry));
    }

    private static long size(Block block) {
        return block.range.high() - block.range.low();
    }
}
