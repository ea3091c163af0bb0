// Functions whose mangled names use most productions of the Itanium C++ ABI. DemanglerOracleTest compiles this file with
// g++ -std=c++20 -c and compares the demangled symbols of the object with those of c++filt.
#include <functional>
#include <initializer_list>
#include <map>
#include <new>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace { int hidden(int x) { return x; } }
namespace outer { inline namespace v1 { struct Plain { int f(int) const; void g() volatile; int h() &; int h() &&; int h() const &; }; } }
int outer::Plain::f(int) const { return hidden(1); }
void outer::Plain::g() volatile {}
int outer::Plain::h() & { return 1; }
int outer::Plain::h() && { return 2; }
int outer::Plain::h() const & { return 3; }

// Types.
void builtins(bool, char, signed char, unsigned char, short, unsigned short, int, unsigned, long, unsigned long, long long, unsigned long long) {}
void wide(__int128, unsigned __int128, wchar_t, char8_t, char16_t, char32_t, float, double, long double, __float128, decltype(nullptr)) {}
void pointers(int *, int const *, int *const *, int volatile *, char *__restrict, int &, int &&, int const &, void *, void const **) {}
void arrays(int (*)[3], int const (&)[4], int (*)[3][4], int (*(*)[2])[5], int (&&)[6]) {}
void functions(void (*)(), int (*)(int, char), void (**)(), int (*(*)(char))(long), void (&)(), void (*)(...), int (*)() noexcept) {}
void members(int outer::Plain::*, int (outer::Plain::*)(int) const, int (outer::Plain::*)() &, void (outer::Plain::*)() volatile) {}
void complex(float _Complex, double _Complex *) {}
typedef float v4 __attribute__((vector_size(16)));
void vectors(v4, v4 *, v4 const &) {}
void library(std::string, std::string const &, std::vector<int>, std::map<std::string, std::vector<long>>, std::function<int(char)>) {}
int (*returnsFunction(int))(char) { return nullptr; }
int (&returnsArray(int))[3];
int three[3];
int (&returnsArray(int))[3] { return three; }

// Templates.
template <class T> struct Box { Box() {} Box(T const &) {} ~Box() {} template <class U> Box(U, U) {} T value; static T shared;
    void use(T) {} template <class U> U get(U) const { return U(); } operator T() const { return value; } template <class U> operator U *() { return nullptr; } };
template <class T> T Box<T>::shared;
template <class T> T identity(T t) { return t; }
template <class T> T const &byReference(T const &t) { return t; }
template <class T> void forwarding(T &&) {}
template <class T> int (*functionOf(T))(T) { return nullptr; }
template <class... T> void pack(T...) {}
template <class... T> void packForward(T &&...) {}
template <class... T> void packPointers(void (*)(T...), T *...) {}
template <class F, class... T> auto apply(F f, T... t) -> decltype(f(t...)) { return f(t...); }
template <class... T> void tuples(std::tuple<T...>, std::tuple<T *...>) {}
template <int N> void integer() {}
template <bool B, char C, long L, unsigned U, long long LL, unsigned long UL, short S> void values() {}
template <auto V> void anyValue() {}
template <int const *P> void address() {}
template <void (*F)(int)> void functionAddress() {}
template <int (outer::Plain::*M)(int) const> void memberAddress() {}
template <template <class> class C, class T> void templated(C<T>) {}
template <class T, int N> void sized(T (&)[N]) {}
template <class T, int N> void larger(T (&)[N + 1]) {}
template <class T> typename std::enable_if<std::is_integral<T>::value && !std::is_same<T, bool>::value, T>::type limited(T t) { return t; }
template <class T> auto sum(T a, T b) -> decltype(a + b) { return a + b; }
template <class T> auto call(T t) -> decltype(t.size()) { return t.size(); }
template <class T> auto arrow(T *t) -> decltype(t->size()) { return t->size(); }
template <class T> auto index(T t) -> decltype(t[0]) { return t[0]; }
template <class T> auto cast(T t) -> decltype(static_cast<long>(t)) { return t; }
template <class T> auto oldCast(T t) -> decltype((long)t) { return t; }
struct Two { Two() {} Two(Two const &, Two const &) {} };
template <class T> auto construct(T t) -> decltype(T(t, t)) { return T(t, t); }
template <class T> auto braces(T t) -> decltype(T{t}) { return t; }
template <class T> auto choice(T t) -> decltype(t ? t : 1) { return t; }
template <class T> auto allocate(T t) -> decltype(new T(t)) { return nullptr; }
template <class T> auto release(T *t) -> decltype(delete t) {}
template <class T> auto incremented(T t) -> decltype(t++) { return t; }
template <class T> auto preIncremented(T t) -> decltype(++t) { return t; }
template <class T> auto negated(T t) -> decltype(-t) { return -t; }
template <class T> auto dereferenced(T t) -> decltype(*t) { return *t; }
template <class T> auto pointed(T t) -> decltype(&t) { return nullptr; }
template <class T> auto comma(T t) -> decltype((t, t)) { return t; }
template <class T> auto throwing(T t) -> decltype(throw t) {}
template <class T> auto compared(T t) -> std::integral_constant<bool, (sizeof(T) > 2)> { return {}; }
template <class T> auto sizes(T t) -> Box<int(*)[sizeof(t) + sizeof(T)]> { return {}; }
template <class T> auto checked(T t) noexcept(noexcept(t + t)) -> Box<T> { return {}; }
template <class... T> auto counted(T... t) -> Box<int(*)[sizeof...(T)]> { return {}; }
template <class... T> auto folded(T... t) -> decltype((t + ...)) { return (t + ...); }
template <class... T> auto foldedFrom(T... t) -> decltype((0 + ... + t)) { return (0 + ... + t); }
template <class T> auto nested(T t) -> decltype(std::declval<T>() + std::declval<T const &>()) { return t + t; }
template <class T> auto qualified(T t) -> decltype(std::move(t)) { return std::move(t); }
template <class T> auto operatorCall(T a) -> decltype(a.operator+(a)) { return a; }
struct Number { Number operator+(Number) const { return *this; } explicit operator bool() const; operator long(); };
Number::operator bool() const { return true; }
Number::operator long() { return 1; }

