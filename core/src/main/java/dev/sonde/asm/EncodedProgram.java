package dev.sonde.asm;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A program as the kernel takes it, but for the maps: where it names one, the immediate holds the map's index in the trace specification.
 *
 * @param instructions little-endian slots of eight bytes
 * @param maps the slots that name a map, in order
 * @param spans the script text that each slot was made for
 * @param functions where the subprograms start, in order; the main function starts at slot 0 and is not listed
 */
public record EncodedProgram(byte[] instructions, List<MapReference> maps, List<Optional<Span>> spans, List<Function> functions) {
    /**
     * A slot that names a map.
     *
     * @param slot the first of the two slots of the load
     * @param map the map's index
     * @param direct whether it loads an address in the map's value (BPF_PSEUDO_MAP_VALUE), not the map (BPF_PSEUDO_MAP_FD)
     */
    public record MapReference(int slot, int map, boolean direct) {}

    /** A subprogram: the slot it starts at and a C identifier. */
    public record Function(int slot, String name) {}

    public EncodedProgram {
        maps = List.copyOf(maps);
        spans = List.copyOf(spans);
        functions = List.copyOf(functions);
    }

    /** Size in slots of eight bytes, as the kernel counts instructions. */
    public int slots() {
        return instructions.length / 8;
    }

    /** The script text that a slot was made for; none past the end. */
    public Optional<Span> span(int slot) {
        return slot >= 0 && slot < spans.size() ? spans.get(slot) : Optional.empty();
    }

    /** The instructions with each map's index replaced by its descriptor. */
    public byte[] patched(IntUnaryOperator mapFd) {
        byte[] patched = instructions.clone();
        for (MapReference reference : maps) {
            int fd = mapFd.applyAsInt(reference.map());
            for (int i = 0; i < 4; i++) {
                patched[reference.slot() * 8 + 4 + i] = (byte) (fd >>> 8 * i);
            }
        }
        return patched;
    }
}
