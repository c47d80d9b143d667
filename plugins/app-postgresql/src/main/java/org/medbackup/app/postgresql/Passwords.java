package org.medbackup.app.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a password comes from: the configuration, then in libpq's order the address, {@code PGPASSWORD}, the password file ({@code PGPASSFILE} or
 * {@code ~/.pgpass}; PostgreSQL manual, "The Password File").
 *
 * @param environment variables of this process
 * @param home the home folder
 * @param configured what the configuration gives, or null
 */
record Passwords(
        Map<String, String> environment,
        Path home,
        @Nullable Secret configured) {

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    static Passwords ofThisProcess() {
        return ofThisProcess(null);
    }

    static Passwords ofThisProcess(@Nullable Secret configured) {
        return new Passwords(System.getenv(), Path.of(System.getProperty("user.home")), configured);
    }

    Passwords(Map<String, String> environment, Path home) {
        this(environment, home, null);
    }

    /** The password for an address, or null where none is to be found; the server may let us in without. */
    @Nullable
    Secret of(PostgresAddress address) {
        if (configured != null) {
            return configured;
        }
        if (address.password() != null) {
            return address.password();
        }
        String variable = environment.get("PGPASSWORD");
        if (variable != null && !variable.isEmpty()) {
            return Secret.ofText(variable);
        }
        String named = environment.get("PGPASSFILE");
        Path file = named == null || named.isEmpty() ? home.resolve(".pgpass") : Path.of(named);
        return Files.isRegularFile(file) ? inFile(file, address) : null;
    }

    private static @Nullable Secret inFile(Path file, PostgresAddress address) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                // libpq ignores such a file with a warning, which nobody sees in a job that runs at night.
                throw ErrorCode.CREDENTIAL_UNREADABLE.because("others can read PostgreSQL's password file");
            }
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                List<String> fields = fields(line);
                if (fields.size() == 5 && matches(fields, address)) {
                    return Secret.ofText(fields.get(4));
                }
            }
            return null;
        } catch (IOException unreadable) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because("PostgreSQL's password file cannot be read", unreadable);
        }
    }

    private static boolean matches(List<String> fields, PostgresAddress address) {
        List<String> wanted =
                List.of(address.host(), Integer.toString(address.port()), address.database(), address.user());
        for (int i = 0; i < wanted.size(); i++) {
            if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Splits at colons; a backslash takes the character behind it as it is. */
    private static List<String> fields(String line) {
        if (line.startsWith("#")) {
            return List.of();
        }
        List<String> fields = new ArrayList<>();
        var field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                field.append(line.charAt(++i));
            } else if (c == ':') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
