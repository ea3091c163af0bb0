package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches do the same after {@code packaging/PlainSwitches.java}, which the image is built with, has rewritten them. */
class PlainSwitchesTest {
    private static final String SAMPLE = """
            import java.util.*;

            public class Sample {
                sealed interface Shape permits Circle, Square, Pair, Colour {}
                record Circle(int r) implements Shape {}
                record Square(int a) implements Shape {}
                record Pair(Shape first, Shape second) implements Shape {}
                enum Colour implements Shape { RED, GREEN { }, BLUE }

                static String type(Object o) {
                    return switch (o) {
                        case null -> "null";
                        case Circle c when c.r() > 3 -> "large";
                        case Circle c -> "circle";
                        case Pair(Circle a, Square b) -> "circle and square";
                        case Pair(Shape a, Pair b) -> "nested " + type(b);
                        case Pair p when p.first() == p.second() -> "twice";
                        case Shape s when s instanceof Colour -> "colour " + colour((Colour) s);
                        case Shape s -> "shape";
                        case String s when s.isEmpty() -> "empty";
                        case int[] a -> "ints " + a.length;
                        case String[][] a -> "strings";
                        case CharSequence s -> text(s.toString());
                        default -> "other " + boxed(o) + new Inner().name(o);
                    };
                }

                static String colour(Colour c) {
                    return switch (c) {
                        case null -> "none";
                        case RED -> "red";
                        case Colour x when x.ordinal() == 2 -> "third";
                        case GREEN -> "green";
                        case BLUE -> "blue";
                    };
                }

                static String text(String s) {
                    return switch (s) {
                        case "a" -> "A";
                        case String t when t.length() == 2 -> "two";
                        case "bb", "ccc" -> "some";
                        case String t -> t;
                    };
                }

                static String boxed(Object o) {
                    return o instanceof Integer i ? switch (i) {
                        case 1 -> "one";
                        case Integer j when j > 5 -> "many";
                        case Integer j -> "few";
                    } : "no number";
                }

                static String constant(Shape s) {
                    return switch (s) {
                        case Colour.RED -> "red";
                        case Colour c -> "colour";
                        case Shape t -> "shape";
                    };
                }

                interface Named {
                    default String name(Object o) {
                        return switch (o) {
                            case Integer i when i > 5 -> "large";
                            case Number n -> "number";
                            default -> throw new IllegalStateException("not a number");
                        };
                    }
                }
                static class Inner implements Named {}

                public static String answers() {
                    Circle circle = new Circle(1);
                    Square square = new Square(2);
                    Pair pair = new Pair(circle, square);
                    var all = new ArrayList<Object>(Arrays.asList(null, circle, new Circle(4), square, pair, new Pair(square, pair),
                            new Pair(square, square), new Pair(square, circle), "", "a", "bb", "ccc", "dddd", new StringBuilder("x"),
                            new int[3], new String[0][0], new String[0], 1, 2, 7, 7L, 'c', true));
                    all.addAll(List.of(Colour.values()));
                    var answers = new StringJoiner("\\n");
                    for (Object o : all) {
                        try {
                            answers.add(type(o) + (o instanceof Shape s ? constant(s) : ""));
                        } catch (RuntimeException e) {
                            answers.add(e.toString());
                        }
                    }
                    return answers.add(colour(null)).toString();
                }
            }
            """;

    @TempDir
    private static Path plain;
    @TempDir
    private static Path compiled;

    @BeforeAll
    static void rewrite() throws Exception {
        Path source = Files.writeString(plain.resolve("Sample.java"), SAMPLE);
        compile(source, compiled);
        compile(source, plain);
        try (var loader = new URLClassLoader(new URL[] {program().toUri().toURL()})) {
            Method main = loader.loadClass("PlainSwitches").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[] {plain.toString()});
        }
    }

    private static Path program() throws IOException {
        Path directory = Files.createDirectory(compiled.resolve("program"));
        compile(Path.of("../packaging/PlainSwitches.java"), directory);
        return directory;
    }

    private static void compile(Path source, Path directory) {
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-d", directory.toString(), source.toString())).isZero();
    }

    private static Object answers(Path directory) throws Exception {
        try (var loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            return loader.loadClass("Sample").getMethod("answers").invoke(null);
        }
    }

    @Test
    void answersAreTheSame() throws Exception {
        assertThat(answers(plain)).isEqualTo(answers(compiled)).asString().contains("twice", "third", "large", "not a number", "some");
    }

    @Test
    void onlySwitchesWithOtherLabelsAreLeft() throws IOException {
        assertThat(dynamic(compiled)).contains("type", "colour", "text", "name", "boxed", "constant");
        assertThat(dynamic(plain)).containsExactly("boxed", "constant");
    }

    @Test
    void classWithoutSwitchesIsNotTouched() throws IOException {
        assertThat(plain.resolve("Sample$Circle.class")).hasSameBinaryContentAs(compiled.resolve("Sample$Circle.class"));
    }

    /** The methods that ask for a case at run time. */
    private static Set<String> dynamic(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String name : new String[] {"Sample", "Sample$Named"}) {
            ClassModel model = ClassFile.of().parse(directory.resolve(name + ".class"));
            for (MethodModel method : model.methods()) {
                method.code().ifPresent(code -> code.forEach(element -> {
                    if (element instanceof InvokeDynamicInstruction call && call.bootstrapMethod().owner().displayName().equals("SwitchBootstraps")) {
                        names.add(method.methodName().stringValue());
                    }
                }));
            }
        }
        return names;
    }
}
