package org.medbackup.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.medbackup.documents.JsonSchema.Fault;

class JsonSchemaTest {

    private static final JsonSchema SCHEMA = JsonSchema.parse("""
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "name": {"type": "string", "pattern": "^[a-z]+$"},
                "level": {"enum": ["low", "high"]},
                "apps": {"type": "object", "additionalProperties": {"$ref": "#/$defs/app"}}
              },
              "required": ["name"],
              "$defs": {
                "app": {
                  "type": "object",
                  "additionalProperties": false,
                  "properties": {"url": {"type": "string"}, "budget": {"type": "integer", "minimum": 1}}
                }
              }
            }
            """);

    private static java.util.List<Fault> check(String json) {
        return SCHEMA.check(Json.parse(json));
    }

    @Test
    void aDocumentThatKeepsTheSchemaHasNoFault() {
        assertThat(check("{\"name\":\"a\",\"apps\":{\"ehr\":{\"url\":\"x\",\"budget\":5}}}"))
                .isEmpty();
    }

    @Test
    void aKeyThatIsNotKnownIsNamedWithThoseThatAre() {
        assertThat(check("{\"name\":\"a\",\"apps\":{\"e/h\":{\"uri\":\"x\"}}}"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.pointer()).isEqualTo("/apps/e~1h/uri");
                    assertThat(fault.known()).containsExactly("url", "budget");
                });
        assertThat(check("{\"name\":\"a\",\"nmae\":1}"))
                .extracting(Fault::pointer)
                .containsExactly("/nmae");
    }

    @Test
    void whatIsMissingOrOfTheWrongKindIsNamedWithoutItsValue() {
        assertThat(check("{}")).extracting(Fault::message).containsExactly("the key name is missing");
        assertThat(check("{\"name\":7}")).extracting(Fault::rule).containsExactly("type");
        assertThat(check("{\"name\":\"CANARY\",\"level\":\"CANARY\",\"apps\":{\"x\":{\"budget\":0}}}"))
                .hasSize(3)
                .allSatisfy(fault -> assertThat(fault.message()).isNotBlank().doesNotContain("CANARY"))
                .extracting(Fault::rule)
                .containsExactly("minimum", "enum", "pattern");
    }

    @Test
    void aSchemaThatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> JsonSchema.parse("{")).isInstanceOf(JsonException.class);
    }
}
