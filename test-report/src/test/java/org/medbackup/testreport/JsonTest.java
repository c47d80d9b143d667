package org.medbackup.testreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[1, -2.50, true, false, null, \"text\"]",
                "{\"a\": {\"b\": [[], {}]}, \"c\": \"\\\"\\\\\\n\\r\\t\\u0000\\u001b\\u0085\\ud800\"}"
            })
    void whatIsReadIsWrittenAsItWas(String text) {
        assertThat(JsonWriter.line(Json.parse(text))).isEqualTo(text);
    }

    @Test
    void spaceAndExponentsAreRead() {
        assertThat(JsonWriter.line(Json.parse(" \r\n\t[ 1e2 ,\"\\/\\b\\f\\u00e9\" ] ")))
                .isEqualTo("[100, \"/\\u0008\\u000cé\"]");
    }

    @Test
    void halfASurrogatePairSurvivesAFile() {
        byte[] file = JsonWriter.line(Json.of("\ud800|\uD83D\uDE80")).getBytes(StandardCharsets.UTF_8);

        assertThat(Json.parse(new String(file, StandardCharsets.UTF_8))).isEqualTo(Json.of("\ud800|\uD83D\uDE80"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1",
                "[1,]",
                "{\"a\"}",
                "{\"a\":1,}",
                "{a:1}",
                "\"",
                "\"\\x\"",
                "\"\\u12",
                "\"\\u12g4\"",
                "tru",
                "nul",
                "1 2",
                "-",
                "1.2.3",
                "\"\n\"",
                "{\"a\":1,\"a\":2}",
                "'a'"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void aRefusalSaysWhere() {
        assertThatThrownBy(() -> Json.parse("{\"a\": ?}")).hasMessage("not JSON at character 7: no JSON value");
    }

    @Test
    void aMissingMemberIsNamed() {
        var object = Json.parseObject("{\"n\": 1, \"list\": [1]}");

        assertThatThrownBy(() -> object.text("name")).hasMessage("the member \"name\" is missing");
        assertThatThrownBy(() -> object.text("n")).hasMessage("the member \"n\" has an unexpected type");
        assertThatThrownBy(() -> object.objects("list")).hasMessageContaining("\"list\"");
        assertThatThrownBy(() -> Json.parseObject("[]")).hasMessage("the text holds no JSON object");
    }

    @Test
    void secondsHaveSixDigits() {
        assertThat(JsonWriter.line(Json.seconds(new BigDecimal("1.0000005")))).isEqualTo("1.000001");
        assertThat(JsonWriter.line(Json.seconds(BigDecimal.ZERO))).isEqualTo("0.000000");
    }

    @Test
    void aFileHasOneObjectALine() {
        var report = Json.Obj.empty()
                .with("root", Json.of("."))
                .with("tags", Json.texts(List.of("a", "b")))
                .with("tests", new Json.Arr(List.of(Json.Obj.empty().with("n", Json.of(1)), Json.Obj.empty())));

        assertThat(JsonWriter.lines(report)).isEqualTo("""
                        {
                        "root": ".",
                        "tags": ["a", "b"],
                        "tests": [
                        {"n": 1},
                        {}
                        ]
                        }
                        """);
    }
}
