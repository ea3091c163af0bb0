package dev.sonde.probes;

import dev.sonde.btf.BtfWriter;
import dev.sonde.btf.Enumerator;
import dev.sonde.btf.Linkage;
import dev.sonde.btf.Member;
import dev.sonde.btf.Parameter;
import dev.sonde.target.Binary;
import dev.sonde.target.RecordedBinary;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointFormat.Dynamic;
import dev.sonde.target.TracepointFormat.Field;
import dev.sonde.target.TracepointName;
import java.util.ArrayList;
import java.util.List;

/** A small recorded machine. */
final class Machine {
    static final String BINARY = "/bin/app";
    private static final byte[] ENDBR_PUSH = {(byte) 0xf3, 0x0f, 0x1e, (byte) 0xfa, 0x55, 0x48, (byte) 0x89, (byte) 0xe5, (byte) 0xc3};
    private static final byte[] PUSH = {0x55, 0x48, (byte) 0x89, (byte) 0xe5, (byte) 0xc3};

    private Machine() {
    }

    /** With tracepoints, types, kernel functions and a program. */
    static RecordedTarget.Builder builder() {
        RecordedTarget.Builder machine = RecordedTarget.builder();
        machine.tracepoint(format("sched", "sched_switch", 7, field("char", "prev_comm", 16, 8, 16, false), field("pid_t", "prev_pid", 0, 24, 4,
                true)));
        machine.tracepoint(format("sched", "sched_wakeup", 8, field("char", "comm", 16, 8, 16, false), field("pid_t", "pid", 0, 24, 4, true)));
        machine.tracepoint(format("sched", "sched_waking", 9, field("char", "comm", 16, 8, 16, false), field("pid_t", "pid", 0, 24, 4, true)));
        machine.tracepoint(format("skb", "kfree_skb", 10, field("void *", "skbaddr", 0, 8, 8, false),
                field("enum skb_drop_reason", "reason", 0, 36, 4, false)));
        machine.tracepoint(format("tcp", "tcp_probe", 11, field("__u16", "sport", 0, 8, 2, false)));
        machine.tracepoint(format("syscalls", "sys_enter_read", 12, field("unsigned int", "fd", 0, 16, 8, false)));
        for (String event : List.of("sched_switch", "sched_wakeup", "sched_waking", "kfree_skb", "tcp_probe", "sys_enter", "sys_exit")) {
            machine.rawTracepoint(event);
        }
        machine.kernelFunction("vmlinux", "vfs_read", 0x1000).kernelFunction("vmlinux", "vfs_write", 0x2000);
        machine.kernelFunction("vmlinux", "ip_output.isra.0", 0x3000).kernelFunction("nf_tables", "nft_do_chain", 0x4000);
        return machine.btf(types()).binary(app());
    }

    /** A program: {@code main} begins with endbr64, {@code work} does not, {@code small} is a Go-like name. */
    static RecordedBinary app() {
        byte[] code = new byte[0x400];
        System.arraycopy(ENDBR_PUSH, 0, code, 0x100, ENDBR_PUSH.length);
        System.arraycopy(PUSH, 0, code, 0x200, PUSH.length);
        System.arraycopy(PUSH, 0, code, 0x220, PUSH.length);
        return RecordedBinary.of(BINARY, 0x400000, code).with("main", 0x400100, 9).with("work", 0x400200, 5).with("_ZN1A1fEi", "A::f", 0x400220, 5)
                .with(new Binary.Usdt("prov", "one", 0x400204, 0x204, 0x300, "8@%rdi -4@%esi")).with(
                        new Binary.Usdt("prov", "one", 0x400224, 0x224, 0x300, "8@%rax -4@$7"));
    }

    static TracepointFormat format(String category, String event, long id, Field... own) {
        List<Field> fields = new ArrayList<>(List.of(field("unsigned short", "common_type", 0, 0, 2, false), field("int", "common_pid", 0, 4, 4,
                true)));
        fields.addAll(List.of(own));
        return new TracepointFormat(new TracepointName(category, event), id, fields);
    }

    static Field field(String type, String name, int count, int offset, int size, boolean signed) {
        Dynamic dynamic = type.startsWith("__data_loc") ? Dynamic.DATA_LOC : type.startsWith("__rel_loc") ? Dynamic.REL_LOC : Dynamic.NONE;
        return new Field(type, name, count, offset, size, signed, dynamic);
    }

    /** {@code task_struct}, {@code skb_drop_reason}, {@code u64_alias}, raw tracepoints, two functions, one iterator. */
    static byte[] types() {
        BtfWriter btf = new BtfWriter();
        int integer = btf.integer("int", 4, true);
        int size = btf.integer("long unsigned int", 8, false);
        int pointer = btf.pointer(0);
        int task = btf.struct("task_struct", 4, Member.at("pid", integer, 0));
        int taskPointer = btf.pointer(task);
        btf.enumeration("skb_drop_reason", false, Enumerator.of("SKB_NOT_DROPPED_YET", 0), Enumerator.of("SKB_CONSUMED", 1));
        btf.typedef("u64_alias", size);
        int traced = btf.prototype(0, new Parameter("", pointer), new Parameter("prev", taskPointer), new Parameter("prev_state", integer));
        btf.typedef("btf_trace_sched_switch", btf.pointer(traced));
        btf.function("__traceiter_sched_switch", traced, Linkage.STATIC);
        int entered = btf.prototype(0, new Parameter("", pointer), new Parameter("regs", pointer), new Parameter("id", size));
        btf.typedef("btf_trace_sys_enter", btf.pointer(entered));
        btf.typedef("btf_trace_sys_exit", btf.pointer(entered));
        btf.function("vfs_read", btf.prototype(integer, new Parameter("task", taskPointer), new Parameter("count", size)), Linkage.STATIC);
        btf.struct("bpf_iter__task", 16, Member.at("meta", pointer, 0), Member.at("task", taskPointer, 8));
        btf.function("bpf_iter_task", btf.prototype(integer, new Parameter("meta", pointer)), Linkage.GLOBAL);
        btf.function("bpf_session_is_return", btf.prototype(btf.integer("bool", 1, false)), Linkage.STATIC);
        return btf.toBytes();
    }
}
