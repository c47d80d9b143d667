package org.medbackup.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * The OpenAPI document of this API (OpenAPI 3.1). What is checked of a request is read from it, so that it cannot say anything
 * else than the server does. Immutable.
 */
final class ApiDocument {

    private final String text;
    private final Members root;
    private final List<ApiOperation> operations = new ArrayList<>();

    private ApiDocument(String text) {
        this.text = text;
        this.root = Json.parseMembers(text);
        root.members("paths")
                .values()
                .forEach((template, item) -> ((Members) item)
                        .values()
                        .forEach((method, operation) ->
                                operations.add(operation(template, method, (Members) operation))));
    }

    /** That of this version. */
    static ApiDocument load() {
        try (InputStream in = Objects.requireNonNull(ApiDocument.class.getResourceAsStream("openapi.json"))) {
            return new ApiDocument(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** As it is checked in. */
    String text() {
        return text;
    }

    /** All of them, in the order of the document. */
    List<ApiOperation> operations() {
        return List.copyOf(operations);
    }

    private ApiOperation operation(String template, String method, Members operation) {
        List<Parameter> parameters = new ArrayList<>();
        operation
                .find("parameters")
                .ifPresent(list -> ((JsonValue.Items) list)
                        .values()
                        .forEach(each -> parameters.add(parameter(resolved((Members) each)))));
        JsonSchema body = null;
        boolean required = false;
        if (operation.find("requestBody").isPresent()) {
            Members request = operation.members("requestBody");
            body = schema(request.members("content").members("application/json").members("schema"));
            required = isTrue(request, "required");
        }
        return new ApiOperation(
                Route.of(operation.text("operationId")),
                method.toUpperCase(Locale.ROOT),
                template,
                ApiOperation.pattern(template),
                parameters,
                body,
                required,
                produces(operation));
    }

    private static String produces(Members operation) {
        Members responses = operation.members("responses");
        String good = responses.find("200").isPresent() ? "200" : "202";
        return responses
                .members(good)
                .members("content")
                .values()
                .keySet()
                .iterator()
                .next();
    }

    private Parameter parameter(Members parameter) {
        Members schema = parameter.members("schema");
        boolean whole = schema.find("type")
                .filter(new JsonValue.Text("integer")::equals)
                .isPresent();
        return new Parameter(
                parameter.text("name"), parameter.text("in"), isTrue(parameter, "required"), whole, schema(schema));
    }

    private static boolean isTrue(Members of, String name) {
        return of.find(name).filter(new JsonValue.Truth(true)::equals).isPresent();
    }

    /** What a reference of the document leads to. */
    private Members resolved(Members value) {
        if (value.find("$ref").isEmpty()) {
            return value;
        }
        Members at = root;
        for (String name : value.text("$ref").substring(2).split("/")) {
            at = at.members(name);
        }
        return at;
    }

    /** A schema that may refer to others of the document. */
    JsonSchema schema(Members schema) {
        Map<String, JsonValue> whole = new LinkedHashMap<>(schema.values());
        whole.put(
                "components",
                new Members(Map.of("schemas", root.members("components").members("schemas"))));
        return JsonSchema.parse(Json.write(new Members(whole)));
    }
}
