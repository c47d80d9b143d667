package org.medbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which credentials are taken, and how requests are authorized by them. */
class AccessTest {

    private static final String KEY = "Y2FuYXJ5LWtleQ==";
    private static final String OTHER = "Y2FuYXJ5LW90aGVy";
    private static final URI OBJECT = URI.create("https://clinic.blob.core.windows.net/ward/d/pack");

    private static Ask put() {
        return new Ask("PUT", OBJECT)
                .query("comp", "block")
                .query("blockid", "a+b/c==")
                .header("if-none-match", "*")
                .header("x-ms-date", "Thu, 01 Jan 2026 00:00:00 GMT");
    }

    private static String signature(Map<String, String> environment) {
        Ask ask = put();
        Access.of("clinic", environment::get).authorize(ask, 7);
        return ask.headers().getOrDefault("authorization", "");
    }

    @Test
    void aKeySignsWhatIsAskedFor() {
        Ask ask = put();

        URI address = Access.of("clinic", Map.of("AZURE_STORAGE_KEY", KEY)::get).authorize(ask, 7);

        assertThat(address).isEqualTo(URI.create(OBJECT + "?blockid=a%2Bb%2Fc%3D%3D&comp=block"));
        // By openssl dgst -sha256 -mac HMAC -macopt key:canary-key, of the text that the protocol lays down.
        assertThat(ask.headers())
                .containsEntry("authorization", "SharedKey clinic:gDrRt/tv1yP6AueMbqSO7AnE1zoEtbSGMaXA4cIjgbU=");
        assertThat(signature(Map.of("AZURE_STORAGE_KEY", OTHER)))
                .isNotEqualTo(signature(Map.of("AZURE_STORAGE_KEY", KEY)));
    }

    @Test
    void aTokenGoesWithTheAddressAndSignsNothing() {
        Ask ask = put();
        Access access = Access.of("clinic", Map.of("AZURE_STORAGE_SAS_TOKEN", "?sp=rcl&sig=x%3D")::get);

        assertThat(access.authorize(ask, 7).toString()).endsWith("&comp=block&sp=rcl&sig=x%3D");
        assertThat(access.authorize(new Ask("GET", OBJECT), 0).toString()).endsWith("/pack?sp=rcl&sig=x%3D");
        assertThat(ask.headers()).doesNotContainKey("authorization");
    }

    @Test
    void anAccountsOwnCredentialsComeBeforeTheGeneralOnesAndATokenBeforeAKey() {
        Map<String, String> environment = new HashMap<>(Map.of("AZURE_STORAGE_KEY", KEY));
        String general = signature(environment);
        environment.put("AZURE_STORAGE_KEY_CLINIC", OTHER);
        environment.put("AZURE_STORAGE_KEY_OTHERS", KEY);

        assertThat(signature(environment)).isNotEqualTo(general);

        environment.put("AZURE_STORAGE_SAS_TOKEN_CLINIC", "sp=rcl&sig=x");
        assertThat(signature(environment)).isEmpty();
    }

    @Test
    void onlyWhoMayReplaceObjectsPutsThemInBlocks() {
        assertThat(Access.of("clinic", Map.of("AZURE_STORAGE_KEY", KEY)::get).mayPutBlocks())
                .isTrue();
        assertThat(new Access.Token("sp=rcl&sig=x").mayPutBlocks()).isFalse();
        assertThat(new Access.Token("sv=2020&sp=rcwl&sig=x").mayPutBlocks()).isTrue();
        assertThat(new Access.Token("si=policy&sig=x").mayPutBlocks()).isTrue();
    }
}
