package org.medbackup.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SecretTest {

    private static final String PASSPHRASE = "canary-\u00e9\uD83D\uDD11";

    @Test
    void aSecretIsNeverPrinted() {
        try (Secret secret = Secret.ofText(PASSPHRASE)) {
            assertThat(secret).hasToString("Secret[13 bytes]");
            assertThat(String.valueOf(secret)).doesNotContain("canary");
            assertThat(String.format("%s", secret)).doesNotContain("canary");
        }
    }

    @Test
    void itsBytesAreThoseOfThePassphraseInUtf8() {
        try (Secret secret = Secret.ofText(PASSPHRASE)) {
            assertThat(secret.<byte[]>use(byte[]::clone)).isEqualTo(PASSPHRASE.getBytes(UTF_8));
            assertThat(secret.length()).isEqualTo(13);
        }
    }

    @Test
    void closingWipesItsBytesAndNobodyGetsTheZeros() {
        var lent = new ArrayList<byte[]>();
        Secret secret = Secret.ofText("canary");
        Secret other = Secret.ofText("knight");
        secret.use(lent::add);

        secret.close();
        secret.close();
        other.close();

        assertThat(lent.getFirst()).containsOnly(0);
        assertThatThrownBy(() -> secret.<Integer>use(bytes -> bytes.length))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wiped");
        assertThatThrownBy(() -> secret.matches(other)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsDerivedAtGreatCostIsDerivedOnceAndWipedWithIt() {
        var made = new ArrayList<byte[]>();
        Secret secret = Secret.ofText("canary");
        for (int call = 0; call < 3; call++) {
            byte[] key = secret.derived("doubled", bytes -> {
                byte[] twice = {(byte) (2 * bytes[0])};
                made.add(twice);
                return twice;
            });
            assertThat(key).containsExactly(2 * 'c');
            key[0] = 0;
        }
        assertThat(made).hasSize(1);

        secret.close();

        assertThat(made.getFirst()).containsOnly(0);
        assertThatThrownBy(() -> secret.derived("doubled", byte[]::clone)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofManyDerivedOnesTheOldestAreWiped() {
        var made = new ArrayList<byte[]>();
        try (Secret secret = Secret.ofText("canary")) {
            for (int number = 0; number < 20; number++) {
                secret.derived("number " + number, bytes -> {
                    made.add(bytes.clone());
                    return made.getLast();
                });
            }
            assertThat(made.getFirst()).containsOnly(0);
            assertThat(made.getLast()).containsExactly("canary".getBytes(UTF_8));
            secret.derived("number 0", byte[]::clone);
        }
    }

    @Test
    void theCallersArrayStaysTheCallers() {
        byte[] key = {1, 2, 3};
        try (Secret secret = Secret.copyOf(key)) {
            key[0] = 9;
            assertThat(secret.<byte[]>use(byte[]::clone)).containsExactly(1, 2, 3);
        }
        assertThat(key).containsExactly(9, 2, 3);
    }

    @Test
    void secretsMatchByTheirBytes() {
        try (Secret one = Secret.ofText("abc");
                Secret same = Secret.copyOf(new byte[] {'a', 'b', 'c'});
                Secret longer = Secret.ofText("abcd")) {
            assertThat(one.matches(same)).isTrue();
            assertThat(one.matches(longer)).isFalse();
        }
    }

    @Test
    void textThatIsNoneIsRefusedWithoutBeingNamed() {
        assertThatThrownBy(() -> Secret.ofText("canary\uD83D"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("canary");
    }
}
