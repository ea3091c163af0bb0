package dev.sonde.fuzz;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/** Has a class count the edges of its control flow in {@link Edges#COUNTS}: entries of methods, places that jumps go to, jumps not taken. */
final class EdgeCounter implements CodeTransform {
    private static final ClassDesc EDGES = ClassDesc.of(Edges.class.getName());

    private boolean pending = true;

    private EdgeCounter() {}

    /** The class with its counting. */
    static byte[] instrument(byte[] type) {
        ClassFile file = ClassFile.of();
        return file.transformClass(file.parse(type), ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(EdgeCounter::new)));
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
        if (pending && element instanceof Instruction) {
            count(builder);
            pending = false;
        }
        builder.with(element);
        pending |= element instanceof LabelTarget || element instanceof BranchInstruction;
    }

    private static void count(CodeBuilder builder) {
        builder.getstatic(EDGES, "COUNTS", ConstantDescs.CD_byte.arrayType()).loadConstant(Edges.next()).dup2();
        builder.arrayLoad(TypeKind.BYTE).iconst_1().iadd().i2b().arrayStore(TypeKind.BYTE);
    }
}
