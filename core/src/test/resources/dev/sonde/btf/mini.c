// Source of mini.btf. Made with gcc 12.2.0 (x86-64) and binutils 2.40:
//   in /, since gcc stores the directory: gcc -gbtf -O1 -x c -c -o mini.o - < mini.c
//   objcopy -O binary --set-section-flags .BTF=alloc --only-section=.BTF mini.o mini.btf
// Oracle: bpftool btf dump file mini.btf
typedef unsigned int u32;
typedef unsigned char u8;

enum color { RED, GREEN = 7, BLUE = -1 };

struct node {
    struct node *next;
    const volatile char *name;
    union {
        u32 key;
        struct {
            u8 low;
            u8 high;
        };
    };
    u32 ready : 1;
    u32 level : 3;
    enum color color;
    unsigned char mac[6];
    int (*compare)(const struct node *, const struct node *);
    double weight;
};

struct packed {
    u8 tag;
    u32 value;
} __attribute__((packed));

union word {
    u32 whole;
    u8 parts[2][2];
};

struct node head;
struct packed wire;
union word word;
static volatile u32 counter;

int insert(struct node *at, u32 key)
{
    at->key = key;
    counter++;
    return at->compare ? at->compare(at, at->next) : 0;
}

void log_all(const char *format, ...)
{
    (void)format;
}
