/* What the scripts trace that read arguments by their names: functions with parameters of many kinds. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PROBED __attribute__((noinline, noclone))

enum colour { RED = -1, GREEN = 5, BLUE };
typedef uint32_t count_t;
struct inner { int32_t a; int16_t b; };
struct small { int32_t a, b; };
struct pair { int64_t first, second; };
struct odd { int32_t a; char text[10]; };
struct mixed { int64_t whole; double part; };
struct one { float x, y; };
struct node {
    int32_t id;
    int64_t total;
    char name[16];
    struct inner inner;
    struct inner *other;
    enum colour colour;
    unsigned low : 3, high : 7;
    signed minus : 5;
    bool flag;
    union { uint32_t word; uint8_t bytes[4]; };
    int32_t grid[2][3];
    int32_t row[4];
    struct node *next;
    void (*call)(int);
    double real;
};

PROBED int narrow(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f) { __asm__ volatile("" ::: "memory"); return a + b + c + d + e + f; }
PROBED long look(struct node *node, const char *text, count_t count, void *any, int **deep) { __asm__ volatile("" ::: "memory"); return node->id; }
PROBED int kinds(enum colour colour, bool flag, char letter) { __asm__ volatile("" ::: "memory"); return colour + flag + letter; }
PROBED long many(long a, long b, long c, long d, long e, long f, short g, bool h, struct pair i, int j) { __asm__ volatile("" ::: "memory"); return a + g + i.second + j; }
PROBED int by_value(struct small s, int x, struct pair p, struct odd o) { __asm__ volatile("" ::: "memory"); return s.a + x + p.first + o.a; }
PROBED int whole(struct node node, int x) { __asm__ volatile("" ::: "memory"); return node.id + x; }
PROBED double reals(double a, int x, struct mixed m, float b, int y, struct one o) { __asm__ volatile("" ::: "memory"); return a + x + m.part + b + y + o.x; }
PROBED int text(const char *format, ...) { __asm__ volatile("" ::: "memory"); return format[0]; }
PROBED void none(void) { __asm__ volatile("" ::: "memory"); }
PROBED struct node *find(struct node *node) { __asm__ volatile("" ::: "memory"); return node; }
PROBED enum colour paint(int n) { __asm__ volatile("" ::: "memory"); return n ? RED : BLUE; }
PROBED struct small make_small(int a) { __asm__ volatile("" ::: "memory"); return (struct small){a, -a}; }
PROBED struct pair make_pair(long a) { __asm__ volatile("" ::: "memory"); return (struct pair){a, -a}; }
PROBED struct node make_node(struct node *from, int x) { __asm__ volatile("" ::: "memory"); struct node n = *from; n.id = x; return n; }
PROBED int minus(int n) { __asm__ volatile("" ::: "memory"); return -n; }
static inline __attribute__((always_inline)) int twice(int value, int by) {
    __asm__ volatile("" : : "r"(value), "r"(by) : "memory");
    return value * by;
}
PROBED int first_user(int a) { return twice(a, 2) + 1; }
PROBED int second_user(int a) { return twice(a + 1, 7) + 2; }
PROBED int steps(int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
        __asm__ volatile("" : "+r"(sum) : : "memory");
        sum += i;
    }
    return sum;
}

int main(void) {
    struct inner inner = {7, 8};
    struct node second = {.id = 2, .name = "second"};
    struct node node = {.id = 1, .total = -2, .name = "hello", .inner = {3, -4}, .other = &inner, .colour = GREEN, .low = 5, .high = 100, .minus = -3,
        .flag = true, .word = 0x04030201, .grid = {{1, 2, 3}, {4, 5, 6}}, .row = {9, 8, 7, 6}, .next = &second, .real = 1.5};
    int number = 42, *pointer = &number;
    narrow(-1, 255, -2, 65535, -3, 4294967295u);
    look(&node, "a text", 77, 0, &pointer);
    kinds(BLUE, true, 'x'); kinds(RED, false, 'y');
    many(1, 2, 3, 4, 5, 6, -7, true, (struct pair){9, 10}, 11);
    by_value((struct small){1, -2}, 3, (struct pair){4, 5}, (struct odd){6, "odd"});
    whole(node, 12);
    reals(1.5, 13, (struct mixed){14, 2.5}, 3.5f, 15, (struct one){1, 2});
    text("format", 1, 2); none(); find(&node); paint(0); paint(1);
    make_small(16); make_pair(17); make_node(&node, 18); minus(19);
    first_user(20); second_user(21); steps(3);
    return 0;
}
