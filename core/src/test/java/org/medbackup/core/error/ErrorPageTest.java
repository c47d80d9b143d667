package org.medbackup.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorPageTest {

    private static final Path PAGE = Path.of("..", "docs", "errors.md");

    private static final String REFRESH = "java -cp core/target/classes "
            + "core/src/test/java/org/medbackup/core/error/ErrorPage.java docs/errors.md";

    @TempDir
    Path temp;

    @Test
    void theCommittedPageSaysWhatTheCatalogueSays() throws IOException {
        assertThat(Files.readString(PAGE))
                .as("docs/errors.md is out of date; after a build, refresh it with: %s", REFRESH)
                .isEqualTo(ErrorPage.text());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void everyCodeCanBeLinkedTo(ErrorCode code) throws IOException {
        assertThat(Files.readString(PAGE)).containsOnlyOnce("<a id=\"" + code + "\"></a>`" + code + "`");
    }

    @Test
    void thePageIsWrittenWhereItIsAskedFor() throws IOException {
        Path file = temp.resolve("page.md");

        ErrorPage.main(new String[] {file.toString()});

        assertThat(file).content().startsWith("# Errors\n").endsWith("|\n");
    }
}
