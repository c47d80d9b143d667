package org.medbackup.policy.internal.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentifiersTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aSocialSecurityNumberHasAnAreaAGroupAndASerialThatWereEverGiven() {
        assertThat(List.of("123-45-6789", "001-01-0001 ", "899-99-9999,"))
                .allMatch(text -> Identifiers.isSocialSecurity(ascii(text), 0));
        assertThat(List.of(
                        "000-45-6789",
                        "666-45-6789",
                        "900-45-6789",
                        "123-00-6789",
                        "123-45-0000",
                        "123-45-67890",
                        "123-45-678",
                        "123-45-6789-1",
                        "12-345-6789",
                        "123-456789"))
                .noneMatch(text -> Identifiers.isSocialSecurity(ascii(text), 0));
    }

    @Test
    void aProviderIsTenDigitsWithARightCheckDigit() {
        // The example of CMS, "National Provider Identifier check digit".
        assertThat(Identifiers.isProvider(ascii("1234567893"), 0)).isTrue();
        assertThat(List.of("1234567890", "3234567893", "12345678931", "123456789"))
                .noneMatch(text -> Identifiers.isProvider(ascii(text), 0));
    }

    @Test
    void aBeneficiaryOfMedicareHasElevenPlacesOfTheirForm() {
        // The example of CMS, "Understanding the MBI".
        assertThat(Identifiers.isMedicare(ascii("1EG4-TE5-MK73"), 0)).isTrue();
        assertThat(Identifiers.isMedicare(ascii("1EG4TE5MK73"), 0)).isTrue();
        assertThat(List.of("0EG4TE5MK73", "1SG4TE5MK73", "1EG4TE5MK7", "1EG4TE5MK733", "1EGATE5MK73"))
                .noneMatch(text -> Identifiers.isMedicare(ascii(text), 0));
    }

    @Test
    void telephonesAndMailAddressesAreKnownByTheirForm() {
        assertThat(List.of("415-555-0137", "415.555.0137", "415 555-0137", "415) 555-0137".replace(") ", ")-")))
                .allMatch(text -> Identifiers.isPhone(ascii(text), 0));
        assertThat(List.of("115-555-0137", "415-555-01377", "415-5550137", "415/555-0137", "41"))
                .noneMatch(text -> Identifiers.isPhone(ascii(text), 0));
        assertThat(Identifiers.isMail(ascii("a@example.org"), 1)).isTrue();
        assertThat(List.of("@example.org", " @example", "a@b", "a@.", "a@b."))
                .noneMatch(text -> Identifiers.isMail(ascii(text), text.indexOf('@')));
    }

    @Test
    void aNumberOrADateStandsSoonAfterItsWord() {
        assertThat(Identifiers.hasNumber(ascii(": 00482913"), 0, 24)).isTrue();
        assertThat(List.of(": 1234", ": 1234567890123", " none\n 123456", " and that is far too long 12345"))
                .noneMatch(text -> Identifiers.hasNumber(ascii(text), 0, 24));
        assertThat(List.of(": 1961-04-02", " 19610402", " 4/2/61", " 04/02/1961", " 2.4.1961", " 1961/04/02"))
                .allMatch(text -> Identifiers.hasDate(ascii(text), 0, 24));
        assertThat(List.of(": 1500-04-02", " 12", " none", " 4/2-61", " 4/", " 1961:04"))
                .noneMatch(text -> Identifiers.hasDate(ascii(text), 0, 24));
    }

    @Test
    void aNumberBeginsWhereNothingLongerGoesOn() {
        assertThat(Identifiers.isStart(ascii("x1"), 1)).isFalse();
        assertThat(Identifiers.isStart(ascii("1.1"), 2)).isFalse();
        assertThat(Identifiers.isStart(ascii(" 1"), 1)).isTrue();
        assertThat(Identifiers.isStart(ascii("-1"), 1)).isTrue();
    }
}
