package org.medbackup.service.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/** Where a secret is, never the secret itself. */
public sealed interface SecretReference {

    /** The first line of a file that only its owner may read. */
    record OfFile(Path file) implements SecretReference {

        @Override
        public String toString() {
            return "file:" + file;
        }
    }

    /** A variable of the environment. */
    record OfEnvironment(String name) implements SecretReference {

        @Override
        public String toString() {
            return "env:" + name;
        }
    }

    /** Reads a reference as the schema allows it. */
    static SecretReference parse(String text) {
        return text.startsWith("env:")
                ? new OfEnvironment(text.substring("env:".length()))
                : new OfFile(Path.of(text.substring("file:".length())));
    }

    /**
     * Why the secret cannot be had now; empty where it can.
     *
     * @param environment of this process
     */
    default String fault(Map<String, String> environment) {
        return switch (this) {
            case OfEnvironment variable ->
                environment.getOrDefault(variable.name(), "").isEmpty() ? "the variable is not set" : "";
            case OfFile file -> fileFault(file.file());
        };
    }

    private static String fileFault(Path file) {
        try {
            if (Files.isDirectory(file)) {
                return "it is a folder";
            }
            Set<PosixFilePermission> open = EnumSet.noneOf(PosixFilePermission.class);
            open.addAll(Files.getPosixFilePermissions(file));
            open.removeAll(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            if (!open.isEmpty()) {
                return "others than its owner may use the file; chmod 600 it";
            }
            return Files.isReadable(file) ? "" : "the file cannot be read by this user";
        } catch (NoSuchFileException absent) {
            return "the file does not exist";
        } catch (IOException unreadable) {
            return "the file cannot be read";
        }
    }

    /**
     * Gets the secret.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE}
     */
    default Secret secret(Map<String, String> environment) {
        String fault = fault(environment);
        if (!fault.isEmpty()) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because(fault).with("reference", this);
        }
        return switch (this) {
            case OfEnvironment variable -> Secret.ofText(environment.getOrDefault(variable.name(), ""));
            case OfFile file -> firstLine(file.file());
        };
    }

    /**
     * The first line of a file.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CREDENTIAL_UNREADABLE}
     */
    static Secret firstLine(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int end = 0;
            while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
                end++;
            }
            Secret secret = Secret.copyOf(Arrays.copyOf(bytes, end));
            Arrays.fill(bytes, (byte) 0);
            return secret;
        } catch (IOException unreadable) {
            throw ErrorCode.CREDENTIAL_UNREADABLE
                    .because("the file cannot be read", unreadable)
                    .with("file", file);
        }
    }
}
