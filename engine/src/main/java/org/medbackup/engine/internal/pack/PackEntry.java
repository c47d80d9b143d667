package org.medbackup.engine.internal.pack;

import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Codec;

/**
 * What a pack's directory says of one chunk.
 *
 * @param id name of the chunk
 * @param codec how it was compressed
 * @param slot which of the pack's keys seals it
 * @param number the message number that its nonces were made from; stays when the record is copied to another pack
 * @param offset where its record begins in the pack
 * @param storedLength length of the record
 * @param plainLength length of the chunk
 * @param crc CRC-32C of the record, for those who have no key
 */
public record PackEntry(
        ChunkId id, Codec codec, int slot, long number, long offset, int storedLength, int plainLength, int crc) {

    /** The same record at another place. */
    PackEntry at(long place) {
        return new PackEntry(id, codec, slot, number, place, storedLength, plainLength, crc);
    }
}
