package dev.sonde.sys;

import java.lang.foreign.MemorySegment;

/**
 * A command of bpf(2): one record per command, or per variant of one. Components are the fields of {@code union bpf_attr} in linux/bpf.h; the
 * offsets are bytes from its start. Every command passes the whole union, zeroed, which all kernels take as long as the fields they do not know
 * are zero.
 */
public sealed interface Bpf extends Syscall permits BpfLink.Create,
        Bpf.MapCreate, Bpf.MapLookupElem, Bpf.MapUpdateElem, Bpf.MapDeleteElem, Bpf.MapGetNextKey, Bpf.MapLookupAndDeleteElem, Bpf.MapFreeze,
        Bpf.MapLookupBatch, Bpf.ProgLoad, Bpf.ProgTestRun, Bpf.ObjPin, Bpf.ObjGetInfoByFd, Bpf.GetNextId, Bpf.GetFdById, Bpf.BtfLoad,
        Bpf.IterCreate, Bpf.EnableStats {
    /** Commands with their numbers (enum bpf_cmd). */
    enum Command {
        BPF_MAP_CREATE(0),
        BPF_MAP_LOOKUP_ELEM(1),
        BPF_MAP_UPDATE_ELEM(2),
        BPF_MAP_DELETE_ELEM(3),
        BPF_MAP_GET_NEXT_KEY(4),
        BPF_PROG_LOAD(5),
        BPF_OBJ_PIN(6),
        BPF_PROG_TEST_RUN(10),
        BPF_PROG_GET_NEXT_ID(11),
        BPF_MAP_GET_NEXT_ID(12),
        BPF_PROG_GET_FD_BY_ID(13),
        BPF_MAP_GET_FD_BY_ID(14),
        BPF_OBJ_GET_INFO_BY_FD(15),
        /** Since 4.17. */
        BPF_RAW_TRACEPOINT_OPEN(17),
        /** Since 4.18. */
        BPF_BTF_LOAD(18),
        BPF_BTF_GET_FD_BY_ID(19),
        /** Since 4.20; for hash maps 5.14. */
        BPF_MAP_LOOKUP_AND_DELETE_ELEM(21),
        /** Since 5.2. */
        BPF_MAP_FREEZE(22),
        BPF_BTF_GET_NEXT_ID(23),
        /** Since 5.6. */
        BPF_MAP_LOOKUP_BATCH(24),
        /** Since 5.6. */
        BPF_MAP_LOOKUP_AND_DELETE_BATCH(25),
        /** Since 5.7. */
        BPF_LINK_CREATE(28),
        /** Since 5.8. */
        BPF_ENABLE_STATS(32),
        /** Since 5.8. */
        BPF_ITER_CREATE(33);

        private final int value;

        Command(int value) {
            this.value = value;
        }
    }

    /** Size passed for union bpf_attr: room for every field up to fd_array_cnt (6.14). The kernel's own may be larger or smaller. */
    int ATTR_SIZE = 152;

    /** The command. */
    Command command();

    /** Puts the fields of union bpf_attr. */
    void attributes(Arguments to);

    @Override
    default SyscallNumber number() {
        return SyscallNumber.BPF;
    }

    @Override
    default String title() {
        return "bpf(" + command() + ")";
    }

    @Override
    default void write(Arguments to) {
        Command command = command();
        to.constant(command.name(), command.value);
        to.structure("attr", ATTR_SIZE);
        attributes(to);
        to.value("size", ATTR_SIZE);
    }

    /** BPF_MAP_CREATE; returns a descriptor. {@code type} is a BPF_MAP_TYPE_*, {@code flags} are BPF_F_*; for a map of maps {@code innerMapFd}
     * is a template. Sizes are bytes; {@code maxEntries} of a ring buffer is its size in bytes. */
    record MapCreate(int type, String name, int keySize, int valueSize, int maxEntries, int flags, int innerMapFd, int btfFd, int btfKeyTypeId,
            int btfValueTypeId, long mapExtra) implements Bpf {
        /** A map without BTF. */
        public MapCreate(int type, String name, int keySize, int valueSize, int maxEntries, int flags) {
            this(type, name, keySize, valueSize, maxEntries, flags, 0, 0, 0, 0, 0);
        }

        /** The same with a template for the maps it will hold. */
        public MapCreate withInner(int fd) {
            return new MapCreate(type, name, keySize, valueSize, maxEntries, flags, fd, btfFd, btfKeyTypeId, btfValueTypeId, mapExtra);
        }

        /** The same with the types of key and value in a loaded BTF. */
        public MapCreate withBtf(int fd, int keyTypeId, int valueTypeId) {
            return new MapCreate(type, name, keySize, valueSize, maxEntries, flags, innerMapFd, fd, keyTypeId, valueTypeId, mapExtra);
        }

        /** The same with the type's own extra word, such as the number of hash functions of a bloom filter. */
        public MapCreate withExtra(long extra) {
            return new MapCreate(type, name, keySize, valueSize, maxEntries, flags, innerMapFd, btfFd, btfKeyTypeId, btfValueTypeId, extra);
        }

        @Override
        public Command command() {
            return Command.BPF_MAP_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_type", type);
            to.u32(4, "key_size", keySize);
            to.u32(8, "value_size", valueSize);
            to.u32(12, "max_entries", maxEntries);
            to.u32(16, "map_flags", flags);
            to.u32(20, "inner_map_fd", innerMapFd);
            to.objectName(28, "map_name", name);
            to.u32(48, "btf_fd", btfFd);
            to.u32(52, "btf_key_type_id", btfKeyTypeId);
            to.u32(56, "btf_value_type_id", btfValueTypeId);
            to.u64(64, "map_extra", mapExtra);
        }
    }

    /** BPF_MAP_LOOKUP_ELEM: copies the value of {@code key} to {@code value}; ENOENT when it has none. */
    record MapLookupElem(int mapFd, MemorySegment key, MemorySegment value, long flags) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_MAP_LOOKUP_ELEM;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_fd", mapFd);
            to.pointer(8, "key", key);
            to.pointer(16, "value", value);
            to.u64(24, "flags", flags);
        }
    }

    /** BPF_MAP_UPDATE_ELEM. {@code flags}: BPF_ANY 0, BPF_NOEXIST 1, BPF_EXIST 2. */
    record MapUpdateElem(int mapFd, MemorySegment key, MemorySegment value, long flags) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_MAP_UPDATE_ELEM;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_fd", mapFd);
            to.pointer(8, "key", key);
            to.pointer(16, "value", value);
            to.u64(24, "flags", flags);
        }
    }

    /** BPF_MAP_DELETE_ELEM; ENOENT when the key has no value. */
    record MapDeleteElem(int mapFd, MemorySegment key) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_MAP_DELETE_ELEM;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_fd", mapFd);
            to.pointer(8, "key", key);
        }
    }

    /** BPF_MAP_GET_NEXT_KEY: the key after {@code key}, or the first one for null; ENOENT after the last. */
    record MapGetNextKey(int mapFd, MemorySegment key, MemorySegment nextKey) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_MAP_GET_NEXT_KEY;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_fd", mapFd);
            to.pointer(8, "key", key);
            to.pointer(16, "next_key", nextKey);
        }
    }

    /** BPF_MAP_LOOKUP_AND_DELETE_ELEM. */
    record MapLookupAndDeleteElem(int mapFd, MemorySegment key, MemorySegment value) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_MAP_LOOKUP_AND_DELETE_ELEM;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_fd", mapFd);
            to.pointer(8, "key", key);
            to.pointer(16, "value", value);
        }
    }

    /** BPF_MAP_FREEZE: no more writes from user space. */
    record MapFreeze(int mapFd) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_MAP_FREEZE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "map_fd", mapFd);
        }
    }

    /** BPF_MAP_LOOKUP_BATCH, or BPF_MAP_LOOKUP_AND_DELETE_BATCH when {@code delete}. {@code in} is the resume token of the call before (null at
     * first), {@code out} receives the next. {@code count[0]} is the room in entries and becomes the number copied, also when the call ends with
     * ENOENT, which means that these were the last. */
    record MapLookupBatch(int mapFd, MemorySegment in, MemorySegment out, MemorySegment keys, MemorySegment values, int[] count,
            boolean delete) implements Bpf {
        private static final int COUNT = 32;

        @Override
        public void read(CallBuffer from) {
            count[0] = from.resultInt(COUNT);
        }

        @Override
        public Command command() {
            return delete ? Command.BPF_MAP_LOOKUP_AND_DELETE_BATCH : Command.BPF_MAP_LOOKUP_BATCH;
        }

        @Override
        public void attributes(Arguments to) {
            to.pointer(0, "in_batch", in);
            to.pointer(8, "out_batch", out);
            to.pointer(16, "keys", keys);
            to.pointer(24, "values", values);
            to.u32(COUNT, "count", count[0]);
            to.u32(36, "map_fd", mapFd);
        }
    }

    /** BPF_PROG_LOAD; returns a descriptor. {@code type} is a BPF_PROG_TYPE_*, {@code expectedAttachType} a BPF_* attach type, {@code flags} are
     * BPF_F_* such as BPF_F_SLEEPABLE (16). {@code attachBtfId} names the function or tracepoint in vmlinux, or in the BTF or program behind
     * {@code attachFd} if that is not 0. {@code funcInfo} and {@code lineInfo} are tables of 8 and 16 byte rows that refer to {@code btfFd}. */
    record ProgLoad(int type, String name, byte[] instructions, String license, int flags, int expectedAttachType, int attachBtfId, int attachFd,
            int btfFd, byte[] funcInfo, byte[] lineInfo, int logLevel, MemorySegment log) implements Bpf {
        private static final int INSN_SIZE = 8;
        private static final int FUNC_INFO_SIZE = 8;
        private static final int LINE_INFO_SIZE = 16;

        /** A program without BTF. */
        public ProgLoad(int type, String name, byte[] instructions, String license) {
            this(type, name, instructions, license, 0, 0, 0, 0, 0, null, null, 0, null);
        }

        /** The same with BPF_F_* flags. */
        public ProgLoad withFlags(int progFlags) {
            return new ProgLoad(type, name, instructions, license, progFlags, expectedAttachType, attachBtfId, attachFd,
                    btfFd, funcInfo, lineInfo, logLevel, log);
        }

        /** The same for an attach type, and for a function or tracepoint named by BTF id (0 for none). */
        public ProgLoad withAttach(int attachType, int btfId, int btfObjectFd) {
            return new ProgLoad(type, name, instructions, license, flags, attachType, btfId, btfObjectFd,
                    btfFd, funcInfo, lineInfo, logLevel, log);
        }

        /** The same with its functions and lines described by a loaded BTF. */
        public ProgLoad withBtf(int fd, byte[] functions, byte[] lines) {
            return new ProgLoad(type, name, instructions, license, flags, expectedAttachType, attachBtfId, attachFd,
                    fd, functions, lines, logLevel, log);
        }

        /** The same with a buffer for the verifier's log: level 1 is the path to an error, 2 all paths, 4 statistics. */
        public ProgLoad withLog(int level, MemorySegment buffer) {
            return new ProgLoad(type, name, instructions, license, flags, expectedAttachType, attachBtfId, attachFd,
                    btfFd, funcInfo, lineInfo, level, buffer);
        }

        /** Row size, pointer and row count of func_info or line_info, 0, 4 and 12 bytes from {@code offset}. */
        private static void table(Arguments to, int offset, String name, byte[] rows, int rowSize) {
            if (rows != null && rows.length > 0) {
                to.u32(offset, name + "_info_rec_size", rowSize);
                to.bytes(offset + 4, name + "_info", rows);
                to.u32(offset + 12, name + "_info_cnt", rows.length / rowSize);
            }
        }

        @Override
        public Command command() {
            return Command.BPF_PROG_LOAD;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_type", type);
            to.u32(4, "insn_cnt", instructions.length / INSN_SIZE);
            to.bytes(8, "insns", instructions);
            to.text(16, "license", license);
            to.u32(24, "log_level", logLevel);
            to.u32(28, "log_size", log == null ? 0 : (int) log.byteSize());
            to.pointer(32, "log_buf", log);
            to.u32(44, "prog_flags", flags);
            to.objectName(48, "prog_name", name);
            to.u32(68, "expected_attach_type", expectedAttachType);
            to.u32(72, "prog_btf_fd", btfFd);
            table(to, 76, "func", funcInfo, FUNC_INFO_SIZE);
            table(to, 92, "line", lineInfo, LINE_INFO_SIZE);
            to.u32(108, "attach_btf_id", attachBtfId);
            to.u32(112, "attach_prog_fd", attachFd);
        }
    }

    /** BPF_PROG_TEST_RUN: runs the program once, on {@code cpu} or here when that is -1. {@code context} is its context, null for none.
     * {@code retval[0]} receives what the program returned. Raw tracepoint programs since 5.10. */
    record ProgTestRun(int progFd, MemorySegment context, int cpu, int[] retval) implements Bpf {
        private static final int BPF_F_TEST_RUN_ON_CPU = 1;

        @Override
        public void read(CallBuffer from) {
            retval[0] = from.resultInt(4);
        }

        @Override
        public Command command() {
            return Command.BPF_PROG_TEST_RUN;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_fd", progFd);
            to.u32(40, "ctx_size_in", context == null ? 0 : (int) context.byteSize());
            to.pointer(48, "ctx_in", context);
            to.u32(64, "flags", cpu < 0 ? 0 : BPF_F_TEST_RUN_ON_CPU);
            to.u32(68, "cpu", Math.max(0, cpu));
        }
    }

    /** BPF_OBJ_GET_INFO_BY_FD: fills {@code info} with the bpf_*_info structure of a map, program, BTF or link. */
    record ObjGetInfoByFd(int fd, MemorySegment info) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_OBJ_GET_INFO_BY_FD;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "bpf_fd", fd);
            to.u32(4, "info_len", (int) info.byteSize());
            to.pointer(8, "info", info);
        }
    }

    /** One of the BPF_*_GET_NEXT_ID: {@code next[0]} receives the least id above {@code start}; ENOENT when there is none. */
    record GetNextId(Command command, int start, int[] next) implements Bpf {
        @Override
        public void read(CallBuffer from) {
            next[0] = from.resultInt(4);
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "start_id", start);
        }
    }

    /** One of the BPF_*_GET_FD_BY_ID; returns a descriptor. */
    record GetFdById(Command command, int id) implements Bpf {
        @Override
        public void attributes(Arguments to) {
            to.u32(0, "id", id);
        }
    }

    /** BPF_BTF_LOAD; returns a descriptor. {@code log} receives the reason of a refusal; null for none. */
    record BtfLoad(byte[] btf, MemorySegment log) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_BTF_LOAD;
        }

        @Override
        public void attributes(Arguments to) {
            to.bytes(0, "btf", btf);
            to.pointer(8, "btf_log_buf", log);
            to.u32(16, "btf_size", btf.length);
            to.u32(20, "btf_log_size", log == null ? 0 : (int) log.byteSize());
            to.u32(24, "btf_log_level", log == null ? 0 : 1);
        }
    }

    /** BPF_OBJ_PIN: gives what {@code fd} is a name in a mounted BPF file system, by which it outlives its descriptors. */
    record ObjPin(String path, int fd) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_OBJ_PIN;
        }

        @Override
        public void attributes(Arguments to) {
            to.text(0, "pathname", path);
            to.u32(8, "bpf_fd", fd);
        }
    }

    /** BPF_ITER_CREATE; returns a descriptor to read the output of an iterator link from. */
    record IterCreate(int linkFd) implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_ITER_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "link_fd", linkFd);
        }
    }

    /** BPF_ENABLE_STATS: counts runs and run times of all programs while the returned descriptor is open. */
    record EnableStats() implements Bpf {
        @Override
        public Command command() {
            return Command.BPF_ENABLE_STATS;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "type", 0);
        }
    }
}
