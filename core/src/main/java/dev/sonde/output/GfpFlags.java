package dev.sonde.output;

/**
 * Names of page allocation flags for {@code %gr}: the sets that the kernel's own traces name, then single flags from the lowest bit, then what is
 * left in hexadecimal. Numbers are those of kernel 6.6 and later (include/linux/gfp_types.h).
 */
final class GfpFlags {
    private static final String[] SET_NAMES = {
        "GFP_TRANSHUGE", "GFP_TRANSHUGE_LIGHT", "GFP_HIGHUSER_MOVABLE", "GFP_HIGHUSER", "GFP_USER", "GFP_KERNEL_ACCOUNT", "GFP_KERNEL",
        "GFP_NOFS", "GFP_ATOMIC", "GFP_NOIO", "GFP_NOWAIT"};
    private static final int[] SETS = {
        0x21c24ca, 0x21c20ca, 0x2100cca, 0x100cc2, 0x100cc0, 0x400cc0, 0xcc0, 0xc40, 0x820, 0xc00, 0x2800};
    private static final String[] FLAGS = {
        "GFP_DMA", "__GFP_HIGHMEM", "GFP_DMA32", "__GFP_MOVABLE", "__GFP_RECLAIMABLE", "__GFP_HIGH", "__GFP_IO", "__GFP_FS", "__GFP_ZERO", "",
        "__GFP_DIRECT_RECLAIM", "__GFP_KSWAPD_RECLAIM", "__GFP_WRITE", "__GFP_NOWARN", "__GFP_RETRY_MAYFAIL", "__GFP_NOFAIL", "__GFP_NORETRY",
        "__GFP_MEMALLOC", "__GFP_COMP", "__GFP_NOMEMALLOC", "__GFP_HARDWALL", "__GFP_THISNODE", "__GFP_ACCOUNT", "__GFP_ZEROTAGS",
        "__GFP_SKIP_ZERO", "__GFP_SKIP_KASAN", "__GFP_NO_OBJ_EXT"};

    private GfpFlags() {}

    static void write(TextBuffer out, long flags) {
        if (flags == 0) {
            out.put('0');
            return;
        }
        int start = out.length();
        long rest = flags;
        for (int i = 0; i < SETS.length; i++) {
            if ((rest & SETS[i]) == SETS[i]) {
                bar(out, start).put(SET_NAMES[i]);
                rest &= ~SETS[i];
            }
        }
        for (int i = 0; i < FLAGS.length; i++) {
            if ((rest & 1L << i) != 0 && !FLAGS[i].isEmpty()) {
                bar(out, start).put(FLAGS[i]);
                rest &= ~(1L << i);
            }
        }
        if (rest != 0) {
            bar(out, start).put("0x").hex(rest);
        }
    }

    private static TextBuffer bar(TextBuffer out, int start) {
        return out.length() > start ? out.put('|') : out;
    }
}
