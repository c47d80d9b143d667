package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Places in documents. */
class JsonPointerTest {

    @Test
    void aPlaceInADocumentIsFoundAsItsStandardSaysIt() {
        String document = "{\"total\":12,\"a/b\":[{\"m~n\":\"x\"}],\"n\":null}";

        assertThat(JsonPointer.find(document, "/total")).contains("12");
        assertThat(JsonPointer.find(document, "/a~1b/0/m~0n")).contains("x");
        assertThat(JsonPointer.find("[1]", "")).contains("[1]");
        assertThat(JsonPointer.find(document, "/a~1b/1")).isEmpty();
        assertThat(JsonPointer.find(document, "/a~1b/x")).isEmpty();
        assertThat(JsonPointer.find(document, "/total/0")).isEmpty();
        assertThat(JsonPointer.find("no document", "/total")).isEmpty();
    }
}
