package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.NamePattern;
import dev.sonde.sys.BpfBtf;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The BPF programs that are loaded, as far as they came with BTF. */
final class BpfPrograms {
    private final Kernel kernel;

    BpfPrograms(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Their functions that match {@code pattern}; of one program unless {@code program} is 0. */
    List<Target.BpfFunction> functions(int program, String pattern) {
        List<Target.BpfFunction> found = new ArrayList<>();
        NamePattern names = NamePattern.of(pattern);
        if (program != 0) {
            add(program, names, found);
            return found;
        }
        for (int id = BpfProgram.nextId(kernel, 0); id != 0; id = BpfProgram.nextId(kernel, id)) {
            add(id, names, found);
        }
        return found;
    }

    /** A program may be gone before it was looked at. */
    private void add(int id, NamePattern names, List<Target.BpfFunction> to) {
        Optional<BpfProgram> loaded = BpfProgram.ofId(kernel, id);
        if (loaded.isEmpty()) {
            return;
        }
        try (BpfProgram program = loaded.get()) {
            BpfProgram.Functions functions = program.functions();
            Optional<Btf> types = functions.btf() == 0 ? Optional.empty() : BpfBtf.bytes(kernel, functions.btf()).map(Btf::read);
            for (int type : types.isEmpty() ? new int[0] : functions.types()) {
                String name = types.get().nameOf(type);
                if (names.matches(name)) {
                    to.add(new Target.BpfFunction(id, name, type, types.get()));
                }
            }
        } catch (KernelException | MalformedException e) {
            assert e.getMessage() != null;
        }
    }
}
