package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.store.sftp.KnownHosts.Verdict;

class KnownHostsTest {

    private PublicKey key;
    private PublicKey other;
    private String line;

    @BeforeEach
    void makeKeys() throws Exception {
        Ed25519.ready();
        key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        other = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        line = " " + PublicKeyEntry.toString(key) + " a comment\n";
    }

    private Verdict verdict(String file, String name) {
        return KnownHosts.of(file, name).judge(key);
    }

    @ParameterizedTest
    @CsvSource({
        "vault, vault, KNOWN",
        "VAULT, vault, KNOWN",
        "vault, vault2, UNKNOWN",
        "vault, [vault]:2222, UNKNOWN",
        "[vault]:2222, [vault]:2222, KNOWN",
        "[vault]:2222, vault, UNKNOWN",
        "*, [vault]:2222, KNOWN",
        "va?lt, vault, KNOWN",
        "v*.clinic, vault.clinic, KNOWN",
        "v*.clinic, vaultxclinic, UNKNOWN",
        "'other,vault', vault, KNOWN",
        "'*,!vault', vault, UNKNOWN",
        "'!vault,*', vault, UNKNOWN",
        "'!vault,*', other, KNOWN",
        "|1|nonsense|, vault, UNKNOWN",
        "|1|@@@@|@@@@, vault, UNKNOWN",
        "|1||abcd, vault, UNKNOWN",
        "|2|abcd|abcd, vault, UNKNOWN"
    })
    void aHostIsTakenForWhatItsLineNames(String hosts, String name, Verdict verdict) {
        assertThat(verdict(hosts + line, name)).isEqualTo(verdict);
    }

    @Test
    void linesThatAreNoneArePassedOver() {
        String file = "\n# vault\nvault\nvault ssh-ed25519\nvault ssh-ed25519 @@@@\n@revoked vault\n#vault" + line;

        assertThat(verdict(file, "vault")).isEqualTo(Verdict.UNKNOWN);
        assertThat(verdict(file + "\tvault\t" + line.strip(), "vault")).isEqualTo(Verdict.KNOWN);
    }

    @Test
    void oneOfSeveralKeysIsEnoughAndNoneOfThemIsAnother() {
        String others = "vault " + PublicKeyEntry.toString(other) + "\n";

        assertThat(verdict(others, "vault")).isEqualTo(Verdict.CHANGED);
        assertThat(verdict(others + "vault" + line, "vault")).isEqualTo(Verdict.KNOWN);
        assertThat(KnownHosts.of(others + "vault" + line, "vault").kinds())
                .containsExactlyInAnyOrder("ssh-ed25519", "ecdsa-sha2-nistp384");
    }

    @Test
    void aKeyThatIsRevokedForAllIsRevokedAtEveryPort() {
        assertThat(verdict("[vault]:2222" + line + "@revoked *" + line, "[vault]:2222"))
                .isEqualTo(Verdict.REVOKED);
        assertThat(verdict("@cert-authority *" + line, "vault")).isEqualTo(Verdict.UNKNOWN);
        assertThat(KnownHosts.of("@cert-authority *" + line, "vault").kinds()).isEmpty();
    }
}
