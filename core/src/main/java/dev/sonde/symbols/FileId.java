package dev.sonde.symbols;

/** What makes two mapped files the same: the build id where there is one, else the inode. */
sealed interface FileId {
    /** A build id in hexadecimal. */
    record BuildId(String digits) implements FileId {}

    /**
     * A file of a file system.
     *
     * @param device major number in the high, minor number in the low 32 bits
     * @param base offset of the ELF file in it: not 0 for one inside an archive
     */
    record Inode(long device, long inode, long base) implements FileId {}
}
