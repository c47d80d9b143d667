package org.medbackup.documents;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON Schema (draft 2020-12) by which documents are checked. Immutable; safe for use by several threads. */
public final class JsonSchema {

    private final Schema schema;
    private final JsonValue source;

    private JsonSchema(Schema schema, JsonValue source) {
        this.schema = schema;
        this.source = source;
    }

    /**
     * Reads a schema, which refers to nothing outside itself.
     *
     * @throws JsonException where it is no JSON
     */
    public static JsonSchema parse(String text) {
        JsonValue source = Json.parse(text);
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        return new JsonSchema(registry.getSchema(text, InputFormat.JSON), source);
    }

    /**
     * Something that the schema does not allow.
     *
     * @param pointer of the value (RFC 6901); of a member that is not known, of that member
     * @param rule keyword of the schema, such as {@code required}
     * @param message one sentence without the value
     * @param known the members that may stand where one that is not known was found
     */
    public record Fault(String pointer, String rule, String message, List<String> known) {

        public Fault {
            known = List.copyOf(known);
        }
    }

    /** What a document breaks, in the order of the pointers; empty where it is right. */
    public List<Fault> check(JsonValue document) {
        return schema.validate(Json.write(document), InputFormat.JSON).stream()
                .map(this::fault)
                .sorted(Comparator.comparing(Fault::pointer).thenComparing(Fault::rule))
                .distinct()
                .toList();
    }

    private Fault fault(Error error) {
        String pointer = error.getInstanceLocation().toString();
        String rule = error.getKeyword();
        String property = error.getProperty();
        if (rule.equals("additionalProperties") || rule.equals("unevaluatedProperties")) {
            return new Fault(
                    Yaml.pointer(pointer, property),
                    rule,
                    "this key is not known here",
                    known(error.getSchemaLocation().getFragment().toString()));
        }
        if (rule.equals("required")) {
            return new Fault(pointer, rule, "the key " + property + " is missing", List.of());
        }
        return new Fault(pointer, rule, message(error), List.of());
    }

    /** The library's sentence, without the value that it may quote. */
    private static String message(Error error) {
        Object[] arguments = error.getArguments();
        return switch (error.getKeyword()) {
            case "type" -> "it should be of type " + arguments[arguments.length - 1];
            case "pattern" -> "it should match " + arguments[arguments.length - 1];
            case "enum" -> "it should be one of " + arguments[arguments.length - 1];
            default -> "it breaks the rule " + error.getKeyword() + " " + error.getSchemaNode();
        };
    }

    private List<String> known(String fragment) {
        JsonValue at = source;
        String[] names = fragment.split("/", -1);
        for (int i = 1; i < names.length - 1; i++) {
            Optional<JsonValue> next = member(at, names[i].replace("~1", "/").replace("~0", "~"));
            if (next.isEmpty()) {
                return List.of();
            }
            at = next.get();
        }
        return member(at, "properties")
                .map(found -> found instanceof JsonValue.Members(Map<String, JsonValue> values)
                        ? new ArrayList<>(values.keySet())
                        : new ArrayList<String>())
                .orElseGet(ArrayList::new);
    }

    private static Optional<JsonValue> member(JsonValue of, String name) {
        return of instanceof JsonValue.Members members ? members.find(name) : Optional.empty();
    }
}
