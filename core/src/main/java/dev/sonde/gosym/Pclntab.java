package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The function table of a Go binary, in section {@code .gopclntab} or {@code .data.rel.ro.gopclntab}, of any Go version since 1.2.
 *
 * <p>Nothing is read ahead: a lookup is a binary search in the table itself. Addresses are those of the file, before loading. Every method
 * may throw {@link dev.sonde.bytes.MalformedException}. Of a binary with several text sections, as large ones of some machines have, only
 * the first is placed right. Not thread-safe.
 */
public final class Pclntab {
    private static final int ARGS_SIZE_UNKNOWN = Integer.MIN_VALUE;
    private static final int NO_FILE = -1;
    private static final int ALIGNMENT = 8;

    private final PcHeader header;
    private final long textStart;
    private final Cursor functab;
    private final NameTable names;
    private final NameTable files;
    private final Optional<InlineTrees> inlining;

    private Pclntab(PcHeader header, long textStart, Optional<InlineTrees> inlining) {
        this.header = header;
        this.textStart = header.version().hasOffsets() ? textStart : 0;
        this.functab = header.from(header.functab(), "pclntab functab");
        this.names = new NameTable(header.from(header.names(), "pclntab names"));
        boolean fromStart = header.version() == PcHeader.Version.GO_1_2;
        this.files = new NameTable(header.from(fromStart ? 0 : header.files(), "pclntab files"));
        this.inlining = inlining;
    }

    /**
     * Reads the head of the table.
     *
     * @param section bytes from the start of the table on; its byte order and pointer size come from the table
     * @param textStart address of {@code runtime.text}: used where entries are relative to it (since Go 1.18) and the table itself does not
     *     tell it, as since Go 1.26 and in position-independent binaries. {@link ModuleData} knows it; with cgo the start of {@code .text}
     *     is another address.
     */
    public static Pclntab read(Cursor section, long textStart) {
        PcHeader header = PcHeader.read(section);
        return new Pclntab(header, header.textStart() != 0 ? header.textStart() : textStart, Optional.empty());
    }

