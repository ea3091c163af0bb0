package dev.sonde.demangle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** C++ names, most of them written by hand from the ABI document; what they are printed as was checked with c++filt 2.40. */
class DemanglerTest {
    /** Each line a name, an arrow and its text. */
    private static void assertDemangled(String table) {
        table.lines().forEach(line -> {
            int arrow = line.indexOf(" => ");
            assertThat(Demangler.demangle(line.substring(0, arrow))).as(line).isEqualTo(line.substring(arrow + 4));
        });
    }

    @Test
    void functionsAndVariables() {
        assertDemangled("""
                _Z1f => f
                _Z1fv => f()
                _ZL1fv => f()
                _ZN1A1fEv => A::f()
                _ZNVK1A1fEv => A::f() const volatile
                _ZNKR1A1fEv => A::f() const &
                _ZNO1A1fEv => A::f() &&
                _ZN12_GLOBAL__N_11fEv => (anonymous namespace)::f()
                _ZSt4cout => std::cout
                _ZlsRSoRK1A => operator<<(std::basic_ostream<char, std::char_traits<char> >&, A const&)
                _ZN1AB3abi1fB3defEv => A[abi:abi]::f[abi:def]()
                _ZDC1a1bE => [a, b]
                _ZW3foo1fv => f@foo()
                _ZNH1A1fES_i => A::f(this A, int)""");
    }

    @Test
    void types() {
        assertDemangled("""
                _Z1fPKVKi => f(int volatile const*)
                _Z1fA3_PFivE => f(int (* [3])())
                _Z1fPA3_PA4_i => f(int (* (*) [3]) [4])
                _Z1fPKA3_A4_i => f(int const (*) [3][4])
                _Z1fPFPFvvEiE => f(void (*(*)(int))())
                _Z1fRFRFivEvE => f(int (& (&)())())
                _Z1fM1AKFivRE => f(int (A::*)() const &)
                _Z1fM1APFvvE => f(void (* A::*)())
                _Z1fM1AA3_i => f(int (A::*) [3])
                _Z1fPKDOLb1EEFivOE => f(int (*)() noexcept(true) const &&)
                _Z1fPDwi1AEFivE => f(int (*)() throw(int, A))
                _Z1fPDv4_f => f(float __vector(4)*)
                _Z1fPU3fooIiEi => f(int foo<int>*)
                _Z1fU13block_pointerFvvE => f(void ( block_pointer)())
                _Z1fPCf => f(float _Complex*)
                _Z1fDF16_DF32xDF16bDaDn => f(_Float16, _Float32x, std::bfloat16_t, auto, decltype(nullptr))
                _Z1fDB32_DU8_ => f(_BitInt(32), unsigned _BitInt(8))
                _Z1fSsB5cxx11S_ => f(std::basic_string<char, std::char_traits<char>, std::allocator<char> >[abi:cxx11], \
                std::basic_string<char, std::char_traits<char>, std::allocator<char> >[abi:cxx11])""");
    }

    @Test
    void templates() {
        assertDemangled("""
                _Z1fIiEvT_ => void f<int>(int)
                _Z1fIPFivEET_v => int (*f<int (*)()>())()
                _Z1fIFivEEvRKT_ => void f<int ()>(int ( const&)())
                _Z1fIA3_iEvRKT_ => void f<int [3]>(int const (&) [3])
                _Z1fIKiEvRKT_ => void f<int const>(int const&)
                _Z1fIRiEvOT_ => void f<int&>(int&)
                _Z1fIOiEvOT_ => void f<int&&>(int&&)
                _Z1fIJRiOcdEEvDpOT_ => void f<int&, char&&, double>(int&, char&&, double&&)
                _Z1fIJEiEvT0_ => void f<, int>(int)
                _Z1fIiJEEvDpT0_ => void f<int>()
                _ZN1AcvT_IiEEv => A::operator int<int>()
                _ZN1AIiEcvT_IcEEv => A<int>::operator char<char>()
                _ZN1AcvSt6vectorIT_SaIS1_EEIiEEv => A::operator std::vector<int, std::allocator<int> ><int>()
                _ZN1AIiEC1IcEEv => A<int>::A<char>()
                _ZN1ACI11BEi => A::B(int)
                _Z1fITnDaLi3EEvv => void f<3>()
                _Z1fIiEvT_Q1CIS0_E => void f<int>(int) requires C<int>""");
    }

