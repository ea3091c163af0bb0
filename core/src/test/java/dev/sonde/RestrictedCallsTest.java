package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Native calls and unchecked memory are the business of one package; everything else gets segments that know their bounds. */
class RestrictedCallsTest {
    private static final Set<String> RESTRICTED = Set.of(
            "java.lang.foreign.Linker.downcallHandle",
            "java.lang.foreign.Linker.upcallStub",
            "java.lang.foreign.MemorySegment.reinterpret",
            "java.lang.foreign.SymbolLookup.libraryLookup",
            "java.lang.foreign.AddressLayout.withTargetLayout",
            "java.lang.System.load",
            "java.lang.System.loadLibrary",
            "java.lang.Runtime.load",
            "java.lang.Runtime.loadLibrary");

    @Test
    void restrictedMethodsAreCalledInSysOnly() {
        var callers = new TreeSet<String>();
        boolean seen = false;
        for (JavaClass type : ProjectClasses.all()) {
            for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
                if (RESTRICTED.contains(call.getTargetOwner().getName() + "." + call.getName())) {
                    seen = true;
                    if (!ProjectClasses.packageOf(type).equals("sys")) {
                        callers.add(call.getDescription());
                    }
                }
            }
        }
        assertThat(callers).isEmpty();
        assertThat(seen).as("sys makes its call this way").isTrue();
    }

    @Test
    void onlyTheCommandEndsTheProcess() {
        var callers = new TreeSet<String>();
        for (JavaClass type : ProjectClasses.all()) {
            for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
                String name = call.getTargetOwner().getName() + "." + call.getName();
                if ((name.equals("java.lang.System.exit") || name.equals("java.lang.Runtime.halt"))
                        && !ProjectClasses.packageOf(type).equals("cli")) {
                    callers.add(call.getDescription());
                }
            }
        }
        assertThat(callers).isEmpty();
    }
}