    /**
     * The offset of a table within {@code section}, for binaries that a C linker laid out (cgo with position-independent code): those have it
     * somewhere in {@code .data.rel.ro}.
     *
     * @param section whole section, aligned as in memory
     */
    public static OptionalLong find(Cursor section) {
        Cursor in = section.at(0);
        for (long at = 0; at + ALIGNMENT <= in.size(); at += ALIGNMENT) {
            if (PcHeader.mayStart(in.seek(at)) && isReadable(section.slice(at, section.size() - at, section.section()))) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }

    /** Whether the table's first and last functions have names; bytes that look like a magic number by chance do not. */
    private static boolean isReadable(Cursor section) {
        try {
            Pclntab table = read(section, 1);
            return table.size() > 0 && !table.name(0).isEmpty() && !table.name(table.size() - 1).isEmpty();
        } catch (MalformedException e) {
            return false;
        }
    }

    /** The same table placed by {@code module}. */
    public Pclntab within(ModuleData module) {
        return new Pclntab(header, module.text(), inlining);
    }

    /**
     * The same table, with {@link #frames} knowing inlined calls. Tables before Go 1.18 refer to them by address, so they stay unknown there.
     *
     * @param goFunc bytes from {@link ModuleData#goFunc()} on
     */
    public Pclntab withInlining(Cursor goFunc) {
        boolean known = header.version().hasOffsets();
        return new Pclntab(header, textStart, known ? Optional.of(new InlineTrees(header, goFunc)) : Optional.empty());
    }

    PcHeader header() {
        return header;
    }

    /** Number of functions. */
    public int size() {
        return (int) header.count();
    }

    /** Address of {@code runtime.text} that entries are relative to; 0 before Go 1.18. */
    public long textStart() {
        return textStart;
    }

    /** Function {@code i}, in order of address. */
    public GoFunction function(int i) {
        FuncRecord record = record(i);
        return new GoFunction(names.get(record.nameOffset()), entry(i), entry(i + 1), record.args() == ARGS_SIZE_UNKNOWN ? -1 : record.args(),
                record.deferReturn(), record.startLine(), record.id());
    }

    /** Address of the first instruction of function {@code i}; for {@link #size()} the end of the last one. */
    public long entry(int i) {
        long at = 2L * i * header.fieldSize();
        return functab.seek(at).unsigned(header.fieldSize()) + textStart;
    }

    private FuncRecord record(int i) {
        return FuncRecord.read(header, functab.seek((2L * i + 1) * header.fieldSize()).unsigned(header.fieldSize()));
    }

    /** The function that covers {@code pc}. */
    public Optional<GoFunction> lookup(long pc) {
        int i = index(pc);
        return i < 0 ? Optional.empty() : Optional.of(function(i));
    }

    /** Index of the function that covers {@code pc}, or -1. */
    private int index(long pc) {
        if (size() == 0 || Long.compareUnsigned(pc, entry(size())) >= 0) {
            return -1;
        }
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(entry(middle), pc) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** All functions called {@code name}, in order of address: two where it has both an ABI0 and an ABIInternal body. */
    public List<GoFunction> byName(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        List<GoFunction> found = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            if (names.equals(nameOffset(i), wanted)) {
                found.add(function(i));
            }
        }
        return found;
    }

    /** Name of function {@code i}. */
    public String name(int i) {
        return names.get(nameOffset(i));
    }

    private int nameOffset(int i) {
        long offset = functab.seek((2L * i + 1) * header.fieldSize()).unsigned(header.fieldSize());
        return header.table().seek(header.functions()).skip(offset).skip(header.fieldSize()).s32();
    }

    /** Calls {@code action} with each function in order of address. */
    public void forEach(Consumer<GoFunction> action) {
        for (int i = 0; i < size(); i++) {
            action.accept(function(i));
        }
    }

    /** Source line of the instruction at {@code pc}; in an inlined call, the line of the innermost one. */
    public OptionalInt line(long pc) {
        int i = index(pc);
        int line = i < 0 ? PcValues.NONE : PcValues.at(header, record(i).pcln(), pc - entry(i));
        return line < 0 ? OptionalInt.empty() : OptionalInt.of(line);
    }

    /** Source file of the instruction at {@code pc}; in an inlined call, the file of the innermost one. */
    public Optional<String> file(long pc) {
        int i = index(pc);
        return i < 0 ? Optional.empty() : file(record(i), pc - entry(i));
    }

    private Optional<String> file(FuncRecord record, long distance) {
        int number = PcValues.at(header, record.pcfile(), distance);
        if (number < 0) {
            return Optional.empty();
        }
        boolean direct = header.version() == PcHeader.Version.GO_1_2;
        long slot = direct ? header.files() + 4L * number : header.units() + 4 * (Integer.toUnsignedLong(record.unit()) + number);
        int offset = header.table().seek(slot).s32();
        return offset == NO_FILE ? Optional.empty() : Optional.of(files.get(offset));
    }

    /**
     * Bytes of stack that the function has taken at {@code pc}, without the return address that a call pushes: on amd64 the return address
     * is at {@code SP + frameSize}. Empty where the table has none, such as in code that switches stacks.
     */
    public OptionalInt frameSize(long pc) {
        int i = index(pc);
        int size = i < 0 ? PcValues.NONE : PcValues.at(header, record(i).pcsp(), pc - entry(i));
        return size < 0 ? OptionalInt.empty() : OptionalInt.of(size);
    }

    /**
     * The logical frames at {@code pc}, innermost first: calls that were inlined, where {@link #withInlining} made them known, then the
     * function itself. Empty outside the table. For a return address, ask for the address before it.
     */
    public List<GoFrame> frames(long pc) {
        int i = index(pc);
        if (i < 0) {
            return List.of();
        }
        FuncRecord record = record(i);
        List<GoFrame> frames = new ArrayList<>(2);
        long distance = pc - entry(i);
        if (inlining.isPresent()) {
            for (InlineTrees.Call call : inlining.get().calls(record, distance)) {
                frames.add(frame(names.get(call.nameOffset()), record, distance, true));
                distance = call.parentPc();
            }
        }
        frames.add(frame(names.get(record.nameOffset()), record, distance, false));
        return frames;
    }

    private GoFrame frame(String name, FuncRecord record, long distance, boolean inlined) {
        int line = PcValues.at(header, record.pcln(), distance);
        return new GoFrame(name, file(record, distance).orElse(""), Math.max(line, 0), inlined);
    }
}
