package dev.sonde.linux;

import dev.sonde.target.Architecture;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/** Says why no user probe can be put into a file (ELF header: gABI "ELF Header"). */
final class UnusableFile {
    private static final int HEADER = 64;
    private static final int EI_CLASS = 4;
    private static final int ELFCLASS64 = 2;
    private static final int E_MACHINE = 18;
    private static final int EM_X86_64 = 62;
    private static final int EM_AARCH64 = 183;

    private UnusableFile() {}

    /** Words that follow the path; empty when nothing is wrong with the file's kind. */
    static String problem(String path, Architecture architecture) {
        File file = new File(path);
        if (file.isDirectory()) {
            return "is a directory";
        }
        if (!file.exists()) {
            return path.indexOf('/') < 0 ? "is neither a program in PATH nor a library" : "does not exist";
        }
        try (FileInputStream in = new FileInputStream(file)) {
            return problem(in.readNBytes(HEADER), architecture);
        } catch (IOException e) {
            return "cannot be read; run as root";
        }
    }

    private static String problem(byte[] header, Architecture architecture) {
        if (header.length < E_MACHINE + 2 || header[0] != 0x7f || header[1] != 'E' || header[2] != 'L' || header[3] != 'F') {
            boolean script = header.length > 1 && header[0] == '#' && header[1] == '!';
            return script ? "is a script; probe its interpreter" : "is not an ELF file";
        }
        if (header[EI_CLASS] != ELFCLASS64) {
            return "is a 32-bit program; user probes here are for 64-bit ones";
        }
        int machine = header[E_MACHINE] & 0xff | (header[E_MACHINE + 1] & 0xff) << 8;
        int own = architecture == Architecture.X86_64 ? EM_X86_64 : EM_AARCH64;
        return machine == own ? "" : "is a program for another processor (" + name(machine) + ")";
    }

    private static String name(int machine) {
        return switch (machine) {
            case 3 -> "x86";
            case 8 -> "MIPS";
            case 21 -> "ppc64";
            case 22 -> "s390";
            case 40 -> "ARM";
            case EM_X86_64 -> "x86-64";
            case EM_AARCH64 -> "aarch64";
            case 243 -> "RISC-V";
            case 258 -> "LoongArch";
            default -> "e_machine " + machine;
        };
    }
}
