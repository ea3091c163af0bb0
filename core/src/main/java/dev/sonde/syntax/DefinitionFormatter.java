package dev.sonde.syntax;

import dev.sonde.syntax.Definition.Aggregate;
import dev.sonde.syntax.Definition.CType;
import dev.sonde.syntax.Definition.Declarator;
import dev.sonde.syntax.Definition.Enumeration;
import dev.sonde.syntax.Definition.Enumerator;

/** Writes the C part. */
final class DefinitionFormatter {
    private final StringBuilder out;
    private final BlockFormatter blocks;

    DefinitionFormatter(StringBuilder out, BlockFormatter blocks) {
        this.out = out;
        this.blocks = blocks;
    }

    void write(Definition definition) {
        switch (definition) {
            case Definition.Include include ->
                out.append("#include ").append(include.system() ? '<' : '"').append(include.path()).append(include.system() ? '>' : '"');
            case Definition.Define define -> define(define);
            case Definition.Struct struct -> {
                aggregate(struct.type());
                out.append(';');
            }
            case Enumeration enumeration -> {
                enumeration(enumeration);
                out.append(';');
            }
            case Definition.Typedef typedef -> {
                out.append("typedef ");
                declaration(typedef.declarator());
                out.append(';');
            }
        }
    }

    private void define(Definition.Define define) {
        out.append("#define ").append(define.name());
        if (define.functionLike()) {
            out.append('(').append(String.join(", ", define.parameters())).append(')');
        }
        out.append(define.value().isEmpty() ? "" : " ").append(define.value());
    }

    private void aggregate(Aggregate type) {
        out.append(type.union() ? "union" : "struct");
        type.name().ifPresent(name -> out.append(' ').append(name));
        if (type.fields().isPresent()) {
            out.append(' ');
            blocks.open(type.span().start());
            for (Declarator field : type.fields().get()) {
                field(field);
            }
            blocks.close(type.span().end());
        }
        attributes(type);
    }

    private void field(Declarator field) {
        int start = field.span().start();
        boolean moved = blocks.comments(start, start);
        blocks.line(moved ? 0 : start, false);
        declaration(field);
        out.append(';');
        blocks.endLine(field.span().end());
    }

    private void attributes(Aggregate type) {
        if (type.packed() || type.aligned() > 0) {
            out.append(" __attribute__((").append(type.packed() ? "packed" : "");
            out.append(type.packed() && type.aligned() > 0 ? ", " : "");
            out.append(type.aligned() > 0 ? "aligned(" + type.aligned() + ")" : "").append("))");
        }
    }

    private void declaration(Declarator declarator) {
        base(declarator.base());
        boolean named = declarator.name().isPresent();
        out.append(named ? " " : "");
        out.append(declarator.functionPointer() ? "(" : "").repeat('*', declarator.pointers()).append(declarator.name().orElse(""));
        for (Expression dimension : declarator.dimensions()) {
            out.append('[');
            boolean open = dimension.span().text().equals("[");
            if (!open) {
                blocks.expressions().write(dimension);
            }
            out.append(']');
        }
        out.append(declarator.functionPointer() ? ")()" : "");
        if (declarator.bits().isPresent()) {
            out.append(" : ");
            blocks.expressions().write(declarator.bits().get());
        }
    }

    private void base(CType base) {
        switch (base) {
            case CType.Named named -> out.append(named.name());
            case CType.OfAggregate(Aggregate aggregate) -> aggregate(aggregate);
            case CType.OfEnum(Enumeration enumeration) -> enumeration(enumeration);
        }
    }

    private void enumeration(Enumeration enumeration) {
        out.append("enum");
        enumeration.name().ifPresent(name -> out.append(' ').append(name));
        if (enumeration.enumerators().isEmpty()) {
            return;
        }
        out.append(' ');
        blocks.open(enumeration.span().start());
        for (Enumerator enumerator : enumeration.enumerators()) {
            blocks.simple(enumerator.span(), () -> {
                out.append(enumerator.name());
                if (enumerator.value().isPresent()) {
                    out.append(" = ");
                    blocks.expressions().write(enumerator.value().get());
                }
            }, ",");
        }
        blocks.close(enumeration.span().end());
    }
}
