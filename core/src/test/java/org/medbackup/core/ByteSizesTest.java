package org.medbackup.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizesTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "1048524, 1023.9 KiB",
        "1048575, 1.0 MiB",
        "1048576, 1.0 MiB",
        "1099511627776, 1.0 TiB",
        "-2048, -2.0 KiB",
        "9223372036854775807, 8.0 EiB",
        "-9223372036854775808, -8.0 EiB"
    })
    void sizesAreShownInTheLargestUnitThatFits(long bytes, String text) {
        assertThat(ByteSizes.text(bytes)).isEqualTo(text);
    }
}
