/** Who calls, by tokens of OpenID Connect. */
module org.medbackup.identity.oidc {
    requires org.medbackup.core;
    requires com.nimbusds.jose.jwt;
    requires java.net.http;
    requires static org.jspecify;

    provides org.medbackup.core.spi.access.TokenVerifier with
            org.medbackup.identity.oidc.OidcTokens;
}
