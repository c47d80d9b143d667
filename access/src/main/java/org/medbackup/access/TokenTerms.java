package org.medbackup.access;

/**
 * Whose tokens prove who calls (OpenID Connect Core 1.0).
 *
 * @param issuer who issues them, exactly as in the token
 * @param audience for whom they are
 * @param keys where the issuer's public keys lie: a file of a JSON Web Key Set (RFC 7517), or its address with https
 */
public record TokenTerms(String issuer, String audience, String keys) {}
