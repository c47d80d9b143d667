package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/** A file of options for MariaDB's programs, which nobody else can read: a password must not stand on a command line. */
final class OptionFile {

    private OptionFile() {}

    static Path write(Path file, String group, Map<String, String> options) throws IOException {
        var text = new StringBuilder("[" + group + "]\n");
        new TreeMap<>(options).forEach((name, value) -> {
            if (!value.isEmpty()) {
                text.append(name).append("=\"").append(escaped(value)).append("\"\n");
            }
        });
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    /** MariaDB manual, "Configuring MariaDB with Option Files", escape sequences. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
