package org.medbackup.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HostSealTest {

    private static HostSeal seal(int key, String purpose) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) key);
        try (Secret secret = Secret.copyOf(bytes)) {
            return new HostSeal(secret, purpose, Entropy.system());
        }
    }

    @Test
    void whatWasSealedOpensUnderItsNameOnly() throws GeneralSecurityException {
        HostSeal seal = seal(1, "one v1");
        byte[] sealed = seal.seal("name", "text".getBytes(UTF_8));

        assertThat(new String(seal.open("name", sealed), UTF_8)).isEqualTo("text");
        assertThat(new String(sealed, UTF_8)).doesNotContain("text");
        assertThat(seal.seal("name", "text".getBytes(UTF_8))).isNotEqualTo(sealed);
        assertThatThrownBy(() -> seal.open("other", sealed)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void anotherKeyAnotherPurposeAndDamageOpenNothing() {
        byte[] sealed = seal(1, "one v1").seal("name", "text".getBytes(UTF_8));

        assertThatThrownBy(() -> seal(2, "one v1").open("name", sealed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> seal(1, "two v1").open("name", sealed)).isInstanceOf(GeneralSecurityException.class);
        for (int i = 0; i < sealed.length; i++) {
            byte[] damaged = sealed.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> seal(1, "one v1").open("name", damaged))
                    .isInstanceOf(GeneralSecurityException.class);
        }
        assertThatThrownBy(() -> seal(1, "one v1").open("name", new byte[27]))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aNameIsTheSameForTheSameTextsOfOnePurposeAndTellsNeither() {
        String name = seal(1, "one v1").name("application", "run");

        assertThat(name).matches("[0-9a-f]{32}").isEqualTo(seal(1, "one v1").name("application", "run"));
        assertThat(name)
                .isNotEqualTo(seal(1, "one v1").name("applicatio", "nrun"))
                .isNotEqualTo(seal(1, "two v1").name("application", "run"))
                .isNotEqualTo(seal(2, "one v1").name("application", "run"));
    }
}
