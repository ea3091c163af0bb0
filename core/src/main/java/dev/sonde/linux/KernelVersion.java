package dev.sonde.linux;

/** The first two numbers of a kernel release such as {@code 6.18.44-amd64}; missing ones are 0. */
record KernelVersion(int major, int minor) {
    static KernelVersion of(String release) {
        int dot = release.indexOf('.');
        return new KernelVersion(number(release, 0), dot < 0 ? 0 : number(release, dot + 1));
    }

    private static int number(String text, int start) {
        int value = 0;
        for (int i = start; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9' && value < 100_000; i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    boolean isSince(String release) {
        KernelVersion since = of(release);
        return major > since.major || major == since.major && minor >= since.minor;
    }
}
