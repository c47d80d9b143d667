package org.medbackup.testreport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jacoco.core.data.ExecutionDataWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CoverageGateTest {

    private static final Map<String, String> SHOP = Map.of(
            "module-info.java",
            "module shop { exports shop; exports shop.friends to java.logging; }",
            "shop/Till.java",
            """
            package shop;
            public class Till {
                public Till() {}
                public int used(int[] amounts) {
                    int sum = 0;
                    for (int amount : amounts) { sum += amount; }
                    return sum;
                }
                public String unused(int[] amounts, String name) { return name; }
                protected void hook() { System.nanoTime(); }
                void inside() { System.nanoTime(); }
                private void hidden() { System.nanoTime(); }
                protected static class Drawer { public void open() {} }
                private static class Key { public void turn() {} }
            }
            """,
            "shop/Shelf.java",
            "package shop; public final class Shelf { private Shelf() { hashCode(); } protected void hook() {} }",
            "shop/Price.java",
            "package shop; public record Price(int cents, String currency) {}",
            "shop/Checked.java",
            "package shop; public record Checked(int cents) { public Checked { Integer.toString(cents); } }",
            "shop/Colour.java",
            "package shop; public enum Colour { RED, BLUE }",
            "shop/Store.java",
            "package shop; public interface Store { void put(); default void putAll() { put(); } }",
            "shop/Ledger.java",
            "package shop; class Ledger { public void write() {} }",
            "shop/friends/Friend.java",
            "package shop.friends; public class Friend { public void call() {} }");

    private final SampleModules build;

    CoverageGateTest(@TempDir Path root) {
        build = new SampleModules(root);
    }

    @BeforeEach
    void compile() throws Exception {
        build.pom("", "shop");
        build.compile("shop", SHOP);
    }

    @Test
    void publicMethodsThatNoTestRanAreNamed() throws Exception {
        runTill();

        var run = gate("--minimum", "0.1");

        assertThat(run.code()).isOne();
        assertThat(run.out().lines().filter(line -> line.contains("no test runs")))
                .map(line -> line.strip().replaceFirst(" at .*", ""))
                .containsExactlyInAnyOrder(
                        "shop: no test runs shop.Till.unused(int[], String)",
                        "shop: no test runs shop.Till.hook()",
                        "shop: no test runs new shop.Till.Drawer()",
                        "shop: no test runs shop.Till.Drawer.open()",
                        "shop: no test runs new shop.Checked(int)",
                        "shop: no test runs shop.Store.putAll()");
        assertThat(run.out()).contains("shop.Till.unused(int[], String) at Till.java:9; call it from a test");
    }

    @Test
    void theTableTellsTheLinesOfEachModule() throws Exception {
        runTill();

        var run = gate("--minimum", "0.1");

        assertThat(run.out().lines().findFirst())
                .contains("module                             lines  covered  percent");
        assertThat(run.out()).containsPattern("shop +\\d\\d +\\d +\\d\\d\\.\\d %");
    }

    @Test
    void aModuleUnderTheMinimumFails() throws Exception {
        runTill();

        assertThat(gate().out())
                .containsPattern("shop: [123]\\d\\.\\d % of the lines are covered, 90.0 % are asked for");
        assertThat(gate("--minimum", "0.1").out()).doesNotContain("are asked for");
    }

    @Test
    void aModuleWhoseEveryMethodRanPasses() throws Exception {
        build.pom("", "small");
        build.compile(
                "small",
                Map.of(
                        "module-info.java", "module small { exports small; }",
                        "small/One.java", "package small; public final class One { public int one() { return 1; } }"));
        build.run("small", classes -> call(classes, "small.One", "one"));

        var run = gate();

        assertThat(run.out()).contains("100.0 %", "coverage: passed");
        assertThat(run.code()).isZero();
    }

    @Test
    void aModuleWithoutDescriptorHasNoPublicApi() throws Exception {
        build.pom("", "plain");
        build.compile("plain", Map.of("plain/One.java", "package plain; public class One { public void one() {} }"));
        build.run(
                "plain",
                classes -> classes.loadClass("plain.One").getConstructor().newInstance());

        assertThat(gate("--minimum", "0.5").code()).isZero();
    }

    @Test
    void theClassesOfALibraryThatAModuleHoldsDoNotCount() throws Exception {
        runTill();
        String before = gate("--minimum", "0.1").out();
        build.compile("shop", Map.of("theirs/Tool.java", "package theirs; public class Tool { public void use() {} }"));
        assertThat(gate("--minimum", "0.1").out())
                .as("with a source it is ours")
                .isNotEqualTo(before);
        Files.delete(build.root().resolve("shop/src/main/java/theirs/Tool.java"));
        Files.delete(build.root().resolve("shop/src/main/java/theirs"));

        assertThat(gate("--minimum", "0.1").out()).isEqualTo(before);
    }

    @Test
    void anExcludedModuleIsShownButNotChecked() throws Exception {
        runTill();
        build.pom("", "shop", "small");
        build.compile("small", Map.of("small/One.java", "package small; class One {}"));

        var run = gate("--exclude", "shop");

        assertThat(run.out())
                .containsPattern("shop .*excluded")
                .doesNotContain("shop: ")
                .contains("small: 0.0 %");
        assertThat(gate("--exclude", "shop", "--exclude", "gone").out()).contains("--exclude gone: there is no such");
    }

    @Test
    void nestedModulesAreFoundEitherWay() throws Exception {
        runTill();
        build.pom("", "shop", "plugins/store-file", "apps");
        build.pom("apps", "postgresql");
        build.compile("apps/postgresql", Map.of("p/One.java", "package p; class One {}"));

        var run = gate();

        assertThat(run.out()).containsPattern("plugins/store-file +0 +0 +-").contains("apps/postgresql: 0.0 %");
    }

    @Test
    void aModuleThatIsNotBuiltFails() throws Exception {
        runTill();
        build.pom("", "shop", "fresh");
        Files.createDirectories(build.root().resolve("fresh/src/main/java"));

        assertThat(gate().out()).contains("fresh: has sources but no classes; build it first");
    }

    @Test
    void aClassThatIsNotTheOneThatRanFails() throws Exception {
        runTill();
        build.compile("shop", Map.of("shop/Till.java", "package shop; public class Till { public void used() {} }"));

        assertThat(gate().out()).contains("shop: shop.Till is not the class that the tests ran");
    }

    @Test
    void aBuildInWhichNothingCanBeMeasuredFails() throws Exception {
        runTill();
        build.pom("");

        assertThat(gate().out()).contains("no module has a line to run", "coverage: FAILED");
    }

    @Test
    void missingDataFails() {
        var run = gate();

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("there is no file " + build.exec());
    }

    @Test
    void emptyDataFails() throws Exception {
        try (var out = Files.newOutputStream(build.exec())) {
            new ExecutionDataWriter(out).flush();
        }
        assertThat(gate().out()).contains("holds no data", "coverage: FAILED");

        Files.write(build.exec(), new byte[0]);
        assertThat(gate().out()).contains("holds no data", "coverage: FAILED");
    }

    @Test
    void dataThatWasCutOffFails() throws Exception {
        runTill();
        byte[] all = Files.readAllBytes(build.exec());
        Files.write(build.exec(), Arrays.copyOf(all, all.length - 3));

        assertThat(gate().out()).contains("cannot be read", "coverage: FAILED");
    }

    @Test
    void aPomThatIsNoXmlFails() throws Exception {
        runTill();
        Files.writeString(build.root().resolve("pom.xml"), "<project>");

        var run = gate();

        assertThat(run.code()).isOne();
        assertThat(run.out()).contains("pom.xml");
    }

    private void runTill() throws Exception {
        build.run("shop", classes -> {
            Class<?> till = classes.loadClass("shop.Till");
            Object made = till.getConstructor().newInstance();
            till.getMethod("used", int[].class).invoke(made, (Object) new int[] {1, 2});
        });
    }

    private static void call(ClassLoader classes, String type, String method) throws ReflectiveOperationException {
        Class<?> loaded = classes.loadClass(type);
        loaded.getMethod(method).invoke(loaded.getConstructor().newInstance());
    }

    private GateRun gate(String... more) {
        Object[] args = Stream.concat(
                        Stream.of("coverage", "--exec", build.exec(), "--root", build.root()), Stream.of(more))
                .toArray();
        return GateRun.of(args);
    }
}
