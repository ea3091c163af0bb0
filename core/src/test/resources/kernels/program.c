/* The program of the side-by-side scripts, and what scripts for other kernels need besides. Builds for x86-64 and arm64. */
#define main general
#include "../sidebyside/program.c"
#undef main
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

/* A statically defined probe: a note of type 3 with address, base, semaphore, provider, name and arguments (the SystemTap wiki, UserSpaceProbeImplementation). */
#define MARK(name, arguments, ...) \
    __asm__ volatile("990: nop\n" \
                     ".pushsection .note.stapsdt, \"\", \"note\"\n" \
                     ".balign 4\n" \
                     ".4byte 992f - 991f, 994f - 993f, 3\n" \
                     "991: .asciz \"stapsdt\"\n" \
                     "992: .balign 4\n" \
                     "993: .8byte 990b, 0, 0\n" \
                     ".asciz \"lab\"\n.asciz \"" name "\"\n.asciz \"" arguments "\"\n" \
                     "994: .balign 4\n" \
                     ".popsection\n" : : __VA_ARGS__)

static void marks(void) {
    for (long i = 1; i <= 3; i++) {
        int twice = -2 * (int)i;
        MARK("hit", "8@%0 -4@%1", "r"(i), "r"(twice));
    }
    volatile long local = 77;
    MARK("place", "8@%0 4@%1", "m"(local), "i"(5));
    MARK("text", "8@%0", "r"("from a mark"));
}

/* Writes four times to a place that everybody knows. */
static void watch(void) {
    volatile long *word = mmap((void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    for (int i = 0; i < 4; i++) *word = i;
}

/* Goes through a function of the module dummy. */
static void carrier(void) {
    struct ifreq request = {.ifr_name = "dummy0", .ifr_flags = IFF_UP};
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    if (ioctl(any, SIOCSIFFLAGS, &request)) exit(8);
    int fd = open("/sys/class/net/dummy0/carrier", O_WRONLY);
    if (write(fd, "0", 1) != 1 || write(fd, "1", 1) != 1) exit(9);
}

int main(int count, char **words) {
    const char *what = count > 1 ? words[1] : "";
    if (!strcmp(what, "marks")) marks();
    else if (!strcmp(what, "watch")) watch();
    else if (!strcmp(what, "carrier")) carrier();
    else return general(count, words);
    return 0;
}
