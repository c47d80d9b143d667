package org.medbackup.testreport;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Says where one JVM of a build reports to.
 *
 * @param dir the folder of the report, shared by all modules of a build
 * @param part the name of the module's part, a plain file name
 * @param module the folder of the module, in or equal to the root
 * @param root the folder of the build
 * @param run what all JVMs of one build have in common, and those of another build have not
 */
record ReportSettings(Path dir, String part, Path module, Path root, String run) {

    ReportSettings {
        if (part.contains("/")) {
            throw new IllegalArgumentException("testreport.part must be a plain file name");
        }
        module = module.toAbsolutePath().normalize();
        root = root.toAbsolutePath().normalize();
        if (!real(module).startsWith(real(root))) {
            throw new IllegalArgumentException("testreport.module must lie in testreport.root");
        }
    }

    /** Reads the {@code testreport.*} properties; empty unless all are there, as in a run that an IDE starts. */
    static Optional<ReportSettings> from(Properties properties) {
        var values = Stream.of("dir", "part", "module", "root", "run")
                .map(name -> properties.getProperty("testreport." + name, ""))
                .toList();
        if (values.contains("")) {
            return Optional.empty();
        }
        return Optional.of(new ReportSettings(
                Path.of(values.get(0)), values.get(1), Path.of(values.get(2)), Path.of(values.get(3)), values.get(4)));
    }

    /** The module's place below the root, with {@code /} and a trailing one; empty for the root itself. */
    String modulePrefix() {
        String relative = real(root).relativize(real(module)).toString().replace('\\', '/');
        return relative.isEmpty() ? "" : relative + "/";
    }

    /** The path without symbolic links: Maven may name the module by another way than the root. */
    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            return path.toAbsolutePath().normalize();
        }
    }
}
