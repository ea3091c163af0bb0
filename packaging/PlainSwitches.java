import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code PlainSwitches DIRECTORY}: rewrites the pattern switches of all classes below it, so that they need nothing at run time.
 *
 * <p>The compiler leaves the choice of a case to an {@code invokedynamic} of {@link java.lang.runtime.SwitchBootstraps}, which an AOT cache cannot
 * hold: each switch costs a third of a millisecond when it is first met. Here the call goes to a method that is added to the class instead:
 * {@code int (T target, int restart)}, which as documented there gives -1 for null, else the number of the first label from {@code restart} on that
 * the target matches, else the number of labels. Labels that are classes and strings are known, and the constants of the enum that an enumSwitch is
 * about; a call with any other label is left as it is.
 */
final class PlainSwitches {
    private static final ClassDesc BOOTSTRAPS = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
    private static final MethodTypeDesc EQUALS = MethodTypeDesc.of(CD_boolean, CD_Object);
    private static final int PRIVATE_STATIC_SYNTHETIC = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;

    private final ClassFile files;
    private final Map<Choice, String> added = new HashMap<>();

    private PlainSwitches(ClassHierarchyResolver hierarchy) {
        this.files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    }

    /** What a call chooses: the type of its method and its labels. */
    private record Choice(boolean ofEnum, MethodTypeDesc type, List<ConstantDesc> labels) {
        ClassDesc target() {
            return type.parameterType(0);
        }

        boolean isKnown() {
            boolean fits = type.parameterCount() == 2 && !target().isPrimitive() && type.parameterType(1).equals(CD_int);
            for (ConstantDesc label : labels) {
                fits &= label instanceof String || label instanceof ClassDesc type && !type.isPrimitive();
            }
            return fits;
        }
    }

    public static void main(String[] words) throws IOException {
        Path root = Path.of(words[0]);
        List<Path> classes;
        try (Stream<Path> below = Files.walk(root)) {
            classes = below.filter(path -> path.toString().endsWith(".class")).toList();
        }
        ClassHierarchyResolver ours = ClassHierarchyResolver.ofResourceParsing(type -> open(root, type));
        for (Path path : classes) {
            byte[] before = Files.readAllBytes(path);
            byte[] after = rewrite(before, ours.orElse(ClassHierarchyResolver.defaultResolver()));
            if (after != before) {
                Files.write(path, after);
            }
        }
    }

    private static InputStream open(Path root, ClassDesc type) {
        String descriptor = type.descriptorString();
        Path file = root.resolve(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return Files.isRegularFile(file) ? Files.newInputStream(file) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The class with its switches rewritten; the same bytes when it has none that are known. */
    static byte[] rewrite(byte[] bytes, ClassHierarchyResolver hierarchy) {
        var switches = new PlainSwitches(hierarchy);
        ClassModel model = switches.files.parse(bytes);
        byte[] rewritten = switches.files.transformClass(model, (builder, element) -> switches.element(builder, element, model));
        return switches.added.isEmpty() ? bytes : rewritten;
    }

    private void element(ClassBuilder builder, ClassElement element, ClassModel model) {
        if (!(element instanceof MethodModel method) || method.code().isEmpty()) {
            builder.with(element);
            return;
        }
        List<Choice> choices = new ArrayList<>();
        builder.transformMethod(method, (methods, part) -> {
            if (part instanceof CodeModel code) {
                methods.transformCode(code, (to, instruction) -> instruction(to, instruction, model, choices));
            } else {
                methods.with(part);
            }
        });
        for (Choice choice : choices) {
            String name = added.get(choice);
            builder.withMethodBody(name, choice.type(), PRIVATE_STATIC_SYNTHETIC, code -> choose(code, choice));
        }
    }

    private void instruction(CodeBuilder to, CodeElement instruction, ClassModel model, List<Choice> choices) {
        if (!(instruction instanceof InvokeDynamicInstruction call) || !call.bootstrapMethod().owner().equals(BOOTSTRAPS)) {
            to.with(instruction);
            return;
        }
        var choice = new Choice(call.bootstrapMethod().methodName().equals("enumSwitch"), call.typeSymbol(), call.bootstrapArgs());
        if (!choice.isKnown()) {
            to.with(instruction);
            return;
        }
        String name = added.get(choice);
        if (name == null) {
            name = "switch$" + added.size();
            added.put(choice, name);
            choices.add(choice);
        }
        boolean inInterface = (model.flags().flagsMask() & ClassFile.ACC_INTERFACE) != 0;
        to.invokestatic(model.thisClass().asSymbol(), name, choice.type(), inInterface);
    }

    /** Tests one label after the other from {@code restart} on. */
    private static void choose(CodeBuilder code, Choice choice) {
        code.aload(0).ifThen(Opcode.IFNULL, isNull -> isNull.iconst_m1().ireturn());
        List<SwitchCase> starts = new ArrayList<>();
        for (int i = 0; i < choice.labels().size(); i++) {
            starts.add(SwitchCase.of(i, code.newLabel()));
        }
        Label none = code.newLabel();
        code.iload(1).tableswitch(none, starts);
        for (int i = 0; i < choice.labels().size(); i++) {
            int number = i;
            code.labelBinding(starts.get(i).target());
            test(code, choice, choice.labels().get(i));
            code.ifThen(found -> found.loadConstant(number).ireturn());
        }
        code.labelBinding(none).loadConstant(choice.labels().size()).ireturn();
    }

    /** Leaves whether the target matches. */
    private static void test(CodeBuilder code, Choice choice, ConstantDesc label) {
        if (label instanceof ClassDesc type) {
            code.aload(0).instanceOf(type);
        } else if (choice.ofEnum()) {
            code.getstatic(choice.target(), (String) label, choice.target()).aload(0)
                    .ifThenElse(Opcode.IF_ACMPEQ, CodeBuilder::iconst_1, CodeBuilder::iconst_0);
        } else {
            code.loadConstant(label).aload(0).invokevirtual(CD_String, "equals", EQUALS);
        }
    }
}
