package org.medbackup.testreport.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.jacoco.core.data.ExecutionDataWriter;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;

/** A Maven build with compiled modules, and the execution data of what is run of them. */
record SampleModules(Path root) {

    /** What is run of the classes, which it finds by their names. */
    interface Run {
        void with(ClassLoader classes) throws ReflectiveOperationException;
    }

    Path exec() {
        return root.resolve("jacoco.exec");
    }

    /** Writes the POM of a folder, and those of its modules where there are none yet. */
    void pom(String folder, String... modules) throws IOException {
        var names = new StringBuilder();
        for (String module : modules) {
            names.append("<module>").append(module).append("</module>\n");
            String nested = folder.isEmpty() ? module : folder + "/" + module;
            if (!Files.exists(root.resolve(nested).resolve("pom.xml"))) {
                pom(nested);
            }
        }
        Path file = Files.createDirectories(root.resolve(folder)).resolve("pom.xml");
        Files.writeString(file, "<project><modules>" + names + "</modules></project>");
    }

    /** Compiles the sources, by file name, to the module's classes. */
    void compile(String module, Map<String, String> sources) throws IOException {
        List<String> args = new ArrayList<>(List.of("-g", "-d", classes(module).toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = root.resolve(module).resolve("src/main/java").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            args.add(Files.writeString(file, source.getValue()).toString());
        }
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new));
        if (failed != 0) {
            throw new AssertionError("the sample does not compile");
        }
    }

    Path classes(String module) {
        return root.resolve(module).resolve("target/classes");
    }

    /** Runs a module's classes under JaCoCo, without an agent: instrumented, in a class loader of their own. */
    void run(String module, Run run) throws Exception {
        var runtime = new LoggerRuntime();
        var data = new RuntimeData();
        runtime.startup(data);
        try {
            run.with(new InstrumentedClasses(classes(module), new Instrumenter(runtime)));
        } finally {
            try (var out = Files.newOutputStream(exec())) {
                var writer = new ExecutionDataWriter(out);
                data.collect(writer, writer, false);
            }
            runtime.shutdown();
        }
    }

    private static final class InstrumentedClasses extends ClassLoader {
        private final Path folder;
        private final Instrumenter instrumenter;

        InstrumentedClasses(Path folder, Instrumenter instrumenter) {
            super(ClassLoader.getPlatformClassLoader());
            this.folder = folder;
            this.instrumenter = instrumenter;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            try {
                byte[] original = Files.readAllBytes(folder.resolve(name.replace('.', '/') + ".class"));
                byte[] instrumented = instrumenter.instrument(original, name);
                return defineClass(name, instrumented, 0, instrumented.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
