package dev.sonde.btf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * The types of one BTF blob: a kernel's, a module's (split BTF, whose ids go on where its base's end), or a program's.
 *
 * <p>Opening makes one pass over the type section and no object per type. A lookup by name is one more pass that compares bytes; what was
 * found is remembered, and so is what was not. Where several types share a kind and a name, the first is found. Split BTF is asked before
 * its base. Ids run from 0, which is {@code void}, to {@link #typeCount()} - 1. Input that does not follow the format raises
 * {@link MalformedException}: at once where types cannot be told apart, and otherwise when the type is looked at. Threads may share one.
 *
 * <p>Grammar ({@code struct btf_header}; offsets count from the header's end):
 * <pre>
 * Btf --&gt; magic:u16=0xeb9f version:u8=1 flags:u8 hdr_len:u32 type_off:u32 type_len:u32 str_off:u32 str_len:u32
 *         (layout_off:u32 layout_len:u32)?    from Linux 7.2
 * </pre>
 */
public final class Btf implements TypeGraph {
    private static final String SECTION = "BTF";
    private static final int MAGIC = 0xeb9f;
    private static final int MAGIC_SWAPPED = 0x9feb;
    private static final int HEADER = 24;
    private static final int HEADER_WITH_LAYOUT = 32;
    /** Sixteen times what a kernel accepts ({@code BTF_MAX_SIZE}). */
    private static final int LARGEST = 256 << 20;

    private final Btf base;
    private final StringSection strings;
    private final TypeSection types;
    private final Layout layout = new Layout(this);
    private final Map<Integer, BtfType> decoded = new ConcurrentHashMap<>();
    private final List<Map<String, Integer>> foundByKind = new ArrayList<>(BtfKind.COUNT);
    private final Map<String, Optional<Enumerator>> enumerators = new ConcurrentHashMap<>();

    private Btf(Btf base, StringSection strings, TypeSection types) {
        this.base = base;
        this.strings = strings;
        this.types = types;
        for (int kind = 0; kind < BtfKind.COUNT; kind++) {
            foundByKind.add(new ConcurrentHashMap<>());
        }
    }

    /** Reads BTF that stands alone. The bytes are copied; {@code blob} may be closed afterwards. */
    public static Btf read(MemorySegment blob) {
        return open(null, blob);
    }

    /** Reads split BTF, as {@code /sys/kernel/btf/<module>} (Linux 5.11) has it, whose base is {@code base}. */
    public static Btf readSplit(Btf base, MemorySegment blob) {
        return open(base, blob);
    }

    private static Btf open(Btf base, MemorySegment blob) {
        if (blob.byteSize() > LARGEST) {
            throw new MalformedException(SECTION, LARGEST, "a blob of at most " + LARGEST + " bytes, not " + blob.byteSize());
        }
        Cursor header = header(blob);
        boolean bigEndian = isBigEndian(blob);
        long headerSize = header.u32();
        Part types = Part.read(header, headerSize, "BTF types");
        Part strings = Part.read(header, headerSize, "BTF strings");
        Cursor layout = headerSize >= HEADER_WITH_LAYOUT ? Part.read(header, headerSize, "BTF layout").of(header) : header.slice(0, 0, "BTF layout");
        byte[] bytes = new byte[(int) blob.byteSize()];
        MemorySegment.copy(blob, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        if (bigEndian) {
            swapWords(bytes, types.from, types.to);
        }
        return new Btf(base, new StringSection(base == null ? null : base.strings, bytes, strings.from, strings.to),
            new TypeSection(bytes, types.from, types.to, base == null ? 1 : base.typeCount(), layout));
    }

    /** Where a section lies in the blob, in bytes. */
    private record Part(String name, int from, int to) {
        static Part read(Cursor header, long headerSize, String name) {
            long offset = headerSize + header.u32();
            int size = header.count();
            header.slice(offset, size, name);
            return new Part(name, (int) offset, (int) offset + size);
        }

        Cursor of(Cursor header) {
            return header.slice(from, to - from, name);
        }
    }

    /** Turns the words of the other byte order around, so that all the rest reads one order only. */
    private static void swapWords(byte[] bytes, int from, int to) {
        for (int at = from; at + 4 <= to; at += 4) {
            byte first = bytes[at];
            byte second = bytes[at + 1];
            bytes[at] = bytes[at + 3];
            bytes[at + 1] = bytes[at + 2];
            bytes[at + 2] = second;
            bytes[at + 3] = first;
        }
    }

    private static boolean isBigEndian(MemorySegment blob) {
        return Cursor.of(blob, SECTION).u16() == MAGIC_SWAPPED;
    }

    /** A cursor at {@code hdr_len}. */
    private static Cursor header(MemorySegment blob) {
        Cursor header = Cursor.of(blob, SECTION);
        int magic = header.u16();
        if (magic != MAGIC && magic != MAGIC_SWAPPED) {
            throw new MalformedException(SECTION, 0, "the magic 0xeb9f, not 0x" + Integer.toHexString(magic));
        }
        int version = header.u8();
        if (version != 1) {
            throw new MalformedException(SECTION, 2, "version 1, not " + version);
        }
        Cursor ordered = magic == MAGIC ? header : header.order(ByteOrder.BIG_ENDIAN);
        long size = ordered.seek(4).u32();
        if (size < HEADER) {
            throw new MalformedException(SECTION, 4, "a header of at least " + HEADER + " bytes, not " + size);
        }
        return ordered.seek(4);
    }

    /** How many ids there are: those of the base, if any, and void included. */
    public int typeCount() {
        return types.endId();
    }

    /** The first id of this blob: 1, or for split BTF its base's {@link #typeCount()}. */
    public int firstId() {
        return types.firstId();
    }

    /** The type with {@code id}; an id out of range is malformed, since ids come from the blob. */
    @Override
    public BtfType type(int id) {
        BtfType known = decoded.get(id);
        if (known == null) {
            known = decode(id);
            decoded.put(id, known);
        }
        return known;
    }

    private BtfType decode(int id) {
        if (id == 0) {
            return new BtfType.Void();
        }
        Btf owner = owner(id);
        return owner == this ? new TypeDecoder(types, strings, id).decode() : owner.type(id);
    }

    /** The kind of type {@code id}. */
    public BtfKind kind(int id) {
        if (id == 0) {
            return BtfKind.UNKN;
        }
        TypeSection section = owner(id).types;
        int start = section.start(id);
        int number = section.kind(start);
        if (number >= BtfKind.COUNT) {
            throw section.malformed(start, "a kind up to " + (BtfKind.COUNT - 1) + ", not " + number);
        }
        return BtfKind.of(number);
    }

    /** The name of type {@code id}, empty where it has none; makes no record. */
    public String nameOf(int id) {
        if (id == 0) {
            return "";
        }
        Btf owner = owner(id);
        return owner.strings.get(owner.types.nameOffset(owner.types.start(id)));
    }

    private Btf owner(int id) {
        if (id <= 0 || id >= types.endId()) {
            throw new MalformedException("BTF types", types.endId(), "a type id below " + types.endId() + ", not " + Integer.toUnsignedString(id));
        }
        Btf owner = this;
        while (id < owner.types.firstId()) {
            owner = owner.base;
        }
        return owner;
    }

    /** Id of the first type of {@code kind} called {@code name}. */
    public OptionalInt find(BtfKind kind, String name) {
        int id = idOf(kind, name);
        return id == 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** As {@link #find}, 0 when there is none. */
    int idOf(BtfKind kind, String name) {
        Map<String, Integer> found = foundByKind.get(kind.ordinal());
        Integer known = found.get(name);
        if (known == null) {
            known = types.find(kind.ordinal(), name.getBytes(StandardCharsets.UTF_8), strings);
            found.put(name, known);
        }
        return known == 0 && base != null ? base.idOf(kind, name) : known;
    }

    private <T extends BtfType> Optional<T> find(BtfKind kind, String name, Class<T> as) {
        int id = idOf(kind, name);
        return id == 0 ? Optional.empty() : Optional.of(as.cast(type(id)));
    }

    /** The struct called {@code name}, without the word {@code struct}. */
    @Override
    public Optional<BtfType.Struct> struct(String name) {
        return find(BtfKind.STRUCT, name, BtfType.Struct.class);
    }

    /** The union called {@code name}. */
    @Override
    public Optional<BtfType.Union> union(String name) {
        return find(BtfKind.UNION, name, BtfType.Union.class);
    }

    /** The enum called {@code name}, of either width. */
    @Override
    public Optional<BtfType.Enumeration> enumeration(String name) {
        Optional<BtfType.Enumeration> narrow = find(BtfKind.ENUM, name, BtfType.Enumeration.class);
        return narrow.isPresent() ? narrow : find(BtfKind.ENUM64, name, BtfType.Enumeration.class);
    }

    /** The typedef called {@code name}. */
    @Override
    public Optional<BtfType.Typedef> typedef(String name) {
        return find(BtfKind.TYPEDEF, name, BtfType.Typedef.class);
    }

    /** The function called {@code name}. */
    public Optional<BtfType.Func> function(String name) {
        return find(BtfKind.FUNC, name, BtfType.Func.class);
    }

    /** The variable called {@code name}; a kernel has its per-CPU variables, and all global ones where it was built so. */
    public Optional<BtfType.Var> variable(String name) {
        return find(BtfKind.VAR, name, BtfType.Var.class);
    }

    /** The integer called {@code name}, as the compiler spells it: {@code long unsigned int}. */
    @Override
    public Optional<BtfType.Int> integer(String name) {
        return find(BtfKind.INT, name, BtfType.Int.class);
    }

    /** The constant called {@code name} of any enum. */
    @Override
    public Optional<Enumerator> enumerator(String name) {
        Optional<Enumerator> known = enumerators.get(name);
        if (known == null) {
            known = Optional.ofNullable(findEnumerator(name.getBytes(StandardCharsets.UTF_8)));
            enumerators.put(name, known);
        }
        return known.isEmpty() && base != null ? base.enumerator(name) : known;
    }

    private Enumerator findEnumerator(byte[] name) {
        Enumerator narrow = findEnumerator(BtfKind.ENUM, name);
        return narrow != null ? narrow : findEnumerator(BtfKind.ENUM64, name);
    }

    private Enumerator findEnumerator(BtfKind kind, byte[] name) {
        Enumerator found = null;
        for (int id = first(kind); id < types.endId() && found == null; id = next(kind, id)) {
            found = new TypeDecoder(types, strings, id).enumerator(name);
        }
        return found;
    }

    /** Gives {@code action} the ids of this blob's types of {@code kind}, its base's excluded, in their order. */
    public void forEach(BtfKind kind, IntConsumer action) {
        for (int id = first(kind); id < types.endId(); id = next(kind, id)) {
            action.accept(id);
        }
    }

    /** As {@link #forEach(BtfKind, IntConsumer)} for names that match {@code glob}, where {@code *} stands for any bytes. */
    public void forEach(BtfKind kind, String glob, IntConsumer action) {
        byte[] pattern = glob.getBytes(StandardCharsets.UTF_8);
        for (int id = first(kind); id < types.endId(); id = next(kind, id)) {
            if (strings.matches(types.nameOffset(types.start(id)), pattern)) {
                action.accept(id);
            }
        }
    }

    private int first(BtfKind kind) {
        return types.next(kind.ordinal(), types.firstId());
    }

    private int next(BtfKind kind, int id) {
        return types.next(kind.ordinal(), id + 1);
    }

    /** What {@code id} is without typedefs, {@code const}, {@code volatile}, {@code restrict} and type tags; 0 is void. */
    @Override
    public int resolve(int id) {
        return layout.resolve(id);
    }

    /** Size in bytes of a value of type {@code id}; empty for void, functions and what is only declared. Pointers have 8 bytes. */
    public OptionalLong sizeOf(int id) {
        return layout.sizeOf(id);
    }

    /**
     * The member {@code name} of the struct or union {@code id} (or a typedef of one), also when it is a member of an anonymous member; its
     * offset counts from the start of {@code id}. Empty too when {@code id} is no struct or union.
     */
    public Optional<Member> memberOf(int id, String name) {
        return layout.memberOf(id, name);
    }

    /** Id of the typedef {@code btf_trace_<event>}: what a {@code tp_btf} program attaches to (Linux 5.5). */
    public OptionalInt rawTracepoint(String event) {
        return find(BtfKind.TYPEDEF, RawTracepoints.TYPEDEF.concat(event));
    }

    /**
     * The arguments of raw tracepoint {@code event}, without the leading {@code void *}. They have names where the kernel's own functions of
     * the tracepoint tell them (Linux 5.10, and earlier for most).
     */
    public Optional<BtfType.FuncProto> rawTracepointPrototype(String event) {
        return RawTracepoints.prototype(this, event);
    }
}
