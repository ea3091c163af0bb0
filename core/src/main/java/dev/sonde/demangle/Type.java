package dev.sonde.demangle;

/** A type: ABI 5.1.5. */
sealed interface Type extends Node {
    /** A fundamental type. {@code literal} is what follows a literal of it, {@code "["} for floating bits, null when the type is written out. */
    record Builtin(String name, String literal) implements Type {
        @Override
        public void left(Printer out) {
            out.append(name);
        }
    }

    /** A type with words after it that apply to it: {@code int const}. {@code bit} marks const, volatile, restrict; else it is 0. */
    record Qualified(Node type, int bit, String words) implements Type {
        @Override
        public void left(Printer out) {
            boolean promised = (out.qualifiers & bit) != 0;
            out.leftQualified(type, bit == 0 ? 0 : out.qualifiers | bit);
            if (!promised) {
                out.append(out.inside(type) == Inside.FUNCTION ? "(" : "");
                out.append(words);
            }
        }

        @Override
        public void right(Printer out) {
            out.append(out.inside(type) == Inside.FUNCTION ? ")" : "");
            out.right(type);
        }

        @Override
        public Inside inside(Printer out) {
            return out.inside(type) == Inside.ARRAY ? Inside.ARRAY : Inside.NOTHING;
        }

        @Override
        public boolean encloses(Printer out) {
            return out.encloses(type);
        }

        @Override
        public Pack pack(Printer out) {
            return out.pack(type);
        }
    }

    /** A type with a vendor's qualifier, which may have template arguments. */
    record VendorQualified(Node type, Node qualifier) implements Type {
        @Override
        public void left(Printer out) {
            out.left(type);
            out.append(out.inside(type) == Inside.FUNCTION ? "( " : " ");
            out.print(qualifier);
        }

        @Override
        public void right(Printer out) {
            out.append(out.inside(type) == Inside.FUNCTION ? ")" : "");
            out.right(type);
        }

        @Override
        public Inside inside(Printer out) {
            return out.inside(type) == Inside.ARRAY ? Inside.ARRAY : Inside.NOTHING;
        }

        @Override
        public boolean encloses(Printer out) {
            return out.encloses(type);
        }

        @Override
        public Pack pack(Printer out) {
            return Node.packIn(out, type, qualifier);
        }
    }

    /** A pointer; {@code owner} is the class of a pointer to member, else null. */
    record Pointer(Node type, Node owner) implements Type {
        @Override
        public void left(Printer out) {
            leftOf(type, out);
            if (owner != null) {
                out.append(out.last() == '(' ? "" : " ");
                out.print(owner);
                out.append("::");
            }
            out.append('*');
        }

        /** The left half of what is pointed to, with the parenthesis that a function or array needs. */
        static void leftOf(Node type, Printer out) {
            out.left(type);
            Inside inside = out.inside(type);
            if (inside != Inside.NOTHING) {
                out.append(inside == Inside.FUNCTION && "(* ".indexOf(out.last()) >= 0 ? "(" : " (");
            }
        }

        static void rightOf(Node type, Printer out) {
            out.append(out.inside(type) == Inside.NOTHING ? "" : ")");
            out.right(type);
        }

        @Override
        public void right(Printer out) {
            rightOf(type, out);
        }

        @Override
        public boolean encloses(Printer out) {
            return out.encloses(type);
        }

        @Override
        public Pack pack(Printer out) {
            return Node.packIn(out, owner, type);
        }
    }

    /** A reference. One to a reference, as a template parameter can stand for, collapses: an lvalue reference wins. */
    final class Reference implements Type {
        private final Node type;
        private final boolean rvalue;
        private int active;

        Reference(Node type, boolean rvalue) {
            this.type = type;
            this.rvalue = rvalue;
        }

        @Override
        public void left(Printer out) {
            Printer.Scope held = enter(out);
            Reference shown = collapsed(out);
            Pointer.leftOf(shown.type, out);
            out.append(shown.rvalue ? "&&" : "&");
            leave(out, held);
        }

        @Override
        public void right(Printer out) {
            Printer.Scope held = enter(out);
            Pointer.rightOf(collapsed(out).type, out);
            leave(out, held);
        }

        @Override
        public boolean encloses(Printer out) {
            Printer.Scope held = enter(out);
            boolean encloses = out.encloses(collapsed(out).type);
            leave(out, held);
            return encloses;
        }

        private Reference collapsed(Printer out) {
            Node target = out.lambda == null && type instanceof Parameter parameter ? parameter.resolve(out) : type;
            return target instanceof Reference inner ? new Reference(inner.type, rvalue && inner.rvalue) : this;
        }

        /** A substitution met outside the template where it was first printed still means that template's parameters. */
        private Printer.Scope enter(Printer out) {
            Printer.Scope held = out.scope;
            if (out.lambda == null && type instanceof Parameter parameter) {
                out.scope = parameter.scopeIn(out.scope, active > 0);
            }
            active++;
            return held;
        }

        private void leave(Printer out, Printer.Scope held) {
            active--;
            out.scope = held;
        }

        @Override
        public Pack pack(Printer out) {
            return out.pack(type);
        }
    }

    /** An array. {@code dimension} is null when unknown. */
    record Array(Node dimension, Node element) implements Type {
        @Override
        public void left(Printer out) {
            out.leftQualified(element, out.qualifiers);
        }

        @Override
        public void right(Printer out) {
            out.append(out.last() == ']' ? "[" : " [");
            if (dimension != null) {
                out.print(dimension);
            }
            out.append(']');
            out.right(element);
        }

