package org.medbackup.testreport.gate;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a module offers to everybody: the public methods, and the protected ones where a subclass can be written, of the
 * public types in packages that its descriptor exports without naming to whom.
 */
final class PublicApi {

    private static final String RECORD = "java/lang/Record";

    private final Map<String, ClassModel> types = new HashMap<>();

    private PublicApi() {}

    /** Reads a folder of class files; offers nothing if there is no module descriptor among them. */
    static PublicApi read(Path classes) throws IOException {
        var api = new PublicApi();
        for (String folder : exportedFolders(classes.resolve("module-info.class"))) {
            try (Stream<Path> files = Files.list(classes.resolve(folder))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".class")).toList()) {
                    ClassModel type = ClassFile.of().parse(file);
                    api.types.put(type.thisClass().asInternalName(), type);
                }
            }
        }
        return api;
    }

    private static Set<String> exportedFolders(Path descriptor) throws IOException {
        if (!Files.exists(descriptor)) {
            return Set.of();
        }
        try (var in = Files.newInputStream(descriptor)) {
            return ModuleDescriptor.read(in).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(export -> export.source().replace('.', '/'))
                    .collect(toSet());
        }
    }

    /** Whether somebody wrote that method, and everybody may call it. The class by its internal name. */
    boolean offers(String typeName, String method, String descriptor) {
        ClassModel type = types.get(typeName);
        return type != null
                && isVisible(type)
                && type.methods().stream()
                        .filter(each -> each.methodName().equalsString(method)
                                && each.methodType().equalsString(descriptor))
                        .anyMatch(each -> isOffered(each, type));
    }

    private static boolean isOffered(MethodModel method, ClassModel type) {
        return isReachable(method.flags().flags(), type)
                && !method.flags().has(AccessFlag.SYNTHETIC)
                && !isMadeForRecord(method, type);
    }

    /** Whether a member with those flags can be named from outside: protected ones by a subclass, if there can be one. */
    private static boolean isReachable(Set<AccessFlag> member, ClassModel of) {
        boolean open = !of.flags().has(AccessFlag.FINAL);
        return member.contains(AccessFlag.PUBLIC) || (open && member.contains(AccessFlag.PROTECTED));
    }

    /** A nested type's own flags know no "private" and no "protected"; those stand beside its name. */
    private boolean isVisible(ClassModel type) {
        Optional<InnerClassInfo> nested = type.findAttribute(Attributes.innerClasses()).stream()
                .flatMap(attribute -> attribute.classes().stream())
                .filter(info -> info.innerClass().equals(type.thisClass()))
                .findFirst();
        if (nested.isEmpty()) {
            return type.flags().has(AccessFlag.PUBLIC);
        }
        Optional<ClassModel> outer =
                nested.get().outerClass().map(ClassEntry::asInternalName).map(types::get);
        return outer.isPresent()
                && isVisible(outer.get())
                && isReachable(nested.get().flags(), outer.get());
    }

    /**
     * A canonical constructor that only assigns, as the compiler makes it where none is written. JaCoCo leaves out a
     * record's accessors and the methods of {@code Object}, but not this.
     */
    private static boolean isMadeForRecord(MethodModel method, ClassModel type) {
        boolean record = type.superclass()
                .filter(parent -> parent.asInternalName().equals(RECORD))
                .isPresent();
        return record
                && method.methodName().equalsString("<init>")
                && method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .filter(Instruction.class::isInstance)
                        .allMatch(PublicApi::onlyAssigns);
    }

    private static boolean onlyAssigns(Object element) {
        return switch (element) {
            case LoadInstruction _, ReturnInstruction _ -> true;
            case FieldInstruction field -> field.opcode() == Opcode.PUTFIELD;
            case InvokeInstruction call -> call.owner().asInternalName().equals(RECORD);
            default -> false;
        };
    }
}
