package org.medbackup.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.corpus.Encounter;
import org.medbackup.corpus.Patient;
import org.medbackup.corpus.Patients;
import org.medbackup.postgres.NewCluster;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/**
 * A hospital's database: a real PostgreSQL server with synthetic patients, encounters and results, and accounts whose
 * balances add up to zero at every commit and at no other moment.
 */
final class Hospital implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final String[] SCHEMA = {
        "CREATE TABLE patient (id integer PRIMARY KEY, mrn text UNIQUE, family text, given text, born date)",
        "CREATE TABLE encounter (id bigserial PRIMARY KEY, patient integer REFERENCES patient, visit text,"
                + " department text, admitted timestamp)",
        "CREATE TABLE result (id bigserial PRIMARY KEY, encounter bigint REFERENCES encounter, code text, value text)",
        "CREATE TABLE account (id integer PRIMARY KEY, balance bigint NOT NULL)",
        "CREATE TABLE posting (id bigserial PRIMARY KEY, account integer REFERENCES account, amount bigint NOT NULL)",
        "CREATE TABLE journal (seq bigint PRIMARY KEY)",
    };

    private final PostgresServer server;
    private final String password;

    private Hospital(PostgresServer server, String password) {
        this.server = server;
        this.password = password;
    }

    /** Makes a cluster and starts it. */
    static Hospital start(Path cache, Path cluster, Path log) {
        Outside outside = Outside.system();
        PostgresInstallation installation = PostgresInstallation.bundled(cache, outside.processes())
                .orElseThrow(() -> ErrorCode.APPLICATION_PROGRAM_MISSING.because(
                        "no PostgreSQL for this processor comes with the demo"));
        NewCluster made = NewCluster.withRandomPassword(Entropy.system());
        PostgresServer.create(installation, cluster, made, outside);
        ServerSettings settings =
                ServerSettings.loggingTo(log).with("shared_buffers", "32MB").with("max_wal_size", "256MB");
        PostgresServer server = PostgresServer.start(
                installation, cluster, settings, Deadline.after(TimeSource.system(), START), outside);
        String password = made.password().use(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        return new Hospital(server, password);
    }

    String version() {
        return server.installation().version();
    }

    int port() {
        return server.port();
    }

    /** The address by which the product finds it. */
    String address() {
        return "postgresql://postgres:" + password + "@127.0.0.1:" + server.port() + "/postgres";
    }

    Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "hospital");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", properties);
    }

    /** What it was filled with. */
    record Filled(int patients, int encounters, int results) {}

    /** Makes the tables and fills them. */
    Filled fill(long seed, int count, int accounts) throws SQLException {
        Patients patients = Patients.of(seed);
        int encounters = 0;
        int results = 0;
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
            try (var patientRow = connection.prepareStatement("INSERT INTO patient VALUES (?, ?, ?, ?, ?)");
                    var encounterRow = connection.prepareStatement(
                            "INSERT INTO encounter (id, patient, visit, department, admitted) VALUES (?, ?, ?, ?, ?)");
                    var resultRow = connection.prepareStatement(
                            "INSERT INTO result (encounter, code, value) VALUES (?, ?, ?)")) {
                for (int number = 0; number < count; number++) {
                    add(patientRow, number, patients.patient(number));
                    for (Encounter encounter : patients.encounters(number)) {
                        encounters++;
                        add(encounterRow, encounters, number, encounter);
                        for (Encounter.Observation observation : encounter.observations()) {
                            results++;
                            resultRow.setLong(1, encounters);
                            resultRow.setString(2, observation.test().loinc());
                            resultRow.setString(3, String.valueOf(observation.value()));
                            resultRow.addBatch();
                        }
                    }
                }
                patientRow.executeBatch();
                encounterRow.executeBatch();
                resultRow.executeBatch();
            }
            statement.execute("INSERT INTO account SELECT n, 0 FROM generate_series(1, " + accounts + ") AS n");
            connection.commit();
        }
        return new Filled(count, encounters, results);
    }

    private static void add(PreparedStatement row, int number, Patient patient) throws SQLException {
        row.setInt(1, number);
        row.setString(2, patient.mrn());
        row.setString(3, patient.family());
        row.setString(4, patient.given());
        row.setObject(5, patient.born());
        row.addBatch();
    }

    private static void add(PreparedStatement row, int id, int patient, Encounter encounter) throws SQLException {
        row.setLong(1, id);
        row.setInt(2, patient);
        row.setString(3, encounter.visit());
        row.setString(4, String.valueOf(encounter.department()));
        row.setObject(5, encounter.admitted());
        row.addBatch();
    }

    /**
     * What must hold in every consistent state.
     *
     * @param balances sum of all balances, which is zero
     * @param postings sum of all postings, which is zero
     * @param astray accounts whose balance is not the sum of their postings, of which there is none
     * @param journal how many transfers there are; each has two postings
     * @param posted how many postings there are
     * @param patients how many there are
     */
    record Invariant(long balances, long postings, long astray, long journal, long posted, long patients) {

        private static final String QUERY = "SELECT (SELECT sum(balance) FROM account),"
                + " (SELECT coalesce(sum(amount), 0) FROM posting),"
                + " (SELECT count(*) FROM account a WHERE balance <>"
                + " (SELECT coalesce(sum(amount), 0) FROM posting p WHERE p.account = a.id)),"
                + " (SELECT count(*) FROM journal), (SELECT count(*) FROM posting), (SELECT count(*) FROM patient)";

        static Invariant read(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(QUERY)) {
                row.next();
                return new Invariant(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
            }
        }

        boolean holds() {
            return balances == 0 && postings == 0 && astray == 0 && posted == 2 * journal;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
