package org.medbackup.testreport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathRedactorTest {

    private final PathRedactor redactor = new PathRedactor(Path.of("/home/raj/medbackup"), properties());

    @ParameterizedTest
    @CsvSource({
        "/home/raj/medbackup, .",
        "/home/raj/medbackup/core/pom.xml, ./core/pom.xml",
        "file:/home/raj/medbackup/x, file:./x",
        "no /home/raj/medbackup., no ..",
        "/home/raj/.m2/a.jar, ~/.m2/a.jar",
        "/tmp/junit-1/a, <tmp>/junit-1/a",
        "/opt/jdk/lib/modules, <java>/lib/modules",
    })
    void foldersOfTheMachineAreReplaced(String text, String redacted) {
        assertThat(redactor.redact(text)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @CsvSource({"/home/raj2/x", "/srv/tmp/x", "/tmp-old/x", "/opt/jdk.bak", "/tmpfs"})
    void foldersThatOnlyLookAlikeStay(String text) {
        assertThat(redactor.redact(text)).isEqualTo(text);
    }

    @Test
    void aNameLosesTheRootButKeepsTheFoldersThatATestIsAbout() {
        assertThat(redactor.redactName("/home/raj/medbackup/a, /home/raj/b, /tmp/c"))
                .isEqualTo("./a, /home/raj/b, /tmp/c");
    }

    @Test
    void theRootOfTheFileSystemIsNeverReplaced() {
        var properties = new Properties();
        properties.setProperty("user.home", "/");

        assertThat(new PathRedactor(Path.of("/srv/build"), properties).redact("/etc/passwd /srv/build/a"))
                .isEqualTo("/etc/passwd ./a");
    }

    @ParameterizedTest
    @CsvSource({
        "[1] java.lang.Object@1b2c3d, [1] java.lang.Object",
        "org.x.Y$$Lambda/0x00007f12@6d06d69c, org.x.Y$$Lambda",
        "raj@cafe, raj@cafe",
    })
    void identityNumbersLeaveANameButNotAnAddress(String text, String stable) {
        assertThat(redactor.redactName(text)).isEqualTo(stable);
    }

    @Test
    void controlCharactersBecomeVisibleInAName() {
        assertThat(redactor.redactName("a\nb\u001b")).isEqualTo("a\\u000ab\\u001b");
    }

    private static Properties properties() {
        var properties = new Properties();
        properties.setProperty("java.io.tmpdir", "/tmp");
        properties.setProperty("user.home", "/home/raj");
        properties.setProperty("java.home", "/opt/jdk");
        return properties;
    }
}
