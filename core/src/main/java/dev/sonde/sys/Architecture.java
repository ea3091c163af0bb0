package dev.sonde.sys;

/** The two machines Sonde runs on, and what differs between their kernel interfaces. */
enum Architecture {
    X86_64(12, 4),
    ARM64(16, 8);

    /** The machine this JVM runs on. */
    static final Architecture HOST = of(System.getProperty("os.arch"));

    /** Bytes of a struct epoll_event, which x86-64 alone packs. */
    final int epollEventSize;
    /** Offset of epoll_event.data. */
    final int epollDataOffset;

    Architecture(int epollEventSize, int epollDataOffset) {
        this.epollEventSize = epollEventSize;
        this.epollDataOffset = epollDataOffset;
    }

    /** From the spelling of the os.arch property; anything but amd64 and aarch64 is refused. */
    static Architecture of(String name) {
        if (name.equals("amd64")) {
            return X86_64;
        }
        if (name.equals("aarch64")) {
            return ARM64;
        }
        throw new UnsupportedOperationException("no system call numbers for " + name);
    }
}
