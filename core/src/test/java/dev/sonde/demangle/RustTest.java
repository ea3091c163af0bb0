package dev.sonde.demangle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rust names of both manglings, printed as {@code c++filt -i} prints them. */
class RustTest {
    private static void assertDemangled(String table) {
        table.lines().forEach(line -> {
            int arrow = line.indexOf(" => ");
            assertThat(Demangler.demangle(line.substring(0, arrow))).as(line).isEqualTo(line.substring(arrow + 4));
        });
    }

    @Test
    void legacyNamesLoseTheirHash() {
        assertDemangled("""
                _ZN3foo3bar17h0123456789abcdefE => foo::bar
                _ZN3foo17h0123456789abcdefE.llvm.123 => foo
                _ZN3foo17h0123456789abcdefE@@X => foo@@X
                _ZN8foo..bar17h0123456789abcdefE => foo::bar
                _ZN32$RF$$BP$$LP$$RP$$C$$u20$$SP$$GT$17h0123456789abcdefE => &*(), @>
                _ZN9_$LT$foo$17h0123456789abcdefE => <foo$
                _ZN17h0123456789abcdefE => h0123456789abcdef
                _ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h0123456789abcdefE => \
                <Test + 'static as foo::Bar<Test>>::bar""");
    }

    @Test
    void whatIsNoHashIsCpp() {
        assertDemangled("""
                _ZN3foo17h0000000000000000E => foo::h0000000000000000
                _ZN3foo17h0123456789ABCDEFE => foo::h0123456789ABCDEF
                _ZN3foo17h0123456789abcdefEx => foo::h0123456789abcdef(long long)""");
    }

    @Test
    void paths() {
        assertDemangled("""
                _RNvC1a1b => a::b
                _RNvC1a1b.llvm.123 => a::b
                _RNvC1a1b@VER => a::b@VER
                _RNvC1a1bC1c => a::b
                _RNvC6_123foo3bar => 123foo::bar
                _RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y => utf8_idents::საჭმელად_გემრიელი_სადილი
                _RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_ => cc::spawn::{closure#0}::{closure#0}
                _RNSC1a3foo => a::{shim:foo#0}
                _RNvXC1ahNtC1a1T1f => <u8 as a::T>::f
                _RNvMs_C1ah1f => <u8>::f
                _RINvC1a1bB2_E => a::b::<a>
                _RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std => \
                alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>""");
    }

    @Test
    void types() {
        assertDemangled("""
                _RINvC1a1fabcdefhijlmnopstuvxyzE => a::f::<i8, bool, char, f64, str, f32, u8, isize, usize, i32, u32, i128, u128, _, i16, u16, \
                (), ..., i64, u64, !>
                _RINvC1a1fRL_hQL_hPhOhE => a::f::<&u8, &mut u8, *const u8, *mut u8>
                _RINvC1a1fAhj3_SheE => a::f::<[u8; 3], [u8], str>
                _RINvC1a1fTETheETheeEE => a::f::<(), (u8, str), (u8, str, str)>
                _RINvC1a1fThEE => a::f::<(u8,)>
                _RINvC1a1fFUKCEuFhhEhE => a::f::<unsafe extern "C" fn(), fn(u8, u8) -> u8>
                _RINvC1a1fFK8sys_tem_EuE => a::f::<extern "sys-tem-" fn()>
                _RINvC1a1fFG0_RL0_hRL1_hEuE => a::f::<for<'a, 'b> fn(&'b u8, &'a u8)>
                _RINvC1a1fDG_INtC1a1TRL0_hEEL_E => a::f::<dyn for<'a> a::T<&'a u8>>
                _RINvC1a1fDNtC1a1TNtC1a1UEL_E => a::f::<dyn a::T + a::U>
                _RINvC1a1fDINtC1a1ThEp1XhEL_E => a::f::<dyn a::T<u8, X = u8>>""");
    }

    @Test
    void constants() {
        assertDemangled("""
                _RINvC1a1fKhb_Kanb_Kb0_Kb1_KpE => a::f::<11, -11, false, true, _>
                _RINvC1a1fKc61_Kca_Kc1f600_E => a::f::<'a', '\\n', '\\u{1f600}'>
                _RINvC1a1fKj0_Kjffffffffffffffff_E => a::f::<0, 18446744073709551615>
                _RINvC1a1fKj10000000000000000_E => a::f::<0x10000000000000000>""");
    }

    @Test
    void otherTextIsLeftAlone() {
        for (String symbol : new String[] {"_R", "_RNvC1a1b$foo", "_RNvC1a1bC", "_R0NvC1a1b", "_RNvB_1f", "_RNvNvC1a1bB0_", "_RIC1a",
            "_RINvC1a1fKb2_E", "_RNvC1a9b", "_RINvC1a1fGE", "_RYhB_", "_Random"}) {
            assertThat(Demangler.demangle(symbol)).isEqualTo(symbol);
        }
    }

    @Test
    void deepNestingIsLeftAlone() {
        for (String unit : new String[] {"R", "T", "A", "Nv", "I", "Xs_", "Y", "FG_", "D", "P"}) {
            String symbol = "_RIC1a" + unit.repeat(20_000);
            assertThat(Demangler.demangle(symbol)).isEqualTo(symbol);
        }
    }

    /** Each tuple holds the one before twice. */
    @Test
    void exponentialBackwardReferencesAreLeftAlone() {
        StringBuilder symbol = new StringBuilder("_RIC1aThhE");
        for (int i = 0, target = 4; i < 30; i++) {
            int here = symbol.length() - 2;
            String reference = target < 37 ? "B" + "0123456789abcdefghijklmnopqrstuvwxyz".charAt(target - 1) + "_" : "B" + wide(target) + "_";
            symbol.append('T').append(reference).append(reference).append('E');
            target = here;
        }
        symbol.append('E');
        assertThat(Demangler.demangle(symbol.toString())).isEqualTo(symbol.toString());
    }

    private static String wide(int target) {
        String digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        String low = String.valueOf(digits.charAt((target - 1) % 62));
        return target <= 62 ? low : digits.charAt((target - 1) / 62) + low;
    }
}
