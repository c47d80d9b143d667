package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.config.ConfigurationFile.Reading;

class ConfigurationFileTest {

    @TempDir
    Path temp;

    /** A kind of application that is only named. */
    private record Kind(String name, List<ConnectionOption> options) implements ApplicationProvider {

        @Override
        public Set<String> kinds() {
            return Set.of(name);
        }

        @Override
        public Application open(Connection connection, Outside outside) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ApplicationRecovery recovery(Outside outside) {
            throw new UnsupportedOperationException();
        }
    }

    private static final List<ApplicationProvider> KINDS = List.of(
            new Kind("postgresql", List.of(ConnectionOption.secret("password", "The role's password."))),
            new Kind(
                    "archive",
                    List.of(
                            ConnectionOption.required("folder", "Where its images lie."),
                            ConnectionOption.optional("mode", "How."))));

    private Reading read(String text) {
        return new ConfigurationFile(KINDS, Map.of("TOKEN", "canary-env")).read(write("medbackup.yaml", text));
    }

    private Path write(String name, String text) {
        try {
            Path file = Files.writeString(temp.resolve(name), text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private Configuration usable(String text) {
        Reading reading = read(text);
        assertThat(reading.findings()).isEmpty();
        assertThat(reading.isUsable()).isTrue();
        return new ConfigurationFile(KINDS, Map.of("TOKEN", "x")).load(temp.resolve("medbackup.yaml"));
    }

    @Test
    void everythingThatAFileSaysHolds() {
        Path password = write("password", "canary-password\nsecond line\n");
        Configuration read = usable("""
            repository: s3://bucket/prefix
            password: file:%s
            state: /srv/state
            applications:
              ehr:
                url: postgresql://backup@127.0.0.1:5432/
                secrets: {password: "env:TOKEN"}
                allowCrashConsistent: true
                budget: {frozen: 500 ms, added: 1min}
                hooks:
                  freeze: {command: [/usr/bin/true, a b], timeout: 2 s, success: [0, 5], sha256: "%s"}
                  thaw: {command: [/usr/bin/true]}
              images:
                url: archive://pacs/
                options: {folder: /srv/images, mode: 7}
            groups:
              hospital: {members: [images, ehr], deadline: 15 s}
            """.formatted(password, "ab".repeat(32)));

        ApplicationEntry ehr = present(read.applications().get("ehr"));
        assertThat(ehr.kind()).isEqualTo("postgresql");
        assertThat(ehr.allowCrashConsistent()).isTrue();
        assertThat(ehr.frozen()).isEqualTo(Duration.ofMillis(500));
        assertThat(ehr.added()).isEqualTo(Duration.ofMinutes(1));
        assertThat(ehr.hooks().get("freeze"))
                .isEqualTo(new HookEntry(
                        List.of("/usr/bin/true", "a b"), Duration.ofSeconds(2), Set.of(0, 5), "ab".repeat(32)));
        assertThat(ehr.hooks().get("thaw"))
                .isEqualTo(new HookEntry(List.of("/usr/bin/true"), HookEntry.TIMEOUT, Set.of(0), ""));
        ApplicationEntry images = present(read.applications().get("images"));
        assertThat(images.options()).containsEntry("mode", "7").containsEntry("folder", "/srv/images");
        assertThat(images.frozen()).isEqualTo(ApplicationEntry.FROZEN);
        assertThat(images.added()).isEqualTo(ApplicationEntry.ADDED);
        assertThat(images.allowCrashConsistent()).isFalse();
        assertThat(read.groups().get("hospital"))
                .isEqualTo(new GroupEntry("hospital", List.of("images", "ehr"), Duration.ofSeconds(15)));
        assertThat(read.repository()).isEqualTo("s3://bucket/prefix");
        assertThat(read.state()).isEqualTo(Path.of("/srv/state"));
        try (Secret secret = present(ehr.secrets().get("password")).secret(Map.of("TOKEN", "canary-env"))) {
            assertThat(secret.matches(Secret.ofText("canary-env"))).isTrue();
        }
        assertThat(CredentialSource.of(read, Map.of()))
                .isInstanceOfSatisfying(
                        CredentialSource.Password.class,
                        known -> assertThat(known.secret().matches(Secret.ofText("canary-password")))
                                .isTrue());
        assertThat(read.toString()).doesNotContain("canary");
    }

    private static <T> T present(@Nullable T value) {
        return java.util.Objects.requireNonNull(value);
    }

    @Test
    void anEmptyFileSaysNothing() {
        Configuration read = usable("");

        assertThat(read.applications()).isEmpty();
        assertThat(read.repository()).isNull();
        assertThat(CredentialSource.of(read, Map.of())).isEqualTo(new CredentialSource.None());
        assertThat(Configuration.none().values()).isEmpty();
    }

    @Test
    void aKeyFileOpensTheRepository() {
        Path key = write("writer.key", "key");
        Configuration read = usable("keyFile: " + key + "\n");

        assertThat(CredentialSource.of(read, Map.of())).isEqualTo(new CredentialSource.KeyFile(key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`repositry: x`|1|repositry|not known|Did you mean repository?",
                "`a: 1~qqqqqqqq: x`|1|a|not known|Known here: repository",
                "`state: 7`|1|state|of type|docs/configuration.md",
                "`state:~  x: 1`|1|state|of type|docs/configuration.md",
                "`password: secret`|1|password|should match|docs/configuration.md",
                "`applications:~  ehr: {}`|2|applications.ehr|url is missing|docs/configuration.md",
                "`applications:~  ehr:~    url: postgresql://h/~    bugdet: {}`|4|applications.ehr.bugdet|not"
                        + " known|Did you mean budget?",
                "`applications:~  ehr:~    url: postgersql://h/`|3|applications.ehr.url|no connector|Did you mean"
                        + " postgresql?",
                "`applications:~  ehr:~    url: ftp://h/`|3|applications.ehr.url|no connector|Known kinds: archive,"
                        + " postgresql.",
                "`applications:~  ehr:~    url: postgresql://a b/`|3|applications.ehr.url|no URI|%XX",
                "`applications:~  ehr:~    url: postgresql://u:canary@h/`|3|applications.ehr.url|password|reference",
                "`applications:~  i:~    url: archive://h/`|2|applications.i|folder is missing|Where its images lie.",
                "`applications:~  i:~    url: archive://h/~    options: {folder: a, moed:"
                        + " b}`|4|applications.i.options.moed|no option|Did you mean mode?",
                "`applications:~  i:~    url: archive://h/~    options: {folder: a, zzzzzz:"
                        + " b}`|4|applications.i.options.zzzzzz|no option|Known: folder, mode.",
                "`applications:~  e:~    url: postgresql://h/~    options: {password:"
                        + " b}`|4|applications.e.options.password|is a secret|secrets, as a reference",
                "`applications:~  i:~    url: archive://h/~    options: {folder: a}~    secrets: {mode:"
                        + " env:TOKEN}`|5|applications.i.secrets.mode|no secret|options.",
                "`applications:~  e:~    url: postgresql://h/~    budget: {frozen: 21"
                        + " s}`|4|applications.e.budget.frozen|longer than 20 s|at most 20 s",
                "`applications:~  e:~    url: postgresql://h/~    budget: {frozen:"
                        + " soon}`|4|applications.e.budget.frozen|should match|docs/configuration.md",
                "`applications:~  e:~    url: postgresql://h/~    hooks: {freeze: {command:"
                        + " [/usr/bin/true]}}`|4|applications.e.hooks|dependentRequired|docs/configuration.md",
                "`applications:~  e:~    url: postgresql://h/~    hooks: {pre: {command:"
                        + " [true.sh]}}`|4|applications.e.hooks.pre.command|absolute path|whole path",
                "`applications:~  ehr:~    url: postgresql://h/~groups:~  g: {members: [ehr,"
                        + " erh]}`|5|groups.g.members[1]|no application erh|Did you mean ehr?",
                "`applications:~  ehr:~    url: postgresql://h/~groups:~  g: {members: [ehr,"
                        + " nothing-like-it]}`|5|groups.g.members[1]|no application|Name an application",
                "`applications:~  Bad Name: {url:"
                        + " 'postgresql://h/'}`|1|applications|propertyNames|docs/configuration.md",
                "`a: [`|2||expected the node content|Mend the YAML"
            })
    void whatIsWrongIsNamedWithItsLineItsKeyAndARemedy(
            String text, int line, @Nullable String key, String message, String remedy) {
        Reading reading = read(text.replace('~', '\n') + "\n");

        assertThat(reading.isUsable()).isFalse();
        assertThat(reading.findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(finding.line()).isEqualTo(line);
            assertThat(finding.key()).isEqualTo(key == null ? "" : key);
            assertThat(finding.message()).contains(message);
            assertThat(finding.remedy()).contains(remedy);
            assertThat(finding.text()).startsWith("line " + line);
        });
        assertThat(reading.findings().toString()).doesNotContain("canary");
    }

    @Test
    void aPasswordAndAKeyFileExcludeEachOther() {
        Path file = write("secret", "x\n");
        Reading reading = read("password: file:" + file + "\nkeyFile: " + file + "\n");

        assertThat(reading.findings())
                .extracting(Finding::text)
                .containsExactly("line 2, keyFile: password and keyFile exclude each other");
    }

    @Test
    void aSecretThatCannotBeHadNowIsAWarningAndFailsWhenItIsNeeded() throws IOException {
        Path open = write("open", "x\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
        Reading reading = read("""
            password: file:/nowhere/password
            applications:
              a: {url: "postgresql://h/", secrets: {password: "env:UNSET"}, hooks: {pre: {command: [/nowhere/x]}}}
              b: {url: "postgresql://h/", secrets: {password: "file:%s"}}
            """.formatted(open));

        assertThat(reading.isUsable()).isTrue();
        assertThat(reading.findings())
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING))
                .extracting(Finding::text)
                .containsExactlyInAnyOrder(
                        "line 1, password: the file does not exist",
                        "line 3, applications.a.secrets.password: the variable is not set",
                        "line 3, applications.a.hooks.pre.command: the program does not exist or cannot be executed",
                        "line 4, applications.b.secrets.password: others than its owner may use the file; chmod 600"
                                + " it");
        assertThatThrownBy(() -> SecretReference.parse("env:UNSET").secret(Map.of()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE));
        assertThat(SecretReference.parse("file:" + temp).fault(Map.of())).isEqualTo("it is a folder");
        Path loop = temp.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertThat(SecretReference.parse("file:" + loop).fault(Map.of())).isEqualTo("the file cannot be read");
    }

    @Test
    void aFileThatCannotBeUsedIsRefusedWithTheFirstError() {
        var reader = new ConfigurationFile(KINDS, Map.of());
        Path wrong = write("wrong.yaml", "state: 7\nx: 1\n");

        assertThatThrownBy(() -> reader.load(wrong)).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
            assertThat(failure.getMessage()).contains("line 1, state").doesNotContain(temp.toString());
            assertThat(failure.toCaller()).contains(wrong.toString());
        });
        assertThatThrownBy(() -> reader.read(temp.resolve("absent.yaml")))
                .hasMessageContaining("the file does not exist");
        assertThatThrownBy(() -> reader.read(temp)).hasMessageContaining("the file cannot be read");
        assertThatThrownBy(() -> {
                    Files.write(wrong, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
                    reader.read(wrong);
                })
                .hasMessageContaining("the file is not UTF-8 text");
    }

    @Test
    void eachValueSaysWhereItComesFrom() {
        Path file = temp.resolve("medbackup.yaml");
        Configuration read = usable("""
            repository: /srv/file
            state: /srv/state
            applications:
              ehr:
                url: postgresql://h/
                secrets: {password: "env:TOKEN"}
            """);
        var explained = new Explanation(
                read,
                Map.of("--repo", "/srv/option", "--config", file.toString()),
                Map.of("MEDBACKUP_PASSWORD", "canary", "MEDBACKUP_KEY_FILE", "/k"));

        assertThat(explained.values(Path.of("/usual")))
                .containsExactly(
                        new Configuration.Value("config", file.toString(), "option --config"),
                        new Configuration.Value("repository", "/srv/option", "option --repo"),
                        new Configuration.Value("password", "env:MEDBACKUP_PASSWORD", "variable MEDBACKUP_PASSWORD"),
                        new Configuration.Value("keyFile", "/k", "variable MEDBACKUP_KEY_FILE"),
                        new Configuration.Value("state", "/srv/state", file + ":2"),
                        new Configuration.Value("applications.ehr.url", "postgresql://h/", file + ":5"),
                        new Configuration.Value("applications.ehr.secrets.password", "env:TOKEN", file + ":6"),
                        new Configuration.Value("applications.ehr.allowCrashConsistent", "false", "default"),
                        new Configuration.Value("applications.ehr.budget.frozen", "20 s", "default"),
                        new Configuration.Value("applications.ehr.budget.added", "30 s", "default"));
        assertThat(new Explanation(read, Map.of(), Map.of()).values(Path.of("/usual")))
                .contains(
                        new Configuration.Value("config", file.toString(), "found in its usual place"),
                        new Configuration.Value("keyFile", "none", "default"));
        assertThat(new Explanation(Configuration.none(), Map.of(), Map.of()).values(Path.of("/usual")))
                .contains(new Configuration.Value("state", "/usual", "default"));
    }

    @Test
    void theExampleOfTheManualCanBeUsed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "configuration.md"));
        int from = page.indexOf("```yaml\n") + "```yaml\n".length();
        Reading reading = read(page.substring(from, page.indexOf("```", from)));

        assertThat(reading.isUsable()).as(reading.findings().toString()).isTrue();
        assertThat(reading.findings())
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING));
    }
}
