package org.medbackup.audit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;

/** A process that appends and says on its output what has been acknowledged. */
final class AppendingChild {

    private AppendingChild() {}

    /** Folder, prefix of the operations' names, number of operations. */
    public static void main(String[] args) {
        try (AuditTrail trail = AuditTrail.open(Path.of(args[0]), Trails.KEY, TimeSource.system(), Entropy.system())) {
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                String operation = args[1] + "-" + i;
                trail.accept(i % 10 == 9 ? Trails.ended(operation) : Trails.started(operation));
                say(operation);
            }
        } catch (RuntimeException failed) {
            say("failed " + failed.getMessage());
        }
    }

    private static void say(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    /** The command that starts one, after some words of its own. */
    static ProcessBuilder command(List<String> before, Path folder, String prefix, int operations) {
        var words = new ArrayList<>(before);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", classPath()));
        words.addAll(List.of(AppendingChild.class.getName(), folder.toString(), prefix, String.valueOf(operations)));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** What the test itself runs with, all on the class path. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        Path tests = Path.of(System.getProperty("testreport.module"), "target", "test-classes");
        return String.join(":", tests.toString(), modules, System.getProperty("java.class.path"));
    }

    static final Duration PATIENCE = Duration.ofSeconds(60);
}
