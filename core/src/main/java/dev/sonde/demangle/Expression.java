package dev.sonde.demangle;

/** An expression in a type or template argument: ABI 5.1.6. Operators are given by their spelling, with a space after a word. */
sealed interface Expression extends Node {
    /** {@code op operand}. */
    record Unary(String operator, Node operand) implements Expression {
        @Override
        public void left(Printer out) {
            out.append(operator);
            switch (operator) {
                case "&" -> out.operand(withoutSignature(operand));
                case "::" -> out.print(operand);
                default -> out.operand(operand);
            }
        }

        /** The address of a member function is written without its parameters, unless it has qualifiers. */
        private static Node withoutSignature(Node operand) {
            return operand instanceof Name.Encoding e && e.name() instanceof Name.Qualified name && e.type().qualifiers().length == 0
                    ? name : operand;
        }

        @Override
        public Type.Pack pack(Printer out) {
            return out.pack(operand);
        }
    }

    /** {@code operand op}. */
    record Postfix(Node operand, String operator) implements Expression {
        @Override
        public void left(Printer out) {
            out.operand(operand);
            out.append(operator);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return out.pack(operand);
        }
    }

    /** {@code left op right}; a greater-than in parentheses, as it could end template arguments. */
    record Binary(String operator, Node first, Node second) implements Expression {
        @Override
        public void left(Printer out) {
            boolean greater = operator.equals(">");
            out.append(greater ? "(" : "");
            out.operand(first);
            out.append(operator);
            out.operand(second);
            out.append(greater ? ")" : "");
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, first, second);
        }
    }

    /** {@code first[second]}. */
    record Subscript(Node first, Node second) implements Expression {
        @Override
        public void left(Printer out) {
            out.operand(first);
            out.append('[');
            out.print(second);
            out.append(']');
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, first, second);
        }
    }

    /** {@code function(arguments)}. */
    record Call(Node function, List arguments) implements Expression {
        @Override
        public void left(Printer out) {
            out.operand(function instanceof Name.Encoding e ? e.name() : function);
            out.operand(arguments);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, function, arguments);
        }
    }

    /** Expressions separated by commas. */
    record List(Node[] elements) implements Expression {
        @Override
        public void left(Printer out) {
            out.list(elements);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, elements);
        }
    }

    /** {@code condition?yes : no}. */
    record Conditional(Node condition, Node yes, Node no) implements Expression {
        @Override
        public void left(Printer out) {
            out.operand(condition);
            out.append('?');
            out.operand(yes);
            out.append(" : ");
            out.operand(no);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, condition, yes, no);
        }
    }

    /** {@code new (placement) type(initialiser)}; without a placement the list is empty, without an initialiser it is null. */
    record New(List placement, Node type, Node initialiser) implements Expression {
        @Override
        public void left(Printer out) {
            out.append("new ");
            if (placement.elements.length > 0) {
                out.operand(placement);
                out.append(' ');
            }
            out.print(type);
            if (initialiser != null) {
                out.operand(initialiser);
            }
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, placement, type, initialiser);
        }
    }

    /** {@code (type)operand}. */
    record Cast(Node type, Node operand) implements Expression {
        @Override
        public void left(Printer out) {
            out.parenthesised(type);
            out.operand(operand);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, type, operand);
        }
    }

    /** {@code static_cast<type>(operand)} and its like. */
    record NamedCast(String operator, Node type, Node operand) implements Expression {
        @Override
        public void left(Printer out) {
            out.append(operator);
            out.append('<');
            out.print(type);
            out.append('>');
            out.parenthesised(operand);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, type, operand);
        }
    }

    /** A fold; {@code first} or {@code second} is null where the ellipsis ends the expression. A pack in it is written whole. */
    record Fold(String operator, Node first, Node second) implements Expression {
        @Override
        public void left(Printer out) {
            int held = out.packIndex;
            out.packIndex = -1;
            out.append('(');
            if (first != null) {
                out.operand(first);
                out.append(operator);
            }
            out.append("...");
            if (second != null) {
                out.append(operator);
                out.operand(second);
            }
            out.append(')');
            out.packIndex = held;
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, first, second);
        }
    }

    /** {@code sizeof...}: the number of arguments itself. */
    record PackSize(Node[] arguments, boolean counted) implements Expression {
        @Override
        public void left(Printer out) {
            int size = 0;
            for (Node argument : arguments) {
                Type.Pack pack = packOf(argument, out);
                size += pack == null ? counted ? 1 : 0 : pack.elements().length;
            }
            out.append(size);
        }

        private Type.Pack packOf(Node argument, Printer out) {
            if (counted) {
                return argument instanceof Type.Expansion expansion ? out.pack(expansion.pattern()) : null;
            }
            return out.pack(argument);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, arguments);
        }
    }

    /** {@code type{elements}}; {@code type} may be null. */
    record Braced(Node type, List elements) implements Expression {
        @Override
        public void left(Printer out) {
            if (type != null) {
                out.print(type);
            }
            out.append('{');
            out.print(elements);
            out.append('}');
        }

        @Override
        public boolean isSimple() {
            return true;
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, type, elements);
        }
    }

    /** A designated initialiser: {@code .member=(value)}, {@code [first ... last]=(value)}; {@code member} tells the two apart. */
    record Designated(boolean member, Node first, Node last, Node value) implements Expression {
        @Override
        public void left(Printer out) {
            out.append(member ? '.' : '[');
            out.print(first);
            if (last != null) {
                out.append(" ... ");
                out.print(last);
            }
            out.append(member ? "" : "]");
            if (value instanceof Designated) {
                out.print(value);
            } else {
                out.append('=');
                out.operand(value);
            }
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, first, last, value);
        }
    }

    /** A literal; the value as mangled. */
    record Literal(Node type, boolean negative, String value) implements Expression {
        @Override
        public void left(Printer out) {
            String form = type instanceof Type.Builtin builtin ? builtin.literal() : null;
            if (form != null && form.equals("?") && !negative && (value.equals("0") || value.equals("1"))) {
                out.append(value.equals("0") ? "false" : "true");
            } else if (form == null || form.equals("?") || form.equals("[")) {
                printCast(form, out);
            } else {
                out.append(negative ? "-" : "");
                out.append(value);
                out.append(form);
            }
        }

        private void printCast(String form, Printer out) {
            out.parenthesised(type);
            out.append(negative ? "-" : "");
            boolean bits = "[".equals(form);
            out.append(bits ? "[" : "");
            out.append(value);
            out.append(bits ? "]" : "");
        }

        @Override
        public Type.Pack pack(Printer out) {
            return out.pack(type);
        }
    }
}
