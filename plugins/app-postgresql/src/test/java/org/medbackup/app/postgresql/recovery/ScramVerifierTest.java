package org.medbackup.app.postgresql.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Entropy;

class ScramVerifierTest {

    @Test
    void isThatOfTheExampleOfRfc7677() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

        assertThat(ScramVerifier.of("pencil", salt))
                .isEqualTo("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
                        + "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                        + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
    }

    @Test
    void isSaltedAnewEachTime() {
        assertThat(ScramVerifier.of("pencil", Entropy.system()))
                .isNotEqualTo(ScramVerifier.of("pencil", Entropy.system()));
    }

    @Test
    void aGuestDoesNotShowItsPassword() {
        var guest = PostgresRecovery.Guest.random(Entropy.system());

        assertThat(guest.toString()).contains(guest.role()).doesNotContain(guest.password());
    }
}
