package dev.sonde.compile;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.BtfWriter;
import dev.sonde.btf.Linkage;
import dev.sonde.btf.Member;
import dev.sonde.btf.Parameter;
import dev.sonde.target.RecordedBinary;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointFormat.Dynamic;
import dev.sonde.target.TracepointFormat.Field;
import dev.sonde.target.TracepointName;
import dev.sonde.testing.Scene;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A recorded machine that has what the builtins ask for, and a scene on it: thread 1235 of process 1234, child of 77. */
final class BuiltinsMachine {
    static final long TASK = 0xffff_8880_0000_1000L;
    static final long PARENT = 0xffff_8880_0000_2000L;
    static final long LEADER = 0xffff_8880_0000_3000L;
    static final long USER = 0x7000_0000_0000L;
    private static final int COMM = 16;

    private BuiltinsMachine() {}

    static RecordedTarget.Builder target() {
        return RecordedTarget.builder().btf(types())
                .tracepoint(format("raw_syscalls", "sys_enter", new Field("long", "id", 0, 8, 8, true, Dynamic.NONE)))
                .tracepoint(format("syscalls", "sys_enter_execve", new Field("const char *const *", "argv", 0, 16, 8, false, Dynamic.NONE)))
                .tracepoint(format("net", "net_dev_queue", new Field("void *", "skbaddr", 0, 8, 8, false, Dynamic.NONE)))
                .kernelFunction("vmlinux", "vfs_read", 0x1000).kernelFunction("vmlinux", "filp_close", 0x2000)
                .kernelFunction("vmlinux", "tcp_sendmsg", 0x3000).kernelFunction("vmlinux", "__x64_sys_getuid", 0x4000)
                .kernelAddress("process_counts", 0x500).kernelAddress("__per_cpu_offset", 0xffff_ffff_8000_0000L)
                .cgroup("/sys/fs/cgroup/a", 99)
                .binary(binary("/bin/true", "main")).binary(binary("/lib/libc.so.6", "getenv", "getpid")).executables("libc", "/lib/libc.so.6");
    }

    private static RecordedBinary binary(String path, String... functions) {
        byte[] code = new byte[16 * functions.length];
        for (int i = 0; i < functions.length; i++) {
            code[16 * i] = 0x55;
        }
        RecordedBinary binary = RecordedBinary.of(path, 0, code);
        for (int i = 0; i < functions.length; i++) {
            binary.with(functions[i], 16L * i, 16);
        }
        return binary;
    }

    private static TracepointFormat format(String category, String event, Field field) {
        return new TracepointFormat(new TracepointName(category, event), 7, List.of(field));
    }

    private static byte[] types() {
        BtfWriter btf = new BtfWriter();
        int integer = btf.integer("int", 4, true);
        int unsigned = btf.integer("unsigned int", 4, false);
        int character = btf.integer("char", 1, true);
        int size = btf.integer("long unsigned int", 8, false);
        int name = btf.array(character, integer, 16);
        int pointer = btf.pointer(0);
        // A struct may be named before it is complete: the pointer's target is the struct's own number.
        int self = pointer + 2;
        int taskPointer = btf.pointer(self);
        btf.struct("task_struct", 64, Member.at("pid", integer, 0), Member.at("tgid", integer, 4), Member.at("comm", name, COMM),
                Member.at("real_parent", taskPointer, 32), Member.at("group_leader", taskPointer, 40));
        int path = btf.struct("path", 16, Member.at("mnt", pointer, 0), Member.at("dentry", pointer, 8));
        int file = btf.pointer(btf.struct("file", 32, Member.at("f_flags", unsigned, 0), Member.at("f_path", path, 8)));
        int sock = btf.pointer(btf.struct("sock", 8, Member.at("family", integer, 0)));
        btf.struct("sk_buff", 32, Member.at("data", pointer, 0), Member.at("len", unsigned, 8), Member.at("data_len", unsigned, 12));
        btf.function("filp_close", btf.prototype(integer, new Parameter("filp", file)), Linkage.STATIC);
        btf.function("tcp_sendmsg", btf.prototype(integer, new Parameter("sk", sock), new Parameter("size", size)), Linkage.STATIC);
        int fromPid = btf.function("bpf_task_from_pid", btf.prototype(taskPointer, new Parameter("pid", integer)), Linkage.STATIC);
        btf.add(new BtfType.DeclTag(0, "bpf_kfunc", fromPid, -1));
        btf.function("bpf_task_release", btf.prototype(0, new Parameter("p", taskPointer)), Linkage.STATIC);
        btf.function("vfs_read", btf.prototype(integer), Linkage.STATIC);
        btf.variable("process_counts", size, Linkage.GLOBAL);
        return btf.toBytes();
    }

    static Scene scene() {
        return new Scene().pid(1234, 1235).uid(5, 6).comm("worker").cpu(1, 2).numaNode(3).clocks(100, 200, 300).clockStep(0).jiffies(77).task(TASK)
                .cgroup(42).kernel(TASK, task(1235, 1234, "worker", PARENT, LEADER)).kernel(PARENT, task(77, 70, "parent", 0, 0))
                .kernel(LEADER, task(1234, 1234, "leader", PARENT, LEADER)).user(USER, "abcdefghij")
                .kernel(0xffff_ffff_8000_0000L, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0x10000).putLong(0x20000).array());
    }

    private static byte[] task(int pid, int tgid, String comm, long parent, long leader) {
        ByteBuffer task = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        task.putInt(pid).putInt(tgid).position(COMM).put(comm.getBytes(StandardCharsets.US_ASCII)).position(32).putLong(parent).putLong(leader);
        return task.array();
    }
}
