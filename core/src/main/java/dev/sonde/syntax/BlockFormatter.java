package dev.sonde.syntax;

import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.syntax.Script.Block;
import java.util.List;
import java.util.Optional;

/** Writes blocks and statements with two spaces a level, the comments between them, and at most one empty line where the source had some. */
final class BlockFormatter {
    private final StringBuilder out;
    private final String text;
    private final List<Span> trivia;
    private final ExpressionFormatter expressions;
    private int indent;
    private int next;
    private boolean fresh = true;

    BlockFormatter(StringBuilder out, Source source, List<Span> trivia) {
        this.out = out;
        this.text = source.text();
        this.trivia = trivia;
        this.expressions = new ExpressionFormatter(out, this);
    }

    ExpressionFormatter expressions() {
        return expressions;
    }

    /** Starts a line for what stood at {@code start}, after an empty line if one was there or {@code apart}. */
    void line(int start, boolean apart) {
        if (!fresh && (apart || blankBefore(start))) {
            out.append('\n');
        }
        fresh = false;
        out.repeat(' ', 2 * indent);
    }

    /** Ends a line, with the comments that stood behind {@code end} on its line. */
    void endLine(int end) {
        int behind = end;
        while (next < trivia.size() && isBehind(behind, trivia.get(next))) {
            Span comment = trivia.get(next++);
            out.append(' ').append(comment.text().strip());
            behind = comment.end();
        }
        out.append('\n');
    }

    /** Whether {@code comment} is one of a single line and nothing but a separator stands between {@code end} and it. */
    private boolean isBehind(int end, Span comment) {
        for (int i = end; i < comment.start(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c > ' ' && c != ';' && c != ',') {
                return false;
            }
        }
        return comment.start() >= end && text.charAt(comment.start()) != '#' && comment.text().indexOf('\n') < 0;
    }

    /** Writes the comments before {@code limit} on lines of their own; those inside what begins at {@code start} go before it. */
    boolean comments(int start, int limit) {
        boolean any = false;
        for (; next < trivia.size() && trivia.get(next).start() < limit; next++, any = true) {
            Span comment = trivia.get(next);
            boolean directive = text.charAt(comment.start()) == '#';
            int outer = indent;
            indent = directive ? 0 : indent;
            line(any ? comment.start() : Math.min(start, comment.start()), false);
            indent = outer;
            out.append(comment.text().strip()).append('\n');
        }
        return any && trivia.get(next - 1).start() > start;
    }

    private boolean blankBefore(int start) {
        int newlines = 0;
        for (int i = start - 1; i >= 0 && text.charAt(i) <= ' '; i--) {
            newlines += text.charAt(i) == '\n' ? 1 : 0;
        }
        return newlines > 1 && start > 0;
    }

    /** A line of {@code content} that stood at {@code span}, with the comments before and behind it. */
    void simple(Span span, Runnable content, String end) {
        boolean moved = comments(span.start(), span.end());
        line(moved ? 0 : span.start(), false);
        content.run();
        out.append(end);
        endLine(span.end());
    }

    /** Goes one level deeper after an opening brace at {@code open}. */
    void open(int open) {
        out.append('{');
        endLine(open + 1);
        indent++;
        fresh = true;
    }

    /** Writes the comments before the closing brace, and the brace. */
    void close(int end) {
        comments(end, end);
        indent--;
        fresh = false;
        out.repeat(' ', 2 * indent).append('}');
    }

    /** A block in braces; nothing is written after the closing one. */
    void block(Block block) {
        int end = block.span().end();
        boolean comments = next < trivia.size() && trivia.get(next).start() < end;
        if (block.statements().isEmpty() && block.result().isEmpty() && !comments) {
            out.append("{}");
            return;
        }
        open(block.span().start());
        for (Statement statement : block.statements()) {
            statement(statement);
        }
        block.result().ifPresent(this::result);
        close(end);
    }

    private void result(Expression result) {
        simple(result.span(), () -> {
            if (BlockParser.isPlainResult(result)) {
                expressions.write(result);
            } else {
                expressions.writeStatement(result);
            }
        }, "");
    }

    /** On one line if the block is a mere value. */
    void inline(Block block) {
        boolean compound = block.result().isEmpty() || block.result().get() instanceof Expression.IfValue
                || block.result().get() instanceof Expression.BlockValue;
        if (compound || !block.statements().isEmpty()) {
            block(block);
            return;
        }
        out.append("{ ");
        expressions.write(block.result().get());
        out.append(" }");
    }

