package org.medbackup.engine;

/** How deep a verification goes; each level includes those before it. */
public enum VerifyLevel {
    /** Every object that is needed is there, with its length. */
    PRESENCE,
    /** Every small object is whole, every tree can be read, and every chunk that it needs is in a pack. */
    STRUCTURE,
    /** Every pack's SHA-256 is its name; needs no key to data. */
    CIPHERTEXT,
    /** Every chunk opens and is the one of its name. */
    CONTENT,
    /** Every restore point is restored, to nowhere, and each file's sum is the one taken at the backup. */
    RESTORE;

    public boolean includes(VerifyLevel other) {
        return compareTo(other) >= 0;
    }
}