    @Test
    void literalsAndExpressions() {
        assertDemangled("""
                _Z1fILin1ELj1ELm1ELb1ELb2ELc97EEvv => void f<-1, 1u, 1ul, true, (bool)2, (char)97>()
                _Z1fILd40ELPKc0EEvv => void f<(double)[40], (char const*)0>()
                _Z1fIXadL_ZN1A1gEvEEEvv => void f<&A::g>()
                _Z1fIXadL_ZNK1A1gEvEEEvv => void f<&(A::g() const)>()
                _Z1fIXgtLi1ELi2EEEvv => void f<((1)>(2))>()
                _Z1fIiEDTcl1gspfp_EET_ => decltype (g({parm#1}...)) f<int>(int)
                _Z1fI1AEDTquLb1ELi2ELi3EES0_ => decltype ((true)?(2) : (3)) f<A>(A)
                _Z1fI1AEDTnwLi1E_T_pifp_EES0_ => decltype (new (1) A({parm#1})) f<A>(A)
                _Z1fI1AEDTgsdlfp_ES0_ => decltype (::delete {parm#1}) f<A>(A)
                _Z1fI1AEDTscT_fp_ES0_ => decltype (static_cast<A>({parm#1})) f<A>(A)
                _Z1fI1AEDTcvT__fp_fp_EES0_ => decltype ((A)({parm#1}, {parm#1})) f<A>(A)
                _Z1fI1AEDTppfp_ES0_ => decltype ({parm#1}++) f<A>(A)
                _Z1fI1AEDTpp_fp_ES0_ => decltype (++{parm#1}) f<A>(A)
                _Z1fI1AEDTixfp_Li3EES0_ => decltype ({parm#1}[3]) f<A>(A)
                _Z1fI1AEDTtl1BdXLi0ELi1Edi1yLi1EEES0_ => decltype (B{[0 ... 1].y=(1)}) f<A>(A)
                _Z1fI1AEDTcldtfp_onclEES0_ => decltype (({parm#1}.(operator()))()) f<A>(A)
                _Z1fI1AEDTptfp_gssr1A1BE1xES0_ => decltype ({parm#1}->(::A::B::x)) f<A>(A)
                _Z1fI1AEDTadsrT_onmiES0_ => decltype (&A::operator-) f<A>(A)
                _Z1fI1AENDtptfp_1xE1YES0_ => decltype ({parm#1}->x)::Y f<A>(A)
                _Z1fI1AEDTptfpT1xES0_ => decltype (this->x) f<A>(A)
                _Z1fI1AE1BIXsrT_onplIiEEES0_ => B<A::operator+<int> > f<A>(A)
                _Z1fI1AE1BIXsr1CIiE1DIT_EE5valueEES0_ => B<C<int>::D<A>::value> f<A>(A)
                _Z1fIJicdEEvN1AIXsZT_EE1BE => void f<int, char, double>(A<3>::B)
                _Z1fIJicEEvN1AIXfRplT_Li1EEE1BE => void f<int, char>(A<((int, char)+...+(1))>::B)
                _Z1fIJicEEvN1AIXfrcmT_EE1BE => void f<int, char>(A<((int, char),...)>::B)
                _Z1fIJLi1ELi2EEEv1AIXspplT_Li1EEE => void f<1, 2>(A<(1)+(1), (2)+(1)>)""");
    }

    @Test
    void localNamesAndClosures() {
        assertDemangled("""
                _ZZ1fIiEiT_E1x => f<int>(int)::x
                _ZZ1fvE1x_0 => f()::x
                _ZZ1fvEs_0 => f()::string literal
                _ZZ1fiEd0_NKUlvE_clEv => f(int)::{default arg#2}::{lambda()#1}::operator()() const
                _ZZ1fvENKUlT_E0_clIiEEDaS_ => auto f()::{lambda(auto:1)#2}::operator()<int>(int) const
                _ZZ1fvENKUlDpOT_E_clIJiEEEDaS1_ => auto f()::{lambda((auto:1&&)...)#1}::operator()<int>(int&&) const
                _ZN1AUt0_1fEv => A::{unnamed type#2}::f()
                _ZZ1fvENKUlTyTnT_TtTyETpTyT_T0_DpT2_E_clIiEEDaS0_ => auto f()::{lambda<typename $T0, $T0 $N1, template<typename> class $TT2, \
                typename... $T3>($T0, $N1, ($T3)...)#1}::operator()<int>(int) const""");
    }

