package org.medbackup.app.oracle.fake;

import java.sql.SQLException;

/** An error of the server or of a program, by its code. */
final class OracleError extends Exception {

    private static final long serialVersionUID = 1L;

    OracleError(String code) {
        super(code);
    }

    OracleError(int number) {
        this("ORA-%05d".formatted(number));
    }

    String code() {
        return String.valueOf(getMessage());
    }

    SQLException sql() {
        return new SQLException("told to nobody", "72000", Integer.parseInt(code().substring(4)));
    }
}
