package org.medbackup.engine.internal.crypto;

import org.medbackup.engine.internal.codec.MalformedException;

/** How a holder signs. The number is bound into what is signed, so that no half can be taken for the whole. */
public enum SignatureAlgorithm {
    /** RFC 8032. */
    ED25519(1, "Ed25519", Ed25519.SIGNATURE),

    /** RFC 8032 and FIPS 204, both of which must hold. */
    ED25519_ML_DSA_65(2, "Ed25519+ML-DSA-65", Ed25519.SIGNATURE + MlDsa.SIGNATURE);

    private final int number;
    private final String label;
    private final int length;

    SignatureAlgorithm(int number, String label, int length) {
        this.number = number;
        this.label = label;
        this.length = length;
    }

    /** The number that stands for it in the format. */
    public int number() {
        return number;
    }

    /** Its name, for people. */
    public String label() {
        return label;
    }

    /** Bytes of a signature. */
    public int length() {
        return length;
    }

    /**
     * The algorithm of a number.
     *
     * @throws MalformedException where there is none
     */
    public static SignatureAlgorithm of(int number) {
        for (SignatureAlgorithm each : values()) {
            if (each.number == number) {
                return each;
            }
        }
        throw new MalformedException("the algorithm of a signature is not known");
    }
}
