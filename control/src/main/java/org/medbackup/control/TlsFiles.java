package org.medbackup.control;

import java.nio.file.Path;

/**
 * Where the server finds who it is and whom it trusts. The files are looked at again while it runs; replace each by a rename.
 *
 * @param certificates PEM: the server's own, and then those that lead to its authority
 * @param key PEM, PKCS 8 without a passphrase; for its owner's eyes only (mode 0600 or 0400)
 * @param clients PEM: the authorities of the certificates that callers have; best one that makes no others
 */
public record TlsFiles(Path certificates, Path key, Path clients) {}
