#ifndef OWN_H
#define OWN_H
/* What the scripts beside include. */
#include "more.h"
#define LIMIT (BASE * 2)
#define NAME "own"
#if LIMIT > 30 && defined(__x86_64__)
#define WIDE 1
#else
#define WIDE 0
#endif
enum colour { RED = 3, GREEN };
struct own {
    base_t first;
    char name[LIMIT];
    union { int number; unsigned char bytes[4]; };
    struct own *next;
} __attribute__((packed));
static inline int unused(int x) { return x + 1; }
#endif