        @Override
        public Inside inside(Printer out) {
            return Inside.ARRAY;
        }

        @Override
        public boolean encloses(Printer out) {
            return true;
        }

        @Override
        public Pack pack(Printer out) {
            return Node.packIn(out, dimension, element);
        }
    }

    /** A function type. {@code result} is null when it is not mangled; {@code qualifiers} are printed after the parameters. */
    record Function(Node result, Node[] parameters, Node[] qualifiers) implements Type {
        @Override
        public void left(Printer out) {
            leftOfName(out);
        }

        /** The result, if it is known, and the space before what follows. */
        void leftOfName(Printer out) {
            if (result != null) {
                out.left(result);
                out.append(out.encloses(result) ? "" : " ");
            }
        }

        @Override
        public void right(Printer out) {
            out.append('(');
            out.list(parameters);
            out.append(')');
            for (Node qualifier : qualifiers) {
                out.print(qualifier);
            }
            if (result != null) {
                out.right(result);
            }
        }

        Function withoutResult() {
            return new Function(null, parameters, qualifiers);
        }

        @Override
        public Inside inside(Printer out) {
            return Inside.FUNCTION;
        }

        @Override
        public boolean encloses(Printer out) {
            return true;
        }

        @Override
        public Pack pack(Printer out) {
            Pack pack = result == null ? null : out.pack(result);
            return pack == null ? Node.packIn(out, parameters) : pack;
        }
    }

    /** {@code before}, a part in parentheses, nothing more: {@code decltype (e)}, {@code noexcept(e)}. */
    record Wrapped(String before, Node... parts) implements Type {
        @Override
        public void left(Printer out) {
            out.append(before);
            out.append('(');
            out.list(parts);
            out.append(')');
        }

        @Override
        public Pack pack(Printer out) {
            return Node.packIn(out, parts);
        }
    }

    /** A vector of {@code dimension} elements. */
    record Vector(Node dimension, Node element) implements Type {
        @Override
        public void left(Printer out) {
            out.left(element);
            out.append(" __vector");
            out.parenthesised(dimension);
        }

        @Override
        public void right(Printer out) {
            out.right(element);
        }

        @Override
        public Pack pack(Printer out) {
            return Node.packIn(out, dimension, element);
        }
    }

    /** The arguments of a parameter pack. */
    record Pack(Node[] elements) implements Type {
        @Override
        public void left(Printer out) {
            out.list(elements);
        }
    }

    /** A pattern printed once an argument of the first pack in it; with an ellipsis when no argument is known. */
    record Expansion(Node pattern) implements Type {
        @Override
        public void left(Printer out) {
            Pack pack = out.lambda == null ? out.pack(pattern) : null;
            if (pack == null) {
                out.operand(pattern);
                out.append("...");
                return;
            }
            for (int i = 0; i < pack.elements.length; i++) {
                out.append(i == 0 ? "" : ", ");
                out.packIndex = i;
                out.print(pattern);
            }
        }
    }

    /** A template parameter, by its place in the argument list. */
    final class Parameter implements Type {
        private final int index;
        private Printer.Scope first;
        private int active;

        Parameter(int index) {
            this.index = index;
        }

        /** The argument in the innermost template in scope; of a pack, the element being printed. */
        Node resolve(Printer out) {
            Node argument = argument(out);
            if (argument instanceof Pack pack && out.packIndex >= 0) {
                if (out.packIndex >= pack.elements.length) {
                    throw NotMangledException.INSTANCE;
                }
                return pack.elements[out.packIndex];
            }
            return argument;
        }

        private Node argument(Printer out) {
            if (out.scope == null || index >= out.scope.template().arguments().length) {
                throw NotMangledException.INSTANCE;
            }
            return out.scope.template().arguments()[index];
        }

        /** {@code current} at the first reference to this parameter; later the same, unless within that reference or this parameter. */
        Printer.Scope scopeIn(Printer.Scope current, boolean within) {
            if (first == null) {
                first = current;
            }
            return within || active > 0 ? current : first;
        }

        @Override
        public void left(Printer out) {
            if (out.lambda != null) {
                printOwn(out);
                return;
            }
            Node argument = resolve(out);
            Printer.Scope held = enter(out);
            out.leftQualified(argument, out.qualifiers);
            leave(out, held);
        }

        private void printOwn(Printer out) {
            TemplateParameter[] head = out.lambda.head();
            if (index < head.length) {
                head[index].printName(index, out);
            } else {
                out.append("auto:");
                out.append(index + 1);
            }
        }

        @Override
        public void right(Printer out) {
            if (out.lambda == null) {
                Node argument = resolve(out);
                Printer.Scope held = enter(out);
                out.right(argument);
                leave(out, held);
            }
        }

        @Override
        public Inside inside(Printer out) {
            if (out.lambda != null) {
                return Inside.NOTHING;
            }
            Node argument = resolve(out);
            Printer.Scope held = enter(out);
            Inside inside = out.inside(argument);
            leave(out, held);
            return inside;
        }

        @Override
        public boolean encloses(Printer out) {
            if (out.lambda != null) {
                return false;
            }
            Node argument = resolve(out);
            Printer.Scope held = enter(out);
            boolean encloses = out.encloses(argument);
            leave(out, held);
            return encloses;
        }

        private Printer.Scope enter(Printer out) {
            Printer.Scope held = out.scope;
            out.scope = held.outer();
            active++;
            return held;
        }

        private void leave(Printer out, Printer.Scope held) {
            out.scope = held;
            active--;
        }

        @Override
        public Pack pack(Printer out) {
            return argument(out) instanceof Pack pack ? pack : null;
        }
    }
}