    @Test
    void specialNames() {
        assertDemangled("""
                _ZTV1A => vtable for A
                _ZTT1A => VTT for A
                _ZTIPKc => typeinfo for char const*
                _ZTS1A => typeinfo name for A
                _ZTC1A8_1B => construction vtable for B-in-A
                _ZThn8_N1A1fEv => non-virtual thunk to A::f()
                _ZTv8_n8_N1A1fEv => virtual thunk to A::f()
                _ZTcv0_n8_h8_N1A1fEv => covariant return thunk to A::f()
                _ZGVZ1fvE1x => guard variable for f()::x
                _ZGR1x_ => reference temporary #0 for x
                _ZGR1x0_ => reference temporary #1 for x
                _ZTW1x => TLS wrapper function for x
                _ZTH1x => TLS init function for x
                _ZGTt1fv => transaction clone for f()
                _ZTAXtl1ALi1EEE => template parameter object for A{1}
                _ZGIW3fooWP3barW3baz => initializer for module foo:bar.baz
                _GLOBAL__I__Z3foov => global constructors keyed to foo()""");
    }

    @Test
    void operators() {
        assertDemangled("""
                _ZNK1AnwEm => A::operator new(unsigned long) const
                _ZSteqIcEvT_ => void std::operator==<char>(char)
                _ZStlsIcEvT_ => void std::operator<< <char>(char)
                _Zli2_xy => operator"" _x(unsigned long long)
                _ZN1AawEv => A::operator co_await()
                _ZNKSt1AcvbEv => std::A::operator bool() const
                _ZN1Av13fooEv => A::operator foo()""");
    }

    @Test
    void versionsStayAndCloneSuffixesAreNamed() {
        assertDemangled("""
                _ZNSsC1Ev@@GLIBCXX_3.4 => std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string()@@GLIBCXX_3.4
                _Z3foov.isra.0.constprop.1 => foo() [clone .isra.0] [clone .constprop.1]
                _Z3foov.part.0.cold => foo() [clone .part.0] [clone .cold]
                _Z3foov.llvm.1234567 => foo() [clone .llvm.1234567]
                ._Z3foov => .foo()
                $_Z3foov => foo()""");
    }

    @Test
    void otherTextIsLeftAlone() {
        for (String symbol : new String[] {"", "_", "_Z", "_R", "main", "_Z1", "_Z3fo", "_Z1fT_", "_Z1fS_", "_Z1fvXX", "_Z3foov.L",
            "foo@@GLIBC_2.2", "@x", "_GLOBAL__sub_I_foo.cc", "__Z3foov", "_Z99999999999f", "_ZGVbN4v_atanhf", "_ZN1AcvT_IT_EEv", "Z1fv"}) {
            assertThat(Demangler.demangle(symbol)).isEqualTo(symbol);
        }
    }

    @Test
    void nameAloneHasNoParametersNorResult() {
        assertThat(Demangler.withoutParameters("_ZN1A1fIiEEvT_.cold")).isEqualTo("A::f<int>");
        assertThat(Demangler.withoutParameters("_ZNSsC1Ev@@GLIBCXX_3.4"))
                .isEqualTo("std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string");
        assertThat(Demangler.withoutParameters("_ZZN1A1fIiEEvT_EN1B1gEv")).isEqualTo("A::f<int>(int)::B::g");
        assertThat(Demangler.withoutParameters("memcpy@@GLIBC_2.14")).isEqualTo("memcpy@@GLIBC_2.14");
    }

    /** Each substitution doubles the text of the one before. */
    @Test
    void exponentialSubstitutionsAreLeftAlone() {
        StringBuilder symbol = new StringBuilder("_Z1f1AIiiE");
        for (int i = 0; i < 30; i++) {
            String last = "S" + Integer.toString(i, 36).toUpperCase(Locale.ROOT) + "_";
            symbol.append("S_I").append(last).append(last).append('E');
        }
        assertThat(Demangler.demangle(symbol.toString())).isEqualTo(symbol.toString());
    }

    @Test
    void deepNestingIsLeftAlone() {
        for (String unit : new String[] {"P", "A1_", "K", "1AI", "X", "J", "DT", "Z", "N", "U1a", "W1a", "T_", "PF", "S_", "ng"}) {
            for (String start : new String[] {"_Z", "_Z1f", "_ZN", "_Z1fI", "_Z1fIX"}) {
                String symbol = start + unit.repeat(20_000);
                assertThat(Demangler.demangle(symbol)).isEqualTo(symbol);
            }
        }
    }
}
