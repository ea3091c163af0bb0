package dev.sonde.linux;

import dev.sonde.sys.Bpf;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import java.io.File;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine; where it is missing the test is skipped and says why. */
final class Live {
    static final Kernel KERNEL = LinuxKernel.open();

    private Live() {
    }

    /** The real kernel, if this process may load programs. */
    static Kernel root() {
        long map = KERNEL.invoke(new Bpf.MapCreate(2, "", 4, 8, 1, 0));
        if (map < 0) {
            skip("needs root: bpf() gives error " + -map);
        }
        new Fd(KERNEL, (int) map).close();
        return KERNEL;
    }

    static void needs(String file) {
        if (!new File(file).exists()) {
            skip("needs " + file);
        }
    }

    static void skip(String reason) {
        System.out.println("skipped: " + reason);
        Assumptions.abort(reason);
    }
}
