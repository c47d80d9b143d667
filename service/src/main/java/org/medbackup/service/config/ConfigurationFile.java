package org.medbackup.service.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.Yaml;

/** Reads configuration files. Immutable; safe for use by several threads. */
public final class ConfigurationFile {

    private final Collection<ApplicationProvider> providers;
    private final Collection<ChannelProvider> channels;
    private final Map<String, String> environment;

    /**
     * A reader that knows no ways to people.
     *
     * @param providers of the kinds of applications that are known
     * @param environment of this process, for secrets
     */
    public ConfigurationFile(Collection<ApplicationProvider> providers, Map<String, String> environment) {
        this(providers, List.of(), environment);
    }

    /**
     * A reader.
     *
     * @param providers of the kinds of applications that are known
     * @param channels of the kinds of ways to people that are known
     * @param environment of this process, for secrets
     */
    public ConfigurationFile(
            Collection<ApplicationProvider> providers,
            Collection<ChannelProvider> channels,
            Map<String, String> environment) {
        this.providers = List.copyOf(providers);
        this.channels = List.copyOf(channels);
        this.environment = Map.copyOf(environment);
    }

    /**
     * What was read.
     *
     * @param configuration null where an error was found
     * @param findings all of them, in the order of the lines
     */
    public record Reading(@Nullable Configuration configuration, List<Finding> findings) {

        public Reading {
            findings = List.copyOf(findings);
        }

        /** Whether it can be used. */
        public boolean isUsable() {
            return configuration != null;
        }
    }

    /** The schema, as JSON. */
    public static String schema() {
        try (InputStream stream = ConfigurationFile.class.getResourceAsStream("medbackup.schema.json")) {
            if (stream == null) {
                throw new IllegalStateException("the schema is missing in this build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Reads a file and says everything that is wrong with it.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CONFIGURATION_INVALID} where it cannot be read
     */
    public Reading read(Path file) {
        Yaml yaml;
        try {
            yaml = Yaml.parse(text(file));
        } catch (DocumentException malformed) {
            return new Reading(
                    null,
                    List.of(new Finding(
                            Finding.Severity.ERROR,
                            malformed.position().line(),
                            "",
                            malformed.getMessage() + " (column "
                                    + malformed.position().column() + ")",
                            "Mend the YAML at this place.")));
        }
        var findings = new ArrayList<Finding>();
        for (JsonSchema.Fault fault : JsonSchema.parse(schema()).check(yaml.value())) {
            findings.add(finding(yaml, fault));
        }
        if (findings.isEmpty()) {
            findings.addAll(new GovernorRules(yaml).malformed());
        }
        findings.addAll(ConfigurationRules.malformedAddresses(yaml));
        findings.addAll(PolicySection.malformed(yaml));
        Configuration configuration = null;
        if (findings.isEmpty() && yaml.value() instanceof JsonValue.Members root) {
            configuration = new ConfigurationBinding(file, yaml).bind(root);
            findings.addAll(new ConfigurationRules(yaml, providers, environment).check(configuration));
            findings.addAll(new JobRules(yaml).check(configuration));
            findings.addAll(new DrillRules(yaml, TimeSource.system().now()).check(configuration));
            findings.addAll(PolicySection.check(yaml, configuration));
            findings.addAll(ComplianceSection.check(yaml, configuration));
            findings.addAll(new NotificationRules(yaml, channels, environment).check(configuration));
            findings.addAll(new GovernorRules(yaml)
                    .check(configuration.governor(), TimeSource.system().now()));
        }
        findings.sort(java.util.Comparator.comparingInt(Finding::line));
        boolean usable = findings.stream().noneMatch(each -> each.severity() == Finding.Severity.ERROR);
        return new Reading(usable ? configuration : null, findings);
    }

    /**
     * Reads a file that is to be used now.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CONFIGURATION_INVALID} naming the first error
     */
    public Configuration load(Path file) {
        Reading reading = read(file);
        Configuration configuration = reading.configuration();
        if (configuration != null) {
            return configuration;
        }
        Finding first = reading.findings().stream()
                .filter(each -> each.severity() == Finding.Severity.ERROR)
                .findFirst()
                .orElseThrow();
        BackupException invalid = ErrorCode.CONFIGURATION_INVALID.because(first.text());
        throw invalid.about(file.toString());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException absent) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the file does not exist")
                    .about(file.toString());
        } catch (CharacterCodingException binary) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the file is not UTF-8 text", binary)
                    .about(file.toString());
        } catch (IOException unreadable) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the file cannot be read", unreadable)
                    .about(file.toString());
        }
    }

    private static Finding finding(Yaml yaml, JsonSchema.Fault fault) {
        String key = Keys.dotted(fault.pointer());
        String remedy = "See docs/configuration.md for what may stand here.";
        if (!fault.known().isEmpty()) {
            remedy = Keys.nearest(Keys.last(fault.pointer()), fault.known())
                    .map(near -> "Did you mean " + near + "?")
                    .orElse("Known here: " + String.join(", ", fault.known()) + ".");
        }
        return new Finding(Finding.Severity.ERROR, yaml.at(fault.pointer()).line(), key, fault.message(), remedy);
    }
}
