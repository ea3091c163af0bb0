package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.types.Field;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which file the current process has mapped at an address, with bpf_find_vma (5.17), by the kernel's own structures.
 *
 * @param pageSize bytes, a power of two
 * @param mapping offsets in struct vm_area_struct: vm_start, vm_pgoff, vm_file
 * @param inode offset of struct file's f_inode
 * @param identity offsets in struct inode: i_ino, i_sb; and of struct super_block's s_dev
 * @param stacked for file systems that lie over others, such as overlayfs (6.8): offset of struct file's f_mode, of struct backing_file's user_path
 *     and its dentry in that, of struct dentry's d_inode; empty where the kernel has no such files
 */
record MappedFile(int pageSize, int[] mapping, int inode, int[] identity, int[] stacked) {
    static final String NAME = "mapped_file";
    /** What the callback fills: inode number, device, and the file's offset minus the address, 8 bytes each. */
    private static final int BYTES = 24;
    /** Bit FMODE_BACKING of f_mode: the mapped file lies under the one that the process opened. */
    private static final int FMODE_BACKING = 1 << 25;

    /** As the kernel's types have it; empty where they do not tell. */
    static Optional<MappedFile> of(KernelTypes types, int pageSize) {
        int[] mapping = {offset(types, "vm_area_struct", "vm_start"), offset(types, "vm_area_struct", "vm_pgoff"),
            offset(types, "vm_area_struct", "vm_file")};
        int inode = offset(types, "file", "f_inode");
        int[] identity = {offset(types, "inode", "i_ino"), offset(types, "inode", "i_sb"), offset(types, "super_block", "s_dev")};
        int[] stacked = {offset(types, "file", "f_mode"), offset(types, "backing_file", "user_path"), offset(types, "path", "dentry"),
            offset(types, "dentry", "d_inode")};
        return known(mapping) && known(identity) && inode >= 0
                ? Optional.of(new MappedFile(pageSize, mapping, inode, identity, known(stacked) ? stacked : new int[0]))
                : Optional.empty();
    }

    private static boolean known(int[] offsets) {
        for (int offset : offsets) {
            if (offset < 0) {
                return false;
            }
        }
        return true;
    }

    private static int offset(KernelTypes types, String struct, String name) {
        Optional<Field> field = types.struct("struct", struct).flatMap(t -> t instanceof Type.Struct s ? s.fields().find(name) : Optional.empty());
        return field.map(Field::offset).orElse(-1);
    }

    /** Makes the function that bpf_find_vma calls with the task, the mapping and the address of what it fills. */
    void callback(IrBuilder ir) {
        Operand.Register vma = ir.parameter(1);
        Operand.Register filled = ir.parameter(2);
        Address read = new Address.InFrame(ir.slot(8, 8), 0);
        Operand.Register from = ir.load(new Address.AtRegister(vma, mapping[0]), 8, false);
        Operand.Register pages = ir.load(new Address.AtRegister(vma, mapping[1]), 8, false);
        Operand.Register file = ir.load(new Address.AtRegister(vma, mapping[2]), 8, false);
        Operand.Register node = ir.register();
        Operation.Label plain = ir.label();
        Operation.Label found = ir.label();
        if (stacked.length > 0) {
            Operand.Register mode = ir.load(new Address.AtRegister(file, stacked[0]), 4, false);
            ir.branch(Condition.EQ, ir.alu(AluOperation.AND, mode, FMODE_BACKING), 0, plain);
            ir.copy(node, next(ir, next(ir, file, stacked[1] + stacked[2], read), stacked[3], read));
            ir.jump(found);
            ir.place(plain);
        }
        ir.copy(node, next(ir, file, inode, read));
        ir.place(found);
        ir.store(new Address.AtRegister(filled, 0), 8, next(ir, node, identity[0], read));
        Operand.Register device = next(ir, next(ir, node, identity[1], read), identity[2], read);
        ir.store(new Address.AtRegister(filled, 8), 8, ir.extend(device, 32, false));
        Operand.Register offset = ir.alu(AluOperation.LSH, pages, Integer.numberOfTrailingZeros(pageSize));
        ir.store(new Address.AtRegister(filled, 16), 8, ir.alu(AluOperation.SUB, offset, from));
        ir.ret(0);
    }

    /** The word {@code offset} bytes behind {@code pointer}, 0 when there is nothing. */
    private static Operand.Register next(IrBuilder ir, Operand.Register pointer, int offset, Address read) {
        ir.callFor(BpfHelper.PROBE_READ_KERNEL, ir.addressOf(read), Operand.of(8), ir.alu(AluOperation.ADD, pointer, offset));
        return ir.load(read, 8, false);
    }

    /** The entry of the file that is mapped at {@code address}, which becomes an offset in it; goes to {@code unknown} when there is none. */
    Operand.Register look(IrBuilder ir, Operand.Register address, int files, Operation.Label unknown) {
        Address filled = new Address.InFrame(ir.slot(BYTES, 8), 0);
        for (int i = 0; i < BYTES; i += 8) {
            ir.store(filled.plus(i), 8, Operand.of(0));
        }
        Operand.Register function = ir.register();
        ir.add(new Operation.FunctionAddress(function, NAME));
        Operand.Register failed = ir.register();
        ir.add(new Operation.CallHelper(Optional.of(failed), BpfHelper.FIND_VMA.number(),
                List.of(ir.call(BpfHelper.GET_CURRENT_TASK_BTF), address, function, ir.addressOf(filled), Operand.of(0))));
        ir.branch(Condition.NE, failed, 0, unknown);
        Operand.Register entry = ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(files), ir.addressOf(filled));
        ir.branch(Condition.EQ, entry, 0, unknown);
        ir.copy(address, ir.alu(AluOperation.ADD, address, ir.load(filled.plus(16), 8, false)));
        return entry;
    }
}
