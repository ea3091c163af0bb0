/* The same without frame pointers. */
#pragma GCC optimize("omit-frame-pointer")
#include "program-frames.c"
