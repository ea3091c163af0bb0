package dev.sonde.demangle;

/** A part of a name: ABI 5.1.2 to 5.1.4, 5.1.7 and 5.1.8. */
sealed interface Name extends Node {
    /** An identifier, or anything else whose text is fixed. */
    record Text(String text) implements Name {
        @Override
        public void left(Printer out) {
            out.append(text);
        }

        @Override
        public boolean isSimple() {
            return true;
        }
    }

    /** {@code operator+} and its like. */
    record OperatorName(String text) implements Name {
        @Override
        public void left(Printer out) {
            out.append(text);
        }
    }

    /** {@code scope::name}. */
    record Qualified(Node scope, Node name) implements Name {
        @Override
        public void left(Printer out) {
            out.print(scope);
            out.append("::");
            out.print(name);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, scope, name);
        }

        @Override
        public boolean isSimple() {
            return true;
        }

        @Override
        public boolean namesResult() {
            return name.namesResult();
        }

        @Override
        public Template classTemplate() {
            return scope instanceof Template template ? template : scope.classTemplate();
        }
    }

    /** {@code encoding::entity}: an entity inside a function, ABI 5.1.7. */
    record Local(Node encoding, Node entity) implements Name {
        @Override
        public void left(Printer out) {
            out.print(encoding);
            out.append("::");
            out.print(entity);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, encoding, entity);
        }

        @Override
        public Template template() {
            return entity.template();
        }

        @Override
        public boolean namesResult() {
            return entity.namesResult();
        }

        @Override
        public Template classTemplate() {
            return entity.classTemplate();
        }
    }

    /** {@code {default arg#1}::entity}. */
    record DefaultArgument(int number, Node entity) implements Name {
        @Override
        public void left(Printer out) {
            out.append("{default arg#");
            out.append(number);
            out.append("}::");
            out.print(entity);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return out.pack(entity);
        }

        @Override
        public Template template() {
            return entity.template();
        }
    }

    /** {@code name<arguments>}. */
    record Template(Node name, Node[] arguments) implements Name {
        @Override
        public void left(Printer out) {
            Template held = out.template;
            out.template = this;
            out.print(name);
            out.arguments(arguments);
            out.template = held;
        }

        @Override
        public Type.Pack pack(Printer out) {
            Type.Pack pack = out.pack(name);
            return pack == null ? Node.packIn(out, arguments) : pack;
        }

        @Override
        public Template template() {
            return this;
        }
    }

    /** A constructor, or with {@code "~"} a destructor. */
    record Structor(String prefix, Node type) implements Name {
        @Override
        public void left(Printer out) {
            out.append(prefix);
            out.print(type);
        }

        @Override
        public boolean namesResult() {
            return false;
        }
    }

    /** {@code operator type}; the type may use parameters of the template whose name this is. */
    record Conversion(Node type) implements Name {
        @Override
        public void left(Printer out) {
            Printer.Scope held = out.scope;
            if (out.template != null) {
                out.scope = new Printer.Scope(held, out.template);
            }
            out.append("operator ");
            out.print(type);
            out.scope = held;
        }

        @Override
        public Type.Pack pack(Printer out) {
            return out.pack(type);
        }

        @Override
        public boolean namesResult() {
            return false;
        }
    }

    /** A name with an ABI tag, and any other name followed by fixed text. */
    record Tagged(Node name, String tag) implements Name {
        @Override
        public void left(Printer out) {
            out.print(name);
            out.append(tag);
        }

        @Override
        public Type.Pack pack(Printer out) {
            return out.pack(name);
        }

        @Override
        public boolean namesResult() {
            return name.namesResult();
        }
    }

    /** {@code name@module}. */
    record Attached(Node name, Node module) implements Name {
        @Override
        public void left(Printer out) {
            out.print(name);
            out.append('@');
            out.print(module);
        }
    }

    /** {@code outer.name}, {@code outer:partition}; {@code outer} is null for the first word. */
    record Module(Node outer, char separator, Node name) implements Name {
        @Override
        public void left(Printer out) {
            if (outer != null) {
                out.print(outer);
            }
            if (outer != null || separator == ':') {
                out.append(separator);
            }
            out.print(name);
        }
    }

    /** {@code {lambda(parameters)#1}}, with the parameters of its template head, if it has one. */
    record Lambda(TemplateParameter[] head, Node[] parameters, int number) implements Name {
        @Override
        public void left(Printer out) {
            Lambda held = out.lambda;
            out.lambda = this;
            out.append("{lambda");
            if (head.length > 0) {
                TemplateParameter.printHead(head, out);
            }
            out.append('(');
            out.list(parameters);
            out.append(")#");
            out.append(number);
            out.append('}');
            out.lambda = held;
        }
    }

    /** {@code [a, b]}: a structured binding. */
    record Binding(Node[] names) implements Name {
        @Override
        public void left(Printer out) {
            out.append('[');
            out.list(names);
            out.append(']');
        }
    }

    /** A function: its name and type. {@code template} is the one whose parameters the type may name, or null. */
    record Encoding(Node name, Template template, Type.Function type) implements Name {
        @Override
        public void left(Printer out) {
            Printer.Scope held = out.scope;
            Printer.Scope inner = template == null ? held : new Printer.Scope(held, template);
            out.scope = inner;
            type.leftOfName(out);
            out.scope = held;
            out.print(name);
            out.scope = inner;
            type.right(out);
            out.scope = held;
        }

        @Override
        public Type.Pack pack(Printer out) {
            return Node.packIn(out, name, type);
        }
    }

    /** A special name: words, a part, and perhaps more words and a second part (ABI 5.1.4). */
    record Special(String before, Node first, String between, Node second) implements Name {
        Special(String before, Node first) {
            this(before, first, "", null);
        }

        @Override
        public void left(Printer out) {
            out.append(before);
            out.print(first);
            out.append(between);
            if (second != null) {
                out.print(second);
            }
        }
    }
}
