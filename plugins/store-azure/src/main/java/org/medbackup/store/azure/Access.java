package org.medbackup.store.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What opens an account: its key, a token with a shared access signature, or nothing. Safe for use by several threads. */
sealed interface Access {

    /** The variables that Microsoft's own command line reads. */
    String KEY = "AZURE_STORAGE_KEY";

    String TOKEN = "AZURE_STORAGE_SAS_TOKEN";

    /**
     * Authorizes a request.
     *
     * @param length of its body
     * @return where it goes to
     */
    URI authorize(Ask ask, long length);

    /**
     * Whether an object may be put in blocks. The service takes those only from who may overwrite too; a token for new
     * objects alone puts them whole.
     */
    default boolean mayPutBlocks() {
        return true;
    }

    /**
     * What the environment has for an account: variables that end with its name in capitals come before those without,
     * since two accounts have two keys; a token comes before a key, since it can do less.
     */
    static Access of(String account, AzureLocation.Environment environment) {
        for (String suffix : new String[] {"_" + account.toUpperCase(Locale.ROOT), ""}) {
            String token = value(environment, TOKEN + suffix);
            if (token != null) {
                return token(token);
            }
            String key = value(environment, KEY + suffix);
            if (key != null) {
                return key(account, key);
            }
        }
        return new Unusable("no credentials for the storage account were found");
    }

    private static @Nullable String value(AzureLocation.Environment environment, String variable) {
        String value = environment.value(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static Access token(String token) {
        String bare = token.startsWith("?") ? token.substring(1) : token;
        return Token.FORM.matcher(bare).matches() && bare.contains("sig=")
                ? new Token(bare)
                : new Unusable("the token for the storage account is not one");
    }

    private static Access key(String account, String key) {
        try {
            return new Key(account, Secret.copyOf(Base64.getDecoder().decode(key)));
        } catch (IllegalArgumentException notBase64) {
            return new Unusable("the key for the storage account is not one");
        }
    }

    /**
     * The account's key, by which each request is signed.
     *
     * @param account name of the account
     * @param key as bytes
     */
    record Key(String account, Secret key) implements Access {

        /** Headers that are signed by their value alone, in this order; the length comes third. */
        private static final String[] SIGNED = {
            "content-encoding",
            "content-language",
            "content-length",
            "content-md5",
            "content-type",
            "date",
            "if-modified-since",
            "if-match",
            "if-none-match",
            "if-unmodified-since",
            "range"
        };

        @Override
        public URI authorize(Ask ask, long length) {
            ask.header("authorization", "SharedKey " + account + ":" + signature(toSign(ask, length)));
            return ask.address("");
        }

        private String toSign(Ask ask, long length) {
            var text = new StringJoiner("\n").add(ask.method());
            for (String name : SIGNED) {
                String own = name.equals("content-length") && length > 0 ? Long.toString(length) : "";
                text.add(ask.headers().getOrDefault(name, own));
            }
            ask.headers().entrySet().stream()
                    .filter(each -> each.getKey().startsWith("x-ms-"))
                    .forEach(each -> text.add(each.getKey() + ":" + each.getValue()));
            text.add("/" + account + ask.path());
            for (Map.Entry<String, String> each : ask.query().entrySet()) {
                text.add(each.getKey() + ":" + each.getValue());
            }
            return text.toString();
        }

        private String signature(String text) {
            return key.use(bytes -> {
                try {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                    return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
                } catch (GeneralSecurityException impossible) {
                    throw new IllegalStateException("the JDK has HmacSHA256", impossible);
                }
            });
        }
    }

    /**
     * A token, which goes with each request.
     *
     * @param query as it is written in an address
     */
    record Token(String query) implements Access {

        private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~%=&:+/*!,;-]+");
        private static final Pattern PERMISSIONS = Pattern.compile("(?:^|&)sp=([a-z]*)");

        @Override
        public URI authorize(Ask ask, long length) {
            return ask.address(query);
        }

        @Override
        public boolean mayPutBlocks() {
            Matcher permissions = PERMISSIONS.matcher(query);
            // A token that refers to a policy of the container does not say.
            return !permissions.find() || permissions.group(1).indexOf('w') >= 0;
        }

        @Override
        public String toString() {
            return "Token[]";
        }
    }

    /**
     * None that could be used.
     *
     * @param reason for people
     */
    record Unusable(String reason) implements Access {

        @Override
        public URI authorize(Ask ask, long length) {
            BackupException missing = ErrorCode.STORE_DENIED.because(reason);
            throw missing.with("cause", "credentials");
        }
    }
}
