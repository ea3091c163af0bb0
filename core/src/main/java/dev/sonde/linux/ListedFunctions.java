package dev.sonde.linux;

import dev.sonde.elf.NameList;
import dev.sonde.elf.NamePattern;
import dev.sonde.elf.SortedNames;
import dev.sonde.target.KernelFunction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.TreeMap;

/**
 * The functions of the tracer's list that match, in the order of their modules and names, each once. The list
 * ({@code available_filter_functions}) has lines {@code function} or {@code function [module]}, a hundred thousand of them: names stay bytes of it.
 */
final class ListedFunctions extends AbstractList<KernelFunction> implements RandomAccess {
    private final Map<String, NameList> byModule = new TreeMap<>();
    private final NameList names;

    private ListedFunctions(Map<String, SortedNames> byModule) {
        byModule.forEach((module, names) -> this.byModule.put(module, names.sorted()));
        this.names = NameList.concat(List.copyOf(this.byModule.values()));
    }

    /** Reads a list. */
    static ListedFunctions of(byte[] text, NamePattern modules, NamePattern functions) {
        return new ListedFunctions(new Reader(text, modules, functions).read());
    }

    /** The names of the functions of a module, or of all when that is empty. */
    List<String> names(String module) {
        return module.isEmpty() ? names : byModule.containsKey(module) ? byModule.get(module) : List.of();
    }

    @Override
    public KernelFunction get(int i) {
        int before = 0;
        for (Map.Entry<String, NameList> module : byModule.entrySet()) {
            if (i - before < module.getValue().size()) {
                return new KernelFunction(module.getKey(), module.getValue().get(i - before));
            }
            before += module.getValue().size();
        }
        throw new IndexOutOfBoundsException(i);
    }

    @Override
    public int size() {
        return names.size();
    }

    private static final class Reader {
        /** The tracer lists patched-out places that way ({@code __ftrace_invalid_address___1234}). */
        private static final byte[] PATCHED_OUT = "__ftrace_invalid_address__".getBytes(StandardCharsets.US_ASCII);

        private final byte[] text;
        private final ByteBuffer buffer;
        private final NamePattern modules;
        private final NamePattern functions;
        private final boolean all;
        private final Map<String, SortedNames> byModule = new TreeMap<>();
        private String module = "";
        private SortedNames names;

        Reader(byte[] text, NamePattern modules, NamePattern functions) {
            this.text = text;
            this.buffer = ByteBuffer.wrap(text);
            this.modules = modules;
            this.functions = functions;
            this.all = functions.toString().equals("*");
        }

        Map<String, SortedNames> read() {
            int end;
            for (int start = 0; start < text.length; start = end + 1) {
                int name = start;
                while (name < text.length && text[name] != '\n' && text[name] != ' ') {
                    name++;
                }
                end = name;
                while (end < text.length && text[end] != '\n') {
                    end++;
                }
                enter(end == name ? Kallsyms.VMLINUX : module(name, end));
                if (names != null && isWanted(start, name)) {
                    names.add(start, name);
                }
            }
            return byModule;
        }

        private String module(int from, int to) {
            String rest = new String(text, from, to - from, StandardCharsets.UTF_8);
            int open = rest.indexOf('[');
            int close = rest.indexOf(']', open);
            return open < 0 || close < 0 ? Kallsyms.VMLINUX : rest.substring(open + 1, close);
        }

        private void enter(String next) {
            if (!next.equals(module)) {
                module = next;
                names = modules.matches(next) ? byModule.computeIfAbsent(next, _ -> new SortedNames(text)) : null;
            }
        }

        private boolean isWanted(int start, int end) {
            return (all || functions.matches(buffer.limit(end), start)) && !isPatchedOut(start, end) && !isDangerous(start, end);
        }

        /** Only few names have to become a string for that. */
        private boolean isDangerous(int start, int end) {
            byte first = start < end ? text[start] : 0;
            boolean may = first == 'r' || first == 'a' || first == 'd' || first == 'b';
            return may && KernelFunctions.isDangerous(new String(text, start, end - start, StandardCharsets.UTF_8));
        }

        private boolean isPatchedOut(int start, int end) {
            return end - start >= PATCHED_OUT.length
                    && Arrays.equals(text, start, start + PATCHED_OUT.length, PATCHED_OUT, 0, PATCHED_OUT.length);
        }
    }
}
