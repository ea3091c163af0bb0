/* What the scripts of this directory trace. The word after the program says what it does. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/in.h>

#define PROBED __attribute__((noinline, noclone))

enum colour { RED, GREEN = 5, BLUE };
struct point { int32_t x; int32_t y; };
struct item {
    uint64_t id;
    int8_t small;
    uint16_t medium;
    enum colour colour;
    char name[16];
    int32_t numbers[4];
    struct point place;
    const char *text;
    struct item *next;
    unsigned low : 3, high : 5;
    union { uint32_t word; uint8_t bytes[4]; } u;
    _Bool flag;
};

struct item second = {.id = 2, .small = -2, .medium = 65535, .colour = BLUE, .name = "second", .numbers = {5, 6, 7, 8}, .place = {-3, 4}, .text = "two"};
struct item first = {.id = 0x1122334455667788, .small = -1, .medium = 1000, .colour = GREEN, .name = "first", .numbers = {1, -2, 3, -4},
    .place = {10, -20}, .text = "the first item", .next = &second, .low = 5, .high = 17, .u = {.word = 0x01020304}, .flag = 1};

PROBED int add(int a, int b) { __asm__ volatile(""); return a + b; }
PROBED long many(long a, long b, long c, long d, long e, long f) { __asm__ volatile(""); return a + b + c + d + e + f; }
PROBED const char *greet(const char *name) { __asm__ volatile(""); return name; }
PROBED uint64_t look(struct item *item) { __asm__ volatile(""); return item->id; }
PROBED int unsigned_narrow(uint8_t a, uint16_t b, uint32_t c) { __asm__ volatile(""); return a + b + c; }
PROBED int signed_narrow(int8_t a, int16_t b, int32_t c) { __asm__ volatile(""); return a + b + c; }
PROBED int words(const char **list) { __asm__ volatile(""); return list[0] != NULL; }
PROBED int leaf(int n) { __asm__ volatile(""); return n * 3; }
PROBED int middle(int n) { int r = leaf(n + 1); __asm__ volatile(""); return r + 1; }
PROBED int outer(int n) { int r = middle(n + 1); __asm__ volatile(""); return r + 1; }
PROBED void tick(int n) { __asm__ volatile("" : : "r"(n)); }

static void files(void) {
    char buffer[32];
    mkdir("/tmp", 0700);
    int fd = open("/dev/null", O_WRONLY);
    if (write(fd, "hello world", 11) != 11) exit(3);
    close(fd);
    fd = open("/etc/hostname-that-is-not-there", O_RDONLY);
    close(fd);
    fd = open("/dev/zero", O_RDONLY);
    if (read(fd, buffer, 16) != 16) exit(4);
    close(fd);
}

static void sockets(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr *)&address, size) || getsockname(server, (struct sockaddr *)&address, &size)) exit(5);
    if (listen(server, 1) || connect(client, (struct sockaddr *)&address, size)) exit(6);
    close(client);
    close(server);
}

static void children(void) {
    for (int i = 0; i < 3; i++) {
        pid_t child = fork();
        if (!child) {
            char path[] = "/proc/0"; /* on the stack: a page of constants need not be mapped in a child yet */
            path[6] += i;
            tick(i);
            mkdir(path, 0700);
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
}

int main(int count, char **words_given) {
    const char *what = count > 1 ? words_given[1] : "";
    if (!strcmp(what, "calls")) {
        static const char *list[] = {"one", "two", "three", NULL};
        add(3, 4); add(-1, 1); many(1, 2, 3, 4, 5, 6); greet("world"); greet("a name that is longer than some limits"); look(&first); look(&second);
        unsigned_narrow(255, 65535, 4294967295u); signed_narrow(-1, -2, -3); words(list); outer(1);
        if (count > 2) usleep(400000); /* symbols are looked up while the process lives */
    } else if (!strcmp(what, "ticks")) {
        for (int i = 0; i < 10; i++) tick(i);
    } else if (!strcmp(what, "files")) {
        files();
    } else if (!strcmp(what, "sockets")) {
        sockets();
    } else if (!strcmp(what, "children")) {
        children();
    } else if (!strcmp(what, "exit")) {
        return 7;
    } else if (!strcmp(what, "spin")) {
        for (volatile long i = 0; i < 600000000; i++) { }
    } else if (!strcmp(what, "sleep")) {
        usleep(700000);
    }
    return 0;
}