// Operators.
struct Op { };
Op operator+(Op a, Op) { return a; } Op operator-(Op a) { return a; } Op operator!(Op a) { return a; } bool operator<(Op, Op) { return true; }
bool operator<=(Op, Op) { return true; } Op operator<<(Op a, int) { return a; } Op operator,(Op a, Op) { return a; } Op operator->*(Op a, Op) { return a; }
Op &operator++(Op &a) { return a; } Op operator++(Op &a, int) { return a; } Op &operator+=(Op &a, Op) { return a; } bool operator&&(Op, Op) { return true; }
int operator<=>(Op, Op) { return 0; } unsigned long long operator""_units(unsigned long long x) { return x; }
template <class T> bool operator<(Box<T>, Op) { return true; }
template <class T> Op operator<<(Op a, Box<T>) { return a; }
struct Ops { void *operator new(size_t); void operator delete[](void *); int operator()(int) const; int &operator[](int); Ops *operator->(); Ops &operator=(int); };
void *Ops::operator new(size_t) { return nullptr; } void Ops::operator delete[](void *) {} int Ops::operator()(int) const { return 0; }
int &Ops::operator[](int) { return three[0]; } Ops *Ops::operator->() { return this; } Ops &Ops::operator=(int) { return *this; }

// Virtual functions, thunks and tables.
struct Base { virtual ~Base(); virtual int run(int); };
struct Other { virtual Other *clone(); virtual void stop(); };
struct Derived : virtual Base, Other { ~Derived() override; int run(int) override; Derived *clone() override; void stop() override; };
Base::~Base() {} int Base::run(int) { return 0; } Other *Other::clone() { return this; } void Other::stop() {}
Derived::~Derived() {} int Derived::run(int) { return 1; } Derived *Derived::clone() { return this; } void Derived::stop() {}
struct Inheriting : Box<int> { using Box<int>::Box; };

// Local names and closures.
int counter() { static int count = hidden(3); struct Local { int f() { static int inner = hidden(4); return inner; } }; return count + Local().f(); }
inline int shared() { static std::string text = "x"; auto closure = [](int x) { static int calls = hidden(x); return calls; }; return closure(1) + (int)text.size(); }
template <class T> auto makeClosure(T t) { return [t](auto x, auto &&...rest) { return [=](T y) { return x; }; }; }
struct WithDefault { int f(int a = [] { return hidden(5); }(), int b = [](char c) { return hidden(c); }('x')); int member = [] { return hidden(6); }(); };
int WithDefault::f(int a, int b) { return a + b; }
template <class F> void runClosure(F f) { f(); }
inline auto generic = []<class T, int N>(T, T (&)[N]) { return N; };
enum { unnamedValue = 3 };
struct { int x; void poke(int y) { x = y; } } object;
thread_local std::string perThread("x");
extern thread_local std::string elsewhere;
std::string const &temporary = std::string("bound");
struct [[gnu::abi_tag("one", "two")]] Tagged { Tagged(); };
Tagged::Tagged() {}
Tagged taggedResult() { return {}; }
[[gnu::abi_tag("tag")]] int taggedFunction(Tagged) { return 1; }

void useAll() {
    Box<int> box(1); Box<char *> pointerBox; box.use(2); box.get('x'); (int)box; (char *)box; Box<long>(1, 2); Box<int>::shared = 1; (void)pointerBox;
    identity(1); identity("x"); identity(box); byReference(three); byReference<int()>(*static_cast<int (*)()>(nullptr)); byReference<int const>(3);
    forwarding(1); forwarding(box); forwarding<int const &>(3); functionOf(2L); functionOf(&hidden);
    pack(); pack(1); pack(1, 'c', "s", box); packForward(1, box); packPointers((void (*)(int, char))nullptr, (int *)nullptr, (char *)nullptr); apply(&hidden, 1); tuples<int, char>({}, {});
    integer<3>(); integer<-3>(); values<true, 'x', 5, 6u, -7, 8ul, 9>(); anyValue<5>(); anyValue<'c'>(); anyValue<&three>(); anyValue<nullptr>(); address<&three[0]>();
    functionAddress<static_cast<void (*)(int)>(nullptr)>(); memberAddress<&outer::Plain::f>(); templated(box); sized(three); larger<int, 2>(three);
    limited(3); sum(1, 2); call(std::string()); std::string s; arrow(&s); index(s); cast(1); oldCast(1); braces(1); choice(1); allocate(1); release(&s);
    incremented(1); preIncremented<int &>(three[0]); negated(1); dereferenced(&three[0]); pointed(1); comma(1); compared(1); sizes(1); checked(1); counted(1, 'c'); folded(1, 2L);
    foldedFrom(1, 2); nested(1); qualified(1); operatorCall(Number()); construct<Two>({}); operator<(box, Op()); operator<<(Op(), box);
    counter(); shared(); auto closure = makeClosure(1); closure('x', 2L, box)(3); WithDefault with; with.f(); runClosure([&] { box.use(3); }); runClosure([]() mutable { runClosure([] {}); });
    generic(1, three); identity(unnamedValue); object.poke(1); perThread += elsewhere; Inheriting inheriting(3); delete (Base *)new Derived; taggedResult();
    try { throwing(1); } catch (int) { }
}
