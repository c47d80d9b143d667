package org.medbackup.audit;

/**
 * One thing that is wrong with a trail.
 *
 * @param code which kind of thing; its name is stable, scripts compare it
 * @param entry the number of the entry it is about, from 0; for a checkpoint its size, for a tile its first entry;
 *     negative where it is about no entry
 * @param message what was found, in words, without anything an entry says
 */
public record Finding(Code code, long entry, String message) {

    /** The kinds of things that can be wrong. */
    public enum Code {
        /** An entry is not what was written. */
        CHANGED_ENTRY,
        /** An entry is gone and later ones are there. */
        REMOVED_ENTRY,
        /** Something stands between the entries that does not belong there. */
        INSERTED_ENTRY,
        /** An entry stands at another place than its own. */
        REORDERED_ENTRY,
        /** An entry behind the last checkpoint was not written with the host's key. */
        FORGED_ENTRY,
        /** Entries at the end are gone: a checkpoint or a tile proves that there were more. */
        TRUNCATED,
        /** The last write was not finished; the next opening cuts it off and records that. */
        TORN_TAIL,
        /** Something in the file of checkpoints is no checkpoint. */
        BAD_CHECKPOINT,
        /** A checkpoint is not signed with the trail's key. */
        BAD_CHECKPOINT_SIGNATURE,
        /** A checkpoint lacks the signature of the trail's second key, or has a bad one, though earlier ones had it. */
        BAD_SECOND_SIGNATURE,
        /** A checkpoint is gone that a later entry names. */
        REMOVED_CHECKPOINT,
        /** A signed or anchored head does not fit: the trail was set back and went on differently. */
        AUDIT_ROLLBACK,
        /** A tile does not fit the entries. */
        DAMAGED_TILE,
        /** Bytes that were cut off after a crash and kept have been changed. */
        CHANGED_EVIDENCE,
        /** A file is gone. */
        MISSING_FILE,
        /** A file is there that is none of the trail's. */
        UNKNOWN_FILE,
        /** A time-stamp does not attest the checkpoint of its size, or there is none. */
        BAD_TIMESTAMP,
        /** The file with the public key is damaged or was replaced. */
        BAD_KEY_FILE,
        /** The trail was written with another host key than the one given. */
        WRONG_KEY,
        /** There is no trail. */
        NO_TRAIL,
        /** There are more findings than are listed. */
        MORE_FINDINGS
    }
}
