package org.medbackup.policy.internal.classify;

/**
 * Files and dumps of databases, by the marks of their formats: SQLite ("Database File Format"), pg_dump ({@code pg_backup_archiver.c}),
 * PostgreSQL heap pages and log ({@code bufpage.h}, {@code xlog_internal.h}), InnoDB ({@code fil0types.h}), MyISAM, SQL Server
 * (backups in Microsoft Tape Format, data files by their page header), Oracle (block 0 of data, control and log files), WiredTiger,
 * BSON, Berkeley DB, Jet.
 */
final class DatabaseFiles {

    private static final int PAGE = 8192;
    private static final int WIREDTIGER = 120_897;

    private DatabaseFiles() {}

    static boolean is(Head head) {
        return isNamed(head)
                || isWiredTiger(head)
                || isPostgresPage(head)
                || isPostgresLog(head)
                || isInnoDb(head)
                || isOracle(head)
                || isSqlServer(head)
                || isBson(head)
                || isBerkeley(head);
    }

    /** A dump as text. */
    static boolean isDump(byte[] text) {
        for (String each : new String[] {
            "-- PostgreSQL database dump",
            "-- MySQL dump",
            "-- MariaDB dump",
            "PRAGMA foreign_keys=OFF;",
            "-- MySqlBackup.NET",
            "-- phpMyAdmin SQL Dump",
            "-- PostgreSQL database cluster dump",
            "/*!999999\\- enable the sandbox mode */"
        }) {
            if (Head.find(text, 0, Math.min(text.length, 256), each) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(Head head) {
        return head.has(0, "SQLite format 3\0")
                || head.has(0, "PGDMP")
                || head.has(0, "TAPE") && head.four(4) >= 0 && !head.isText()
                || head.has(4, "Standard Jet DB")
                || head.has(4, "Standard ACE DB")
                || head.has(0, 0xFE, 0xFE, 0x07)
                || head.has(0, 0xFE, 0x01, 0x09)
                || head.has(0, 0xFE, 'b', 'i', 'n');
    }

    private static boolean isWiredTiger(Head head) {
        return head.four(0) == WIREDTIGER && head.two(4) <= 2 && head.two(4) >= 0;
    }

    /** A page whose parts follow each other, of the version that PostgreSQL 8.3 and all later have. */
    private static boolean isPostgresPage(Head head) {
        int lower = head.two(12);
        int upper = head.two(14);
        int special = head.two(16);
        return head.two(18) == (PAGE | 4)
                && lower >= 24
                && lower <= upper
                && upper <= special
                && special <= PAGE
                && head.two(10) >= 0
                && head.two(10) <= 7;
    }

    /** The first page of a segment of the log: a number of the version, the flag of a long header, and its size. */
    private static boolean isPostgresLog(Head head) {
        int magic = head.two(0);
        return magic >= 0xD101
                && magic <= 0xD130
                && (head.two(2) & 2) != 0
                && head.four(32) >= 1 << 20
                && head.four(36) == PAGE;
    }

    /** Page 0 of a tablespace says that it is one, and names its space twice. */
    private static boolean isInnoDb(Head head) {
        return head.length() > 64
                && head.four(4) == 0
                && head.has(24, 0, 8)
                && head.four(34) == head.four(38)
                && head.four(8) != 0
                && head.has(26, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static boolean isOracle(Head head) {
        return head.has(28, 0x7D, 0x7C, 0x7B, 0x7A) || head.has(28, 0x7A, 0x7B, 0x7C, 0x7D);
    }

    /** The page of the file header: version 1, type 15, page 0. */
    private static boolean isSqlServer(Head head) {
        return head.has(0, 1, 15) && head.four(32) == 0 && head.two(36) == 1;
    }

    /** A document that begins with its id. */
    private static boolean isBson(Head head) {
        long length = head.four(0);
        int type = head.unsigned(4);
        return length >= 5 + 5
                && length <= 16 << 20
                && (type == 7 || type == 2 || type == 3 || type == 16)
                && head.has(5, "_id\0");
    }

    private static boolean isBerkeley(Head head) {
        long magic = head.four(12);
        return magic == 0x00053162L || magic == 0x00061561L || magic == 0x62310500L || magic == 0x61150600L;
    }
}
