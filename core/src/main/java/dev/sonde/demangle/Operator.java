package dev.sonde.demangle;

/** The operators of ABI 5.1.3, and the keywords of 5.1.6 that are encoded in the same way. */
final class Operator {
    /** Two letters of code, the number of operands, the spelling; sorted by code. */
    private static final String[] TABLE = {
        "aN2&=", "aS2=", "aa2&&", "ad1&", "an2&", "at1alignof ", "aw1co_await ", "az1alignof ",
        "cc2const_cast", "cl2()", "cm2,", "co1~",
        "dV2/=", "dX3[...]=", "da1delete[] ", "dc2dynamic_cast", "de1*", "di2=", "dl1delete ", "ds2.*", "dt2.", "dv2/", "dx2]=",
        "eO2^=", "eo2^", "eq2==",
        "fL3...", "fR3...", "fl2...", "fr2...",
        "ge2>=", "gs1::", "gt2>",
        "ix2[]",
        "lS2<<=", "le2<=", "li1operator\"\" ", "ls2<<", "lt2<",
        "mI2-=", "mL2*=", "mi2-", "ml2*", "mm1--",
        "na3new[]", "ne2!=", "ng1-", "nt1!", "nw3new", "nx1noexcept",
        "oR2|=", "oo2||", "or2|",
        "pL2+=", "pl2+", "pm2->*", "pp1++", "ps1+", "pt2->",
        "qu3?",
        "rM2%=", "rS2>>=", "rc2reinterpret_cast", "rm2%", "rs2>>",
        "sP1sizeof...", "sZ1sizeof...", "sc2static_cast", "ss2<=>", "st1sizeof ", "sz1sizeof ",
        "te1typeid ", "ti1typeid ", "tr0throw", "tw1throw ",
    };

    private Operator() {
    }

    /** The place in the table of the operator with this code, or -1. */
    static int find(char first, char second) {
        int low = 0;
        int high = TABLE.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            String entry = TABLE[middle];
            int order = entry.charAt(0) != first ? entry.charAt(0) - first : entry.charAt(1) - second;
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Whether no function can have this code as its name: {@code noexcept} and {@code typeid}. */
    static boolean isKeyword(char first, char second) {
        return first == 'n' && second == 'x' || first == 't' && (second == 'e' || second == 'i');
    }

    static int operands(int operator) {
        return TABLE[operator].charAt(2) - '0';
    }

    /** As written in an expression, with a space after a word that an operand follows. */
    static String spelling(int operator) {
        return TABLE[operator].substring(3);
    }

    /** As a function: {@code operator+}, {@code operator new}. */
    static String functionName(int operator) {
        String spelling = spelling(operator);
        String word = Mangled.isLower(spelling.charAt(0)) ? " " : "";
        return "operator" + word + spelling.stripTrailing();
    }
}
