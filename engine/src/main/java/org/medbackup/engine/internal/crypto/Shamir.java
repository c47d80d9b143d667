package org.medbackup.engine.internal.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Entropy;

/**
 * Shares of a secret of which any m give it back, and fewer tell nothing of it (Shamir, Communications of the ACM 22,
 * 1979): each byte is the value at 0 of a polynomial of degree m − 1 over GF(2^8) with the polynomial of AES (FIPS 197),
 * and a share is the values at its number.
 */
public final class Shamir {

    /** Most shares that can be made. */
    public static final int MOST = 255;

    private static final int POLYNOMIAL = 0x11b;

    private Shamir() {}

    /**
     * Splits a secret.
     *
     * @param threshold how many shares give it back, at least 2
     * @param count how many are made, at most {@link #MOST}
     * @return the shares of the numbers 1 to count
     */
    public static SortedMap<Integer, byte[]> split(byte[] secret, int threshold, int count, Entropy entropy) {
        if (threshold < 2 || count < threshold || count > MOST) {
            throw new IllegalArgumentException("of at most 255 shares two or more give the secret back");
        }
        var coefficients = new ArrayList<byte[]>();
        coefficients.add(secret);
        for (int i = 1; i < threshold; i++) {
            coefficients.add(entropy.bytes(secret.length));
        }
        var shares = new TreeMap<Integer, byte[]>();
        for (int x = 1; x <= count; x++) {
            shares.put(x, evaluate(coefficients, x));
        }
        return shares;
    }

    private static byte[] evaluate(List<byte[]> coefficients, int x) {
        byte[] value = new byte[coefficients.getFirst().length];
        for (byte[] coefficient : coefficients.reversed()) {
            for (int i = 0; i < value.length; i++) {
                value[i] = (byte) (times(value[i] & 0xff, x) ^ coefficient[i]);
            }
        }
        return value;
    }

    /** Joins shares by Lagrange's formula at 0; too few, or others, give another secret. */
    public static byte[] join(SortedMap<Integer, byte[]> shares) {
        byte[] secret = new byte[shares.firstEntry().getValue().length];
        shares.forEach((x, share) -> {
            int weight = 1;
            for (int other : shares.keySet()) {
                if (other != x) {
                    weight = times(weight, times(other, inverse(other ^ x)));
                }
            }
            for (int i = 0; i < secret.length; i++) {
                secret[i] ^= (byte) times(share[i] & 0xff, weight);
            }
        });
        return secret;
    }

    /** The product in GF(2^8), in the same time for all factors. */
    static int times(int a, int b) {
        int product = 0;
        int left = a;
        for (int bit = 0; bit < 8; bit++) {
            product ^= left & -(b >> bit & 1);
            left = left << 1 ^ POLYNOMIAL & -(left >> 7);
        }
        return product;
    }

    /** a^254, which is 1/a. */
    static int inverse(int a) {
        int power = a;
        int product = 1;
        for (int bit = 1; bit < 8; bit++) {
            power = times(power, power);
            product = times(product, power);
        }
        return product;
    }
}
