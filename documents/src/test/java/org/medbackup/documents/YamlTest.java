package org.medbackup.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {

    private static final String TEXT = """
            # a comment
            repository: s3://bucket/prefix
            limits: {cpu: 0.5, files: 16, mode: 0o17, off: null, strict: true}
            applications:
              ehr/main:
                hooks:
                  - [a, 'b: c']
                  - "yes"
            """;

    @Test
    void eachKindOfValueIsReadAsJson() {
        JsonValue value = Yaml.parse(TEXT).value();

        assertThat(Json.write(value))
                .isEqualTo(
                        "{\"repository\":\"s3://bucket/prefix\",\"limits\":{\"cpu\":0.5,\"files\":16,\"mode\":\"0o17\","
                                + "\"off\":null,\"strict\":true},\"applications\":{\"ehr/main\":{\"hooks\":[[\"a\",\"b: c\"],"
                                + "\"yes\"]}}}");
    }

    @Test
    void eachValueKnowsItsLineAndColumn() {
        Yaml yaml = Yaml.parse(TEXT);

        assertThat(yaml.at("/repository")).isEqualTo(new Position(2, 1));
        assertThat(yaml.at("/limits/files")).isEqualTo(new Position(3, 20));
        assertThat(yaml.at("/applications/ehr~1main/hooks/1")).isEqualTo(new Position(8, 9));
        assertThat(yaml.at("/applications/ehr~1main/missing/below")).isEqualTo(new Position(5, 3));
        assertThat(yaml.at("/nothing")).isEqualTo(new Position(2, 1));
    }

    @Test
    void anEmptyDocumentHasNoMembers() {
        Yaml yaml = Yaml.parse("# nothing\n");

        assertThat(Json.write(yaml.value())).isEqualTo("{}");
        assertThat(yaml.at("")).isEqualTo(Position.START);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a: 1\nb: [1,\n`|3",
                "`a: 1\na: 2\n`|2",
                "`a: !secret x\n`|1",
                "`a: !!set {x}\n`|1",
                "`a: !own [x]\n`|1",
                "`a: 99999999999999999999\n`|1",
                "`x: 1\na: .inf\n`|2",
                "`a: 1\n? [x]\n: 2\n`|2",
                "`a: &x [*x]\n`|1",
                "`a: b: c\n`|1"
            })
    void whatIsNoPlainDocumentIsRefusedWithItsLine(String text, int line) {
        assertThatThrownBy(() -> Yaml.parse(text)).isInstanceOfSatisfying(DocumentException.class, failure -> {
            assertThat(failure.position().line()).isEqualTo(line);
            assertThat(failure.getMessage()).isNotBlank();
        });
    }

    @Test
    void aDocumentThatGrowsWithoutEndIsRefused() {
        String bomb = """
                a: &a [x,x,x,x,x,x,x,x,x]
                b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
                c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
                d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
                e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
                f: [*e,*e,*e,*e,*e,*e,*e,*e,*e]
                """;

        assertThatThrownBy(() -> Yaml.parse(bomb)).isInstanceOf(DocumentException.class);
        assertThatThrownBy(() -> Yaml.parse("[".repeat(40) + "]".repeat(40))).isInstanceOf(DocumentException.class);
        assertThatThrownBy(() -> Yaml.parse("a: " + "x".repeat(2 << 20)))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("1 MiB");
    }
}
