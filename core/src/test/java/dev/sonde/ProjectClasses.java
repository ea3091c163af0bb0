package dev.sonde;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sonde.bytes.Cursor;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The compiled classes of the project, without its tests. */
final class ProjectClasses {
    private static final String ROOT = "dev.sonde.";
    private static final JavaClasses ALL = new ClassFileImporter().importPath(location());

    private ProjectClasses() {}

    private static Path location() {
        try {
            return Path.of(Cursor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static JavaClasses all() {
        return ALL;
    }

    static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT);
    }

    /** The package's name without the root. */
    static String packageOf(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }
}
