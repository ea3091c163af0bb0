package dev.sonde.demangle;

/**
 * A declared parameter of a generic closure: {@code typename $T0}, {@code int $N1}, {@code template<typename> class $TT2}.
 *
 * @param kind {@code 'y'} type, {@code 'k'} constrained type, {@code 'n'} value, {@code 't'} template, as the ABI spells them
 * @param pack whether it is a pack
 * @param type the type of a value or the concept of a constrained type, else null
 * @param head the parameters of a template, else empty
 */
record TemplateParameter(char kind, boolean pack, Node type, TemplateParameter[] head) {
    static final TemplateParameter[] NONE = {};

    static void printHead(TemplateParameter[] head, Printer out) {
        out.append('<');
        for (int i = 0; i < head.length; i++) {
            out.append(i == 0 ? "" : ", ");
            head[i].printKind(out);
            out.append(' ');
            head[i].printName(i, out);
        }
        out.append('>');
    }

    void printName(int index, Printer out) {
        out.append(switch (kind) {
            case 'n' -> "$N";
            case 't' -> "$TT";
            default -> "$T";
        });
        out.append(index);
    }

    private void printKind(Printer out) {
        if (type != null) {
            out.print(type);
        } else if (kind == 't') {
            printTemplateKind(out);
        } else {
            out.append("typename");
        }
        out.append(pack ? "..." : "");
    }

    private void printTemplateKind(Printer out) {
        out.append("template<");
        for (int i = 0; i < head.length; i++) {
            out.append(i == 0 ? "" : ", ");
            head[i].printKind(out);
        }
        out.append("> class");
    }
}