    void ifValue(Expression.IfValue value) {
        out.append(value.comptime() ? "if comptime (" : "if (");
        expressions.write(value.condition());
        out.append(") ");
        inline(value.yes());
        Block no = value.no();
        if (no.statements().isEmpty() && no.result().isPresent() && no.result().get() instanceof Expression.IfValue chained) {
            out.append(" else ");
            ifValue(chained);
        } else if (!no.statements().isEmpty() || no.result().isPresent()) {
            otherwise(no, true);
        }
    }

    private void otherwise(Block no, boolean inline) {
        out.append(" else ");
        if (no.result().isEmpty() && no.statements().size() == 1 && no.statements().getFirst() instanceof Statement.If chained) {
            branch(chained);
        } else if (inline) {
            inline(no);
        } else {
            block(no);
        }
    }

    private void branch(Statement.If branch) {
        out.append(branch.comptime() ? "if comptime (" : "if (");
        expressions.write(branch.condition());
        out.append(") ");
        block(branch.then());
        branch.otherwise().ifPresent(no -> otherwise(no, false));
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.If branch -> compound(branch, branch.then(), () -> branch(branch));
            case Statement.Unroll loop -> loop(loop, "unroll (", loop.count(), loop.body());
            case Statement.While loop -> loop(loop, "while (", loop.condition(), loop.body());
            case Statement.ForRange loop -> compound(loop, loop.body(), () -> range(loop));
            case Statement.ForMap loop -> compound(loop, loop.body(), () -> {
                out.append("for ($").append(loop.name()).append(" : @").append(loop.map().name()).append(") ");
                block(loop.body());
            });
            case Statement.Nested nested -> compound(nested, nested.block(), () -> block(nested.block()));
            case Statement.Evaluate _, Statement.Assign _, Statement.Discard _, Statement.Let _, Statement.Destructure _, Statement.Break _,
                    Statement.Continue _, Statement.Return _, Statement.ImportStatement _ ->
                simple(statement.span(), () -> simple(statement), ";");
        }
    }

    private void loop(Statement statement, String word, Expression condition, Block body) {
        compound(statement, body, () -> {
            out.append(word);
            expressions.write(condition);
            out.append(") ");
            block(body);
        });
    }

    private void range(Statement.ForRange loop) {
        out.append("for ($").append(loop.name()).append(" : ");
        expressions.writePrimary(loop.from());
        out.append("..");
        expressions.writePrimary(loop.to());
        out.append(") ");
        block(loop.body());
    }

    private void compound(Statement statement, Block first, Runnable content) {
        Span span = statement.span();
        boolean moved = comments(span.start(), first.span().start());
        line(moved ? 0 : span.start(), false);
        content.run();
        endLine(span.end());
    }

    private void simple(Statement statement) {
        switch (statement) {
            case Statement.Evaluate(_, Expression expression) -> expressions.writeStatement(expression);
            case Statement.Assign assign -> {
                expressions.write(assign.target());
                out.append(' ').append(assign.operator().map(BinaryOperator::text).orElse("")).append("= ");
                expressions.write(assign.value());
            }
            case Statement.Discard discard -> {
                out.append("_ = ");
                expressions.write(discard.value());
            }
            case Statement.Let let -> let(let);
            case Statement.Destructure destructure -> {
                out.append("let ($").append(String.join(", $", destructure.names())).append(") = ");
                expressions.write(destructure.value());
            }
            case Statement.Break _ -> out.append("break");
            case Statement.Continue _ -> out.append("continue");
            case Statement.Return(_, Optional<Expression> value) -> {
                out.append(value.isPresent() ? "return " : "return");
                value.ifPresent(expressions::write);
            }
            case Statement.ImportStatement imported -> out.append("import ").append(ExpressionFormatter.quoted(imported.path()));
            case Statement.If _, Statement.Unroll _, Statement.While _, Statement.ForRange _, Statement.ForMap _, Statement.Nested _ ->
                throw new IllegalArgumentException("not one line: " + statement);
        }
    }

    private void let(Statement.Let let) {
        out.append("let $").append(let.name());
        if (let.type().isPresent()) {
            out.append(" : ");
            expressions.type(let.type().get());
        }
        if (let.value().isPresent()) {
            out.append(" = ");
            expressions.write(let.value().get());
        }
    }
}
