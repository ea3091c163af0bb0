package dev.sonde.linux;

/**
 * One line of {@code /proc/PID/maps} (proc_pid_maps(5)).
 *
 * @param start first address
 * @param end address after the last
 * @param permissions as written, such as {@code r-xp}
 * @param offset file offset of the first address, in bytes
 * @param device major number in the high, minor number in the low 32 bits
 * @param inode 0 for memory without a file
 * @param path as the process's mount namespace names it; {@code [vdso]}, {@code [heap]} and the like; empty for none
 * @param deleted whether the file has been removed or replaced since
 */
public record Mapping(long start, long end, String permissions, long offset, long device, long inode, String path, boolean deleted) {
    /** Whether it holds code. */
    public boolean isExecutable() {
        return permissions.indexOf('x') >= 0;
    }

    /** Whether it maps a file of a file system; {@code [vdso]}, shared memory and memfd files are not in one. */
    public boolean isFile() {
        return inode != 0 && path.startsWith("/") && !isMemfd();
    }

    /** Whether it maps a file made by memfd_create(2). */
    public boolean isMemfd() {
        return path.startsWith("/memfd:");
    }

    /** Whether {@code address} is in it. */
    public boolean covers(long address) {
        return Long.compareUnsigned(address - start, end - start) < 0;
    }

    /** The file offset of an address in it. */
    public long fileOffset(long address) {
        return address - start + offset;
    }

    /** Its entry in {@code /proc/PID/map_files}, which opens the very file that is mapped, also one that was deleted. */
    public String mapFile(int pid) {
        return "/proc/" + pid + "/map_files/" + Long.toHexString(start) + "-" + Long.toHexString(end);
    }
}
