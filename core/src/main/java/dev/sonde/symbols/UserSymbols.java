package dev.sonde.symbols;

import dev.sonde.gosym.GoFrame;
import dev.sonde.linux.Mapping;
import dev.sonde.linux.PerfMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Frames of user stacks: a process's mappings lead to files, and those, or the process's own list of compiled functions, to names. */
final class UserSymbols implements AutoCloseable {
    private static final int MAX_JIT_MAPS = 64;

    private final SymbolFiles files;
    private final Consumer<String> log;
    private final LinkedHashMap<Integer, JitMap> jitMaps = new LinkedHashMap<>(16, 0.75f, true);
    private Vdso vdso;

    UserSymbols(SymbolFiles files, Consumer<String> log) {
        this.files = files;
        this.log = log;
    }

    /** One stack being named: what its frames have in common, and those made so far. */
    private record Stack(TracedProcess process, Naming naming, long now, List<Frame> frames) {
        void add(Frame frame) {
            frames.add(frame);
        }
    }

    /** The frames at {@code addresses}, nearest first; all but the first are return addresses. */
    List<Frame> frames(TracedProcess process, long[] addresses, Naming naming, long now) {
        Stack stack = new Stack(process, naming, now, new ArrayList<>(addresses.length));
        for (int i = 0; i < addresses.length; i++) {
            // The instruction behind a call can belong to the next line, or to the next function when the call does not return.
            add(stack, addresses[i], i == 0 ? 0 : 1);
        }
        files.trim();
        return stack.frames();
    }

    /** @param back how far before the address the code is that is to be named */
    private void add(Stack stack, long address, int back) {
        AddressSpace space = stack.process().spaceOf(address - back);
        Mapping mapping = space == null ? null : space.find(address - back);
        SymbolFile file = mapping == null ? null : file(space, mapping);
        Frame compiled = file == null ? compiled(stack, address, back) : null;
        if (file != null) {
            FileAddress at = new FileAddress(file, mapping.fileOffset(address) - file.base());
            add(stack, at, new Frame.Location(mapping.path(), file.buildId(), at.offset()), address, back);
        } else if (compiled != null) {
            stack.add(compiled);
        } else if (mapping == null && stack.process().search(address - back, stack.now())) {
            add(stack, address, back);
        } else {
            stack.add(withoutFile(mapping, address, back));
        }
    }

    private SymbolFile file(AddressSpace space, Mapping mapping) {
        if (mapping.inode() != 0) {
            return files.of(space, mapping);
        }
        return mapping.path().equals(Vdso.NAME) ? vdso().file(mapping) : null;
    }

    private Vdso vdso() {
        if (vdso == null) {
            vdso = Vdso.read(log);
        }
        return vdso;
    }

    private Frame compiled(Stack stack, long address, int back) {
        Optional<PerfMap.Function> function = jitMap(stack.process()).lookup(address - back, stack.now());
        if (function.isEmpty()) {
            return null;
        }
        Frame.Location location = new Frame.Location(jitMap(stack.process()).path(), "", 0);
        return new Frame.Jit(address, function.get().name(), address - function.get().start(), location);
    }

    private JitMap jitMap(TracedProcess process) {
        JitMap map = jitMaps.get(process.pid());
        if (map == null) {
            map = JitMap.of(process.pid(), process.startTime());
            jitMaps.put(process.pid(), map);
            if (jitMaps.size() > MAX_JIT_MAPS) {
                jitMaps.pollFirstEntry();
            }
        }
        return map;
    }

    private static Frame withoutFile(Mapping mapping, long address, int back) {
        if (mapping == null) {
            return new Frame.Unknown(address, Frame.Location.NONE);
        }
        Frame.Location location = new Frame.Location(mapping.path(), "", mapping.fileOffset(address));
        NamedFunction call = mapping.path().equals(Vdso.VSYSCALL) ? Vdso.vsyscall(address - back - mapping.start()) : null;
        return call == null ? new Frame.Unknown(address, location)
                : new Frame.Native(address, call.name(false), address - mapping.start() - call.start(), location);
    }

    private static void add(Stack stack, FileAddress at, Frame.Location location, long address, int back) {
        NamedFunction function = at.before(back).function();
        // A signal handler returns to the first instruction of a function that nobody called (sigreturn(2)).
        int used = function == null ? 0 : back;
        NamedFunction named = function == null && back > 0 ? at.function() : function;
        if (named == null) {
            stack.add(new Frame.Unknown(address, location));
        } else if (stack.naming().source()) {
            addWithSource(stack, at, used, named, location, address);
        } else {
            stack.add(frame(stack, at, named, location, address, ""));
        }
    }

    private static void addWithSource(Stack stack, FileAddress at, int back, NamedFunction named, Frame.Location location, long address) {
        List<GoFrame> calls = at.file().inlined(at.offset() - back);
        for (GoFrame call : calls) {
            if (call.inlined()) {
                stack.add(new Frame.Inlined(address, call.function(), location, source(call)));
            }
        }
        stack.add(frame(stack, at, named, location, address, calls.isEmpty() ? "" : source(calls.getLast())));
    }

    private static String source(GoFrame call) {
        return call.file().isEmpty() ? "" : call.file() + ":" + call.line();
    }

    private static Frame frame(Stack stack, FileAddress at, NamedFunction named, Frame.Location location, long address, String source) {
        String name = named.name(stack.naming().demangle());
        return named.isGo() ? new Frame.Go(address, name, at.distance(named), location, source)
                : new Frame.Native(address, name, at.distance(named), location);
    }

    @Override
    public void close() {
        files.close();
    }
}
