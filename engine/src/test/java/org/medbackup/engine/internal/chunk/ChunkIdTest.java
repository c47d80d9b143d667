package org.medbackup.engine.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;

class ChunkIdTest {

    private static ChunkId id(String hex) {
        return ChunkId.of(HexFormat.of().parseHex(hex));
    }

    private static final ChunkId LOW = id("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    private static final ChunkId HIGH = id("f102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");

    @Test
    void aChunkIsNamedByTheKeyedDigestOfItsBytes() {
        byte[] data = "-what do ya want for nothing?-".getBytes(StandardCharsets.US_ASCII);
        var namer = new ChunkNamer("Jefe".getBytes(StandardCharsets.US_ASCII));

        ChunkId name = namer.name(data, 1, data.length - 2);

        assertThat(name).hasToString("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(namer.name(data, 1, data.length - 2)).isEqualTo(name);
        assertThat(new ChunkNamer(Crypto.sha256(new byte[0])).name(data, 1, data.length - 2))
                .isNotEqualTo(name);
    }

    @Test
    void idsSortAsUnsignedBytes() {
        assertThat(LOW).isLessThan(HIGH).isNotEqualTo(HIGH).isEqualByComparingTo(LOW);
        assertThat(LOW.word(0)).isEqualTo(0x0102030405060708L);
        assertThat(LOW.word(24)).isEqualTo(0x191a1b1c1d1e1f20L);
        assertThat(LOW).hasSameHashCodeAs(id(LOW.toString()));
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkId.of(new byte[31]));
    }

    @Test
    void theNumbersOfTheCodecsAreThoseOfTheFormat() {
        assertThat(Codec.of(0)).isEqualTo(Codec.RAW);
        assertThat(Codec.of(1)).isEqualTo(Codec.ZSTD);
        assertThat(Codec.ZSTD.code()).isEqualTo(1);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Codec.of(2));
    }
}
