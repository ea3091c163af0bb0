/* Frames of several kinds, as seen from a mark and from the first instruction of a function. Builds for x86-64 and arm64. */
#define _GNU_SOURCE
#include <alloca.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __aarch64__
#pragma GCC target("branch-protection=standard") /* return addresses are signed */
#endif
#define FUNCTION __attribute__((noinline, noclone, noipa))

static volatile int sink;
static volatile char *page;

/* Nothing is saved. */
FUNCTION void leaf(void) {
    __asm__ volatile("");
}

/* A statically defined probe: see program.c. */
FUNCTION void spot(void) {
    leaf();
    __asm__ volatile("990: nop\n"
                     ".pushsection .note.stapsdt, \"\", \"note\"\n"
                     ".balign 4\n"
                     ".4byte 992f - 991f, 994f - 993f, 3\n"
                     "991: .asciz \"stapsdt\"\n"
                     "992: .balign 4\n"
                     "993: .8byte 990b, 0, 0\n"
                     ".asciz \"lab\"\n.asciz \"spot\"\n.asciz \"\"\n"
                     "994: .balign 4\n"
                     ".popsection\n");
    sink++;
}

FUNCTION void nested(int depth) {
    if (depth) nested(depth - 1);
    else spot();
    sink++;
}

FUNCTION void large(void) {
    char room[100000];
    memset(room, 1, sizeof room);
    __asm__ volatile("" : : "r"(room) : "memory");
    spot();
    sink += room[5];
}

/* The stack pointer moves where nobody can foresee it. */
FUNCTION void varying(int size) {
    char *room = alloca(size);
    memset(room, 1, size);
    __asm__ volatile("" : : "r"(room) : "memory");
    spot();
    sink += room[5];
}

/* The caller's registers have to be kept. */
FUNCTION long crowded(long a, long b, long c, long d) {
    long e = a * b, f = b * c, g = c * d, h = d * a;
    spot();
    return a + b * 3 + c * 5 + d * 7 + e * 11 + f * 13 + g * 17 + h * 19;
}

static void handle(int number) {
    spot();
    sink += number;
    mprotect((void *)page, 1, PROT_READ);
}

/* Stops where its caller is known by a register at most. */
FUNCTION int interrupted(void) {
    return *page;
}

int main(int count, char **words __attribute__((unused))) {
    nested(3);
    large();
    varying(1000 * count);
    crowded(count, count + 1, count + 2, count + 3);
    page = mmap(0, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGSEGV, handle);
    interrupted();
    usleep(400000); /* symbols are looked up while the process lives */
    return 0;
}
