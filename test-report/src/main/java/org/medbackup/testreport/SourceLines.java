package org.medbackup.testreport;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.attribute.LineNumberTableAttribute;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the lines of test methods in their class files, where the compiler left them for debuggers. */
final class SourceLines {

    private final Map<Class<?>, Map<String, Integer>> byClass = new ConcurrentHashMap<>();

    /** The line of the method's first statement, counted from 0; 0 if the class file does not tell. */
    int lineOf(Method method) {
        String descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
        return byClass.computeIfAbsent(method.getDeclaringClass(), SourceLines::read)
                .getOrDefault(method.getName() + descriptor, 0);
    }

    private static Map<String, Integer> read(Class<?> type) {
        var lines = new HashMap<String, Integer>();
        String resource = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getResourceAsStream(resource)) {
            if (in != null) {
                for (MethodModel method :
                        ClassFile.of().parse(in.readAllBytes()).methods()) {
                    lines.put(
                            method.methodName().stringValue()
                                    + method.methodType().stringValue(),
                            firstLine(method));
                }
            }
        } catch (IOException _) {
            // A line number is a convenience: its lack must not cost the report.
        }
        return lines;
    }

    private static int firstLine(MethodModel method) {
        return method.code()
                .flatMap(code -> code.findAttribute(Attributes.lineNumberTable()))
                .map(LineNumberTableAttribute::lineNumbers)
                .filter(lines -> !lines.isEmpty())
                .map(lines -> lines.getFirst())
                .map(LineNumberInfo::lineNumber)
                .map(line -> line - 1)
                .orElse(0);
    }
}
