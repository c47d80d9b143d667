package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.documents.JsonValue;
import org.medbackup.testkit.ApplicationContract;

/** The connector that the manual shows: one module, and nothing else is changed. */
class NewConnectorTest implements ApplicationContract {

    private static final Pattern FILE =
            Pattern.compile("`([\\w/.-]+\\.java)`[^\\n]*\\n\\n```java\\n(.*?)```\\n", Pattern.DOTALL);

    @TempDir
    static Path temp;

    private static Path plugins;
    private static ApplicationProvider provider;
    private static Path shared;

    @BeforeAll
    static void compile() throws Exception {
        Path sources = Files.createDirectories(temp.resolve("sources"));
        String manual = Files.readString(Modules.ROOT.resolve("docs/apps/new-connector.md"));
        List<String> files = new ArrayList<>();
        for (Matcher each = FILE.matcher(manual); each.find(); ) {
            Path file = sources.resolve(each.group(1));
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, each.group(2)).toString());
        }
        Path classes = temp.resolve("classes");
        Path lib = Modules.ROOT.resolve("cli/target/dist/lib");
        List<String> words = new ArrayList<>(List.of("-d", classes.toString(), "--module-path", lib.toString()));
        words.addAll(files);
        run("javac", words);
        plugins = Files.createDirectories(temp.resolve("plugins"));
        run(
                "jar",
                List.of("--create", "--file", plugins.resolve("queue.jar").toString(), "-C", classes.toString(), "."));
        provider = (ApplicationProvider)
                new URLClassLoader(new URL[] {classes.toUri().toURL()})
                        .loadClass("com.example.queue.QueueProvider")
                        .getConstructor()
                        .newInstance();
        shared = Files.writeString(Files.createDirectory(temp.resolve("shared")).resolve("message"), "MSH|^~\\&|ADT")
                .getParent();
    }

    private static void run(String tool, List<String> words) {
        int code = ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, words.toArray(String[]::new));
        assertThat(code).as(tool).isZero();
    }

    private Path folder() {
        try {
            Path folder = Files.createTempDirectory(temp, "queue");
            Files.writeString(folder.resolve("message"), "MSH|^~\\&|LAB");
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public Application open() {
        Connection connection = Connection.to(URI.create("queue://" + shared)).with("allowFileLevel", "true");
        return provider.open(connection, ApplicationProvider.Outside.system());
    }

    @Test
    void theConnectorItselfHasSixtyLinesAtMost() throws IOException {
        assertThat(Files.readAllLines(temp.resolve("sources/com/example/queue/Queue.java")))
                .hasSizeLessThanOrEqualTo(60);
    }

    @Test
    void withoutAnyOtherChangeTheProgramChecksBacksUpAndRestoresWithIt() throws IOException {
        Path work = Files.createDirectory(temp.resolve("work"));
        Path data = folder();
        var program = new Program(work).with("MEDBACKUP_PLUGINS", plugins.toString());
        Files.writeString(work.resolve("medbackup.yaml"), """
            applications:
              interface:
                url: "queue://%s"
                options: {allowFileLevel: "true"}
            """.formatted(data));
        program.run("init").with(0);

        program.run("config", "check").with(0);
        assertThat(program.run("app", "check", "interface").with(0).out()).contains("ok    not_held: runs");
        JsonValue.Members backup =
                program.run("app", "backup", "interface", "--json").with(0).json();
        assertThat(data.resolve("hold")).doesNotExist();
        assertThat(backup.text("state")).isEqualTo("SUCCEEDED");
        program.run(
                        "app",
                        "restore",
                        "interface",
                        "--target",
                        temp.resolve("restored").toString())
                .with(0);
        assertThat(temp.resolve("restored")
                        .resolve(Path.of("/").relativize(data))
                        .resolve("message"))
                .hasContent("MSH|^~\\&|LAB");
        program.without("MEDBACKUP_PLUGINS").run("app", "check", "interface").with(2);
    }
}
