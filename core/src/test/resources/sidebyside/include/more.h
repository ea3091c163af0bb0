typedef unsigned short base_t;
#define BASE 0x10
