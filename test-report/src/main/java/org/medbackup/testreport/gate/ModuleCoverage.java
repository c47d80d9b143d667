package org.medbackup.testreport.gate;

import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.data.ExecutionDataStore;

/**
 * Tells what the tests ran of one module.
 *
 * @param module its folder
 * @param lines how many lines can be run
 * @param covered how many of these the tests ran
 * @param unusedApi methods which the module offers to everybody and no test ran
 * @param changed classes that are not the ones which the tests ran
 */
record ModuleCoverage(String module, int lines, int covered, List<String> unusedApi, List<String> changed) {

    ModuleCoverage {
        unusedApi = List.copyOf(unusedApi);
        changed = List.copyOf(changed);
    }

    static ModuleCoverage of(String module, Path classes, ExecutionDataStore executed) throws IOException {
        if (!Files.isDirectory(classes)) {
            return new ModuleCoverage(module, 0, 0, List.of(), List.of());
        }
        var builder = new CoverageBuilder();
        analyze(new Analyzer(executed, builder), classes);
        var counter = builder.getBundle(module).getLineCounter();
        PublicApi api = PublicApi.read(classes);
        List<String> unused = new ArrayList<>();
        for (IClassCoverage type : builder.getClasses()) {
            for (IMethodCoverage method : type.getMethods()) {
                boolean ran = method.getInstructionCounter().getCoveredCount() > 0;
                if (!ran && api.offers(type.getName(), method.getName(), method.getDesc())) {
                    unused.add(describe(type, method));
                }
            }
        }
        List<String> changed = builder.getNoMatchClasses().stream()
                .map(type -> type.getName().replace('/', '.'))
                .sorted()
                .toList();
        return new ModuleCoverage(
                module,
                counter.getTotalCount(),
                counter.getCoveredCount(),
                unused.stream().sorted().toList(),
                changed);
    }

    /** What has its source in the module; one may hold the classes of a library beside them. */
    private static void analyze(Analyzer analyzer, Path classes) throws IOException {
        Path sources = classes.resolveSibling("../src/main/java").normalize();
        try (Stream<Path> roots = Files.list(classes)) {
            for (Path root : roots.sorted().toList()) {
                boolean ours = Files.isRegularFile(root)
                        || !Files.isDirectory(sources)
                        || Files.isDirectory(sources.resolve(root.getFileName()));
                if (ours) {
                    analyzer.analyzeAll(root.toFile());
                }
            }
        }
    }

    /** The part of the lines that ran; 1 for a module without lines. */
    double ratio() {
        return lines == 0 ? 1 : (double) covered / lines;
    }

    private static String describe(IClassCoverage type, IMethodCoverage method) {
        String parameters = MethodTypeDesc.ofDescriptor(method.getDesc()).parameterList().stream()
                .map(ClassDesc::displayName)
                .collect(Collectors.joining(", "));
        String name = type.getName().replace('/', '.').replace('$', '.');
        String called = method.getName().equals("<init>") ? "new " + name : name + "." + method.getName();
        return called + "(" + parameters + ") at " + type.getSourceFileName() + ":" + method.getFirstLine();
    }
}
