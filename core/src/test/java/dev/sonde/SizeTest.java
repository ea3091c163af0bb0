package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Files and methods stay small. The distributions are printed, so that a drift is seen before it is a failure. */
class SizeTest {
    private static final int FILE = 600;
    private static final int FILE_P90 = 300;
    private static final int METHOD = 60;
    private static final int METHOD_P90 = 20;
    private static final int METHOD_MEDIAN = 6;
    private static final int COLUMNS = 150;

    @Test
    void filesHaveAtMost600LinesAndNineOfTenAtMost300() {
        List<Integer> sizes = new ArrayList<>();
        List<String> tooLong = new ArrayList<>();
        for (Path file : ProjectSources.files()) {
            int size = ProjectSources.lines(file).size();
            sizes.add(size);
            if (size > FILE) {
                tooLong.add(file + ": " + size);
            }
        }
        print("files", sizes);
        assertThat(tooLong).isEmpty();
        assertThat(percentile(sizes, 90)).isLessThanOrEqualTo(FILE_P90);
    }

    @Test
    void methodsHaveAtMost60LinesAndHalfAtMost6() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        List<String> tooLong = new ArrayList<>();
        forEachMethod((name, size) -> {
            sizes.add(size);
            if (size > METHOD) {
                tooLong.add(name + ": " + size);
            }
        });
        print("methods", sizes);
        assertThat(tooLong).isEmpty();
        assertThat(percentile(sizes, 90)).isLessThanOrEqualTo(METHOD_P90);
        assertThat(percentile(sizes, 50)).isLessThanOrEqualTo(METHOD_MEDIAN);
    }

    /** Tests too: nothing else is asked of their size. */
    @Test
    void linesHaveAtMost150Columns() {
        List<String> tooLong = new ArrayList<>();
        for (Path directory : List.of(Path.of("src/main/java"), Path.of("src/test/java"))) {
            for (Path file : ProjectSources.files(directory)) {
                List<String> lines = ProjectSources.lines(file);
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).codePointCount(0, lines.get(i).length()) > COLUMNS) {
                        tooLong.add(file + ":" + (i + 1));
                    }
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private interface Measured {
        void method(String name, int lines);
    }

    /** A method counts from its signature to its closing brace; those without a body do not count. */
    private static void forEachMethod(Measured measured) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(ProjectSources.files()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                scan(unit, positions, measured);
            }
        }
    }

    private static void scan(CompilationUnitTree unit, SourcePositions positions, Measured measured) {
        LineMap lines = unit.getLineMap();
        String file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                if (method.getBody() != null && positions.getEndPosition(unit, method) >= 0) {
                    long start = lines.getLineNumber(positions.getStartPosition(unit, method.getModifiers().getAnnotations().isEmpty()
                            ? method : method.getBody()));
                    measured.method(file + " " + method.getName(), (int) (lines.getLineNumber(positions.getEndPosition(unit, method)) - start + 1));
                }
                return super.visitMethod(method, unused);
            }
        }.scan(unit, null);
    }

    private static int percentile(List<Integer> sizes, int percent) {
        List<Integer> sorted = sizes.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void print(String what, List<Integer> sizes) {
        System.out.println("lines of " + sizes.size() + " " + what + ": median " + percentile(sizes, 50) + ", p90 " + percentile(sizes, 90)
                + ", most " + percentile(sizes, 100));
    }
}
