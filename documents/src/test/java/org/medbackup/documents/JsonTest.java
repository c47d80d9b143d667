package org.medbackup.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.ErrorCode;

class JsonTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        var members = new LinkedHashMap<String, Object>();
        members.put("z", "quote \" newline \n unicode \u20ac control \u0001");
        members.put("a", List.of(1, 2L, true, 0.5));
        members.put("none", null);
        members.put("code", ErrorCode.USAGE);
        JsonValue value = JsonValue.of(members);

        assertThat(Json.parse(Json.write(value))).isEqualTo(value);
        assertThat(Json.write(value)).startsWith("{\"z\":");
    }

    @Test
    void canonicalFormSortsMembersAndHasNoSpace() {
        JsonValue value = Json.parse("{ \"b\" : 1.0 , \"a\" : [ 1e21, 0.000001, 1E-7 ], \"\\u20ac\" : \"\\u20ac\" }");

        assertThat(Json.canonical(value)).isEqualTo("{\"a\":[1e+21,0.000001,1e-7],\"b\":1,\"\u20ac\":\"\u20ac\"}");
    }

    @Test
    void controlCharactersAreEscapedInLowerCase() {
        assertThat(Json.canonical(new JsonValue.Text("\u001f\n"))).isEqualTo("\"\\u001f\\n\"");
    }

    // RFC 8785 appendix B
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "0000000000000000, 0",
        "8000000000000000, 0",
        "0000000000000001, 5e-324",
        "7fefffffffffffff, 1.7976931348623157e+308",
        "4340000000000000, 9007199254740992",
        "44b52d02c7e14af5, 9.999999999999997e+22",
        "44b52d02c7e14af6, 1e+23",
        "444b1ae4d6e2ef4f, 999999999999999900000",
        "3eb0c6f7a0b5ed8d, 0.000001",
        "41b3de4355555553, 333333333.3333332",
        "becbf647612f3696, -0.0000033333333333333333",
        "43143ff3c1cb0959, 1424953923781206.2"
    })
    void numbersAreWrittenAsRfc8785Shows(String bits, String text) {
        double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));

        assertThat(Json.canonical(new JsonValue.Decimal(value))).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,\"a\":2}",
                "1 2",
                "{\"a\" 1}",
                "nul",
                "99999999999999999999",
                "1e999",
                "\"\u0001\""
            })
    void malformedTextIsRefusedWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(Json.parse("[".repeat(200) + "]".repeat(200))).isInstanceOf(JsonValue.Items.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(201) + "]".repeat(201))).isInstanceOf(JsonException.class);
    }

    @Test
    void membersAreFoundByNameAndKind() {
        JsonValue.Members members =
                Json.parseMembers("{\"t\":\"x\",\"w\":7,\"m\":{},\"i\":[true],\"n\":null,\"d\":0.5}");

        assertThat(members.text("t")).isEqualTo("x");
        assertThat(members.whole("w")).isEqualTo(7);
        assertThat(members.members("m").values()).isEmpty();
        assertThat(members.items("i")).containsExactly(new JsonValue.Truth(true));
        assertThat(members.find("n")).isEmpty();
        assertThat(members.find("d")).contains(new JsonValue.Decimal(0.5));
        assertThatThrownBy(() -> members.text("w")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> members.whole("t")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> members.members("t")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> members.items("absent")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.parseMembers("[]")).isInstanceOf(JsonException.class);
    }

    @Test
    void onlyPlainValuesHaveAJsonForm() {
        assertThat(JsonValue.of(Arrays.asList(null, "a"))).isInstanceOf(JsonValue.Items.class);
        assertThat(JsonValue.of(Map.of("k", 1))).isInstanceOf(JsonValue.Members.class);
        assertThatThrownBy(() -> JsonValue.of(new Object())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new JsonValue.Decimal(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
