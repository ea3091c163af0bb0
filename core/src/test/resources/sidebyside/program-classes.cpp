// What the scripts trace that read members of classes.
#include <string>

#define PROBED __attribute__((noinline, noclone))

namespace space {
enum class Kind : unsigned char { One = 1, Two };
struct Base {
    int number;
    int shared;
    virtual ~Base() {}
};
struct Other {
    int other;
    int shared;
};
class Derived : public Base, public Other {
    int own;
    Kind kind;
    static int counter;
    std::string name;
    int &reference;

public:
    Derived(int value, int &to) : own(value), kind(Kind::Two), name("short"), reference(to) {
        number = 1;
        Base::shared = 2;
        other = 3;
        Other::shared = 4;
    }
    PROBED int method(int x, const Derived &that, Kind as) { __asm__ volatile("" ::: "memory"); return x + own + that.own + (int)as; }
    PROBED int constant(long x) const { __asm__ volatile("" ::: "memory"); return own + x; }
    PROBED static int fixed(int x) { __asm__ volatile("" ::: "memory"); return x + counter; }
};
int Derived::counter = 5;
template <class T> struct Box {
    T value;
    T *pointer;
};
template <class T> PROBED T pick(T a, T *b) { __asm__ volatile("" ::: "memory"); return a + *b; }
PROBED int boxed(Box<int> &box, Box<Kind> *kinds) { __asm__ volatile("" ::: "memory"); return box.value + (int)kinds->value; }
PROBED int named(std::string text, int n) { __asm__ volatile("" ::: "memory"); return text.size() + n; }
PROBED std::string made(int n) { __asm__ volatile("" ::: "memory"); return std::string("made"); }
}

int main() {
    int number = 6;
    space::Derived derived(9, number);
    derived.method(10, derived, space::Kind::One);
    derived.constant(11);
    space::Derived::fixed(12);
    long wide = 13;
    space::pick<int>(14, &number);
    space::pick<long>(15, &wide);
    space::Box<int> box{16, &number};
    space::Box<space::Kind> kinds{space::Kind::Two, nullptr};
    space::boxed(box, &kinds);
    space::named("text", 17);
    return space::made(18).size() == 4 ? 0 : 1;
}
