package dev.sonde.syntax;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Expression.IfValue;
import dev.sonde.syntax.Script.Block;
import dev.sonde.syntax.Statement.If;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statements and blocks.
 *
 * <p>A block is read as one that has a value: a last expression, {@code if … else} or block without a semicolon is its result. Where the value
 * is not used, {@link #body} turns that result into a statement again.
 */
final class BlockParser {
    private final Scanner in;
    private final ExpressionParser expressions;
    private boolean unclosed;

    BlockParser(Scanner in, ExpressionParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    /** Forgets that a block was not closed: the next definition or probe begins. */
    void resume() {
        unclosed = false;
    }

    /** A block whose value is not used. */
    Block body() {
        return withoutValue(block());
    }

    /** A block with its value. */
    Block block() {
        int open = in.at();
        int level = in.depth();
        in.expect('{');
        in.enter();
        var statements = new ArrayList<Statement>();
        Expression result = null;
        while (!in.atEnd() && in.peek() != '}' && !unclosed && !in.startsProbe()) {
            result = item(statements);
        }
        close(open);
        in.leave(level);
        return new Block(in.from(open), statements, Optional.ofNullable(result));
    }

    private void close(int open) {
        if (in.accept('}') || unclosed) {
            return;
        }
        unclosed = true;
        in.report(Diagnostic.at(in.token(), DiagnosticCode.SYNTAX, "syntax: expected '}'").note(in.span(open, open + 1), "this '{' is not closed"));
    }

    /** One statement into {@code out}, or the value of the block, which nothing but its end may follow. */
    private Expression item(List<Statement> out) {
        if (in.accept(';')) {
            return null;
        }
        int level = in.depth();
        try {
            return statement(out);
        } catch (Failure _) {
            in.leave(level);
            in.skipStatement();
            return null;
        }
    }

    private Expression statement(List<Statement> out) {
        int start = in.at();
        String word = in.wordAt(start);
        switch (word) {
            case "if" -> {
                return compound(out, start, ifStatement(start));
            }
            case "for" -> out.add(forLoop(start));
            case "while" -> out.add(whileLoop(start));
            case "unroll" -> out.add(unroll(start));
            case "let" -> out.add(let(start));
            case "return" -> out.add(returned(start));
            case "break", "continue" -> out.add(jump(start, word));
            case "else" -> throw in.fail(in.token(), "expected statement", "this 'else' has no 'if' right before it");
            default -> {
                return in.peek() == '{' ? compound(out, start, nested(start)) : simple(out, start, word);
            }
        }
        return null;
    }

    private Expression simple(List<Statement> out, int start, String word) {
        if (word.equals("import") && in.charAt(in.next(start + word.length())) == '"') {
            out.add(imported(start));
            return null;
        }
        return expression(out, start, expressions.expression());
    }

    private Statement nested(int start) {
        Block block = block();
        return new Statement.Nested(in.from(start), block);
    }

    /** An {@code if} or nested block: the left operand of an operator that follows, the value of the outer block, or a statement. */
    private Expression compound(List<Statement> out, int start, Statement statement) {
        if (!unclosed && expressions.continues()) {
            return expression(out, start, expressions.continued(start, value(statement)));
        }
        if (in.peek() == '}' && hasValue(statement)) {
            return value(statement);
        }
        in.accept(';');
        out.add(withoutValue(statement));
        return null;
    }

    /** What follows an expression at the start of a statement: an assignment, a semicolon, or the end of the block. */
    private Expression expression(List<Statement> out, int start, Expression expression) {
        if (in.isAssignment()) {
            out.add(assignment(start, expression));
            return null;
        }
        BinaryOperator operator = assignmentOperator();
        if (operator != null) {
            checkTarget(expression);
            in.take(operator.text().length() + 1);
            Expression value = expressions.expression();
            out.add(new Statement.Assign(in.from(start), expression, Optional.of(operator), value));
            end();
            return null;
        }
        if (in.peek() == '}') {
            return expression;
        }
        out.add(new Statement.Evaluate(in.from(start), expression));
        if (expression instanceof IfValue || expression instanceof Expression.BlockValue) {
            in.accept(';');
        } else {
            end();
        }
        return null;
    }

    private Statement assignment(int start, Expression target) {
        List<String> names = variables(target);
        boolean discard = target instanceof Expression.Identifier(var _, String name) && name.equals("_");
        if (names.isEmpty() && !discard) {
            checkTarget(target);
        }
        in.take(1);
        Expression value = expressions.expression();
        var span = in.from(start);
        end();
        return discard ? new Statement.Discard(span, value)
                : names.isEmpty() ? new Statement.Assign(span, target, Optional.empty(), value)
                : new Statement.Destructure(span, names, value);
    }

    /** The names of a tuple of variables; empty for anything else. */
    private static List<String> variables(Expression target) {
        var names = new ArrayList<String>();
        if (target instanceof Expression.Tuple tuple) {
            for (Expression element : tuple.elements()) {
                if (!(element instanceof Expression.Variable variable)) {
                    return List.of();
                }
                names.add(variable.name());
            }
        }
        return List.copyOf(names);
    }

    private void checkTarget(Expression target) {
        if (target instanceof Expression.Identifier(_, String name)) {
            in.report(in.token(), "expected ';'", "a variable is written '$" + name + "', a map '@" + name + "'");
        } else if (!ExpressionParser.isPlace(target)) {
            in.report(in.token(), "expected ';'", "only a variable or a map can be assigned to");
        }
    }

    private BinaryOperator assignmentOperator() {
        char next = in.charAt(in.at() + 1);
        return switch (in.peek()) {
            case '+' -> next == '=' ? BinaryOperator.ADD : null;
            case '-' -> next == '=' ? BinaryOperator.SUB : null;
            case '*' -> next == '=' ? BinaryOperator.MUL : null;
            case '/' -> next == '=' ? BinaryOperator.DIV : null;
            case '%' -> next == '=' ? BinaryOperator.MOD : null;
            case '&' -> next == '=' ? BinaryOperator.AND : null;
            case '|' -> next == '=' ? BinaryOperator.OR : null;
            case '^' -> next == '=' ? BinaryOperator.XOR : null;
            case '<' -> in.is("<<=") ? BinaryOperator.SHL : null;
            case '>' -> in.is(">>=") ? BinaryOperator.SHR : null;
            default -> null;
        };
    }

    /** The {@code ;} after a statement, which may be missing before <code>}</code>. */
    private void end() {
        if (in.accept(';') || in.peek() == '}' || in.atEnd()) {
            return;
        }
        boolean nextLine = in.slice(in.last(), in.at()).indexOf('\n') >= 0;
        in.report(nextLine ? in.span(in.last(), in.last()) : in.token(), "expected ';'");
        if (!in.isWord() && in.peek() != '$' && in.peek() != '@') {
            throw Failure.INSTANCE;
        }
    }

    private Statement let(int start) {
        in.take("let".length());
        if (in.accept('(')) {
            return letTuple(start);
        }
        if (in.peek() == '@') {
            throw in.fail(in.token(), "expected variable after 'let'", "a map is declared outside of probes");
        }
        String name = expressions.primaries().variable("expected variable after 'let'").name();
        Optional<TypeName> type = in.accept(':') ? Optional.of(expressions.types().type()) : Optional.empty();
        Optional<Expression> value = in.accept('=') ? Optional.of(expressions.expression()) : Optional.empty();
        var let = new Statement.Let(in.from(start), name, type, value);
        end();
        return let;
    }

    private Statement letTuple(int start) {
        var names = new ArrayList<String>();
        do {
            names.add(expressions.primaries().variable("expected variable").name());
        } while (in.accept(',') && in.peek() != ')');
        in.expect(')');
        in.expect('=');
        Expression value = expressions.expression();
        var destructure = new Statement.Destructure(in.from(start), List.copyOf(names), value);
        end();
        return destructure;
    }

    private Statement returned(int start) {
        in.take("return".length());
        boolean bare = in.peek() == ';' || in.peek() == '}' || in.atEnd();
        Optional<Expression> value = bare ? Optional.empty() : Optional.of(expressions.expression());
        var statement = new Statement.Return(in.from(start), value);
        end();
        return statement;
    }

    private Statement jump(int start, String word) {
        in.take(word.length());
        var span = in.from(start);
        end();
        return word.equals("break") ? new Statement.Break(span) : new Statement.Continue(span);
    }

    private Statement imported(int start) {
        in.take("import".length());
        String path = expressions.primaries().literals().string().value();
        var statement = new Statement.ImportStatement(in.from(start), path);
        end();
        return statement;
    }

    private If ifStatement(int start) {
        int level = in.depth();
        in.enter();
        in.take("if".length());
        boolean comptime = in.acceptWord("comptime");
        Expression condition = condition();
        Block then = branch();
        Optional<Block> otherwise = in.acceptWord("else") ? Optional.of(otherwise()) : Optional.empty();
        in.leave(level);
        return new If(in.from(start), comptime, condition, then, otherwise);
    }

    private Block otherwise() {
        if (!in.isWord("if")) {
            return branch();
        }
        If chained = ifStatement(in.at());
        return hasValue(chained) ? new Block(chained.span(), List.of(), Optional.of(value(chained)))
                : new Block(chained.span(), List.of(withoutValue(chained)), Optional.empty());
    }

    /** An {@code if} where a value is wanted. */
    IfValue ifValue() {
        return value(ifStatement(in.at()));
    }

    /** A condition; a mistake in it does not hide those of the block after it. */
    private Expression condition() {
        int start = in.at();
        int level = in.depth();
        try {
            Expression condition = expressions.expression();
            boolean assigns = condition instanceof Expression.OfRecord record && record.names().size() == 1;
            if (in.isAssignment() || assigns) {
                throw in.fail(assigns ? condition.span() : in.token(), "expected a condition", "to compare, write '=='");
            }
            return condition;
        } catch (Failure failure) {
            in.leave(level);
            if (!in.skipToBrace()) {
                throw failure;
            }
            return new Expression.IntegerLiteral(in.from(start), 0, false);
        }
    }

    /** The block after a condition; a statement without braces is reported and taken for it. */
    private Block branch() {
        if (in.peek() == '{') {
            return block();
        }
        if (!in.isWord() && in.peek() != '$' && in.peek() != '@') {
            throw in.fail("expected '{'");
        }
        in.report(in.token(), "expected '{'", "a body needs braces, even of one statement");
        int start = in.at();
        var statements = new ArrayList<Statement>();
        Expression value = item(statements);
        return new Block(in.from(start), statements, Optional.ofNullable(value));
    }

    private Statement whileLoop(int start) {
        in.take("while".length());
        Expression condition = condition();
        Block body = withoutValue(branch());
        return new Statement.While(in.from(start), condition, body);
    }

    private Statement unroll(int start) {
        in.take("unroll".length());
        Expression count = condition();
        Block body = withoutValue(branch());
        return new Statement.Unroll(in.from(start), count, body);
    }

    private Statement forLoop(int start) {
        in.take("for".length());
        int level = in.depth();
        try {
            return forHeader(start);
        } catch (Failure failure) {
            in.leave(level);
            if (!in.skipToBrace()) {
                throw failure;
            }
            return new Statement.Nested(in.from(start), body());
        }
    }

    private Statement forHeader(int start) {
        boolean parentheses = in.accept('(');
        String name = expressions.primaries().variable("expected variable in for loop").name();
        in.expect(':');
        Expression from = expressions.expression();
        Expression to = in.accept("..") ? expressions.expression() : null;
        if (parentheses) {
            in.expect(')');
        }
        if (to != null) {
            Block body = withoutValue(branch());
            return new Statement.ForRange(in.from(start), name, from, to, body);
        }
        if (!(from instanceof Expression.MapReference map)) {
            throw in.fail(from.span(), "expected map or range in for loop");
        }
        Block body = withoutValue(branch());
        return new Statement.ForMap(in.from(start), name, map, body);
    }

    /** Whether a statement at the end of a block is the value of the block. */
    private static boolean hasValue(Statement statement) {
        return statement instanceof If branch ? hasValue(branch.then()) && branch.otherwise().isPresent() && hasValue(branch.otherwise().get())
                : statement instanceof Statement.Nested nested && hasValue(nested.block());
    }

    private static boolean hasValue(Block block) {
        return block.result().isPresent();
    }

    /** Whether {@code result} needs no parentheses to be read as the value of a block. */
    static boolean isPlainResult(Expression result) {
        return result instanceof IfValue branch ? hasValue(branch.yes()) && hasValue(branch.no())
                : !(result instanceof Expression.BlockValue nested) || hasValue(nested.block());
    }

    private static Expression value(Statement statement) {
        return statement instanceof Statement.Nested nested ? new Expression.BlockValue(nested.span(), nested.block()) : value((If) statement);
    }

    private static IfValue value(If branch) {
        var end = branch.span().source().span(branch.span().end(), branch.span().end());
        Block no = branch.otherwise().orElseGet(() -> new Block(end, List.of(), Optional.empty()));
        return new IfValue(branch.span(), branch.comptime(), branch.condition(), branch.then(), no);
    }

    /** The same block with its result, if it has one, as its last statement. */
    private static Block withoutValue(Block block) {
        if (!hasValue(block)) {
            return block;
        }
        var statements = new ArrayList<>(block.statements());
        statements.add(withoutValue(block.result().get()));
        return new Block(block.span(), statements, Optional.empty());
    }

    private static Statement withoutValue(Expression result) {
        if (result instanceof IfValue value) {
            Block no = value.no();
            Optional<Block> otherwise = no.statements().isEmpty() && !hasValue(no) ? Optional.empty() : Optional.of(withoutValue(no));
            return new If(value.span(), value.comptime(), value.condition(), withoutValue(value.yes()), otherwise);
        }
        return result instanceof Expression.BlockValue value ? new Statement.Nested(value.span(), withoutValue(value.block()))
                : new Statement.Evaluate(result.span(), result);
    }

    private static Statement withoutValue(Statement statement) {
        if (statement instanceof If branch) {
            Optional<Block> otherwise = branch.otherwise().map(BlockParser::withoutValue);
            return new If(branch.span(), branch.comptime(), branch.condition(), withoutValue(branch.then()), otherwise);
        }
        return statement instanceof Statement.Nested nested ? new Statement.Nested(nested.span(), withoutValue(nested.block())) : statement;
    }
}
