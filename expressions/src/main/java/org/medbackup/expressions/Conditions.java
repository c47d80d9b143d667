package org.medbackup.expressions;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medbackup.core.error.ErrorCode;

/**
 * Checks conditions in the Common Expression Language, the one of Kubernetes' admission rules: typed, without loops of its own,
 * side effects or input and output, so that each ends soon, whoever wrote it. Regular expressions are those of RE2, in linear
 * time. Immutable; safe for use by several threads.
 */
public final class Conditions {

    /** Characters that a condition may have. */
    public static final int LONGEST = 4_000;

    private static final int DEEPEST = 50;
    private static final int LONGEST_PATTERN = 500;

    /** A condition over all elements of a list that stands in another one may look at so many. */
    private static final int MOST_STEPS = 10_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(DEEPEST)
            .maxRegexProgramSize(LONGEST_PATTERN)
            .comprehensionMaxIterations(MOST_STEPS)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    private final Map<String, ValueType> variables;
    private final CelCompiler compiler;
    private final CelRuntime runtime;

    private Conditions(Map<String, ValueType> variables) {
        this.variables = Map.copyOf(variables);
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL);
        variables.forEach((name, type) -> builder.addVar(name, type.type()));
        this.compiler = builder.build();
        this.runtime =
                CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();
    }

    /**
     * Conditions over some variables.
     *
     * @param variables by name
     */
    public static Conditions over(Map<String, ValueType> variables) {
        return new Conditions(variables);
    }

    /** The variables that a condition may have, by name. */
    public Map<String, ValueType> variables() {
        return new TreeMap<>(variables);
    }

    /**
     * Checks a condition.
     *
     * @param text such as {@code kind == 'dicom' && size > 1000}
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#CONDITION_INVALID}, which says where it is wrong
     */
    public Condition condition(String text) {
        try {
            CelAbstractSyntaxTree tree = compiler.compile(text).getAst();
            return new Checked(text, names(tree), constants(tree), runtime.createProgram(tree));
        } catch (CelValidationException wrong) {
            throw ErrorCode.CONDITION_INVALID.because(firstLine(wrong)).about(text);
        } catch (CelEvaluationException wrong) {
            throw ErrorCode.CONDITION_INVALID.because(firstLine(wrong), wrong).about(text);
        }
    }

    private Set<String> names(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(each -> each.getKind() == CelExpr.ExprKind.Kind.IDENT)
                .map(each -> each.ident().name())
                .filter(variables::containsKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<Object> constants(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(each -> each.getKind() == CelExpr.ExprKind.Kind.CONSTANT)
                .map(CelExpr::constant)
                .flatMap(each -> switch (each.getKind()) {
                    case STRING_VALUE -> Stream.<Object>of(each.stringValue());
                    case INT64_VALUE -> Stream.<Object>of(each.int64Value());
                    default -> Stream.<Object>empty();
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The library draws the place below its sentence. */
    private static String firstLine(Exception wrong) {
        return String.valueOf(wrong.getMessage()).lines().findFirst().orElse("it cannot be read");
    }

    private record Checked(String text, Set<String> variables, Set<Object> constants, CelRuntime.Program program)
            implements Condition {

        @Override
        public boolean holds(Map<String, ?> values) {
            try {
                // By name, since the library copies a map at each call.
                CelVariableResolver byName = name -> Optional.ofNullable(values.get(name));
                return (Boolean) program.eval(byName);
            } catch (CelEvaluationException failed) {
                throw ErrorCode.CONDITION_INVALID
                        .because("it cannot be worked out: " + failed.getErrorCode())
                        .about(text);
            }
        }
    }
}
