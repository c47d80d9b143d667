package org.medbackup.service;

/**
 * Which repository, and what opens it.
 *
 * @param location a path or a URI
 * @param credential where the password or key comes from
 */
public record RepositoryAccess(String location, CredentialSource credential) {}
