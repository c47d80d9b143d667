package org.medbackup.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.ProcessorFence;
import org.medbackup.service.CredentialSource;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RepositoryAccess;
import org.medbackup.service.Settings;
import org.medbackup.service.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The words before and after every command. */
@Command(
        name = "medbackup",
        description = "Incremental, application-consistent backups for healthcare servers.",
        mixinStandardHelpOptions = true,
        version = "medbackup " + Root.VERSION,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        subcommands = {
            DemoCommand.class,
            InitCommand.class,
            BackupCommand.class,
            RunCommand.class,
            ServeCommand.class,
            JobCommand.class,
            IncidentCommand.class,
            CatalogueCommand.class,
            PolicyCommand.class,
            SnapshotsCommand.class,
            LsCommand.class,
            FindCommand.class,
            DiffCommand.class,
            RestoreCommand.class,
            DumpCommand.class,
            VerifyCommand.class,
            ForgetCommand.class,
            GcCommand.class,
            CopyCommand.class,
            StatsCommand.class,
            TargetCommand.class,
            TierCommand.class,
            WormCommand.class,
            HoldCommand.class,
            RecallCommand.class,
            PlanCommand.class,
            RtoCommand.class,
            DrillCommand.class,
            SiteCommand.class,
            KeyCommand.class,
            GatewayCommand.class,
            AppCommand.class,
            ConfigCommand.class,
            WalCommand.class,
            GovernorCommand.class,
            AuditCommand.class,
            ReportCommand.class,
            BenchCommand.class
        })
final class Root {

    static final String VERSION = "0.1.0";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration (or MEDBACKUP_CONFIG; else medbackup.yaml here or in /etc/medbackup).")
    @Nullable
    Path config;

    @Option(
            names = "--repo",
            paramLabel = "LOCATION",
            scope = ScopeType.INHERIT,
            description = "The repository: a path or a URI (or MEDBACKUP_REPO).")
    @Nullable
    String repository;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "File with the repository's password in its first line (or MEDBACKUP_PASSWORD, the password).")
    @Nullable
    Path passwordFile;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A role's key file, mode 0600 (or MEDBACKUP_KEY_FILE).")
    @Nullable
    Path keyFile;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Folder of this host's audit trail and caches (or MEDBACKUP_STATE).")
    @Nullable
    Path state;

    @Option(
            names = "--actor",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Who acts, for the audit trail.")
    @Nullable
    String actor;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            scope = ScopeType.INHERIT,
            description = "Why, for the audit trail; no patient data.")
    @Nullable
    String reason;

    @Option(
            names = "--purpose",
            paramLabel = "CODE",
            scope = ScopeType.INHERIT,
            description = "Purpose of use, for the audit trail.")
    @Nullable
    String purpose;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Answer with one JSON document.")
    boolean json;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Say nothing unless something is wrong.")
    boolean quiet;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show what led to a failure.")
    boolean verbose;

    private static final List<Path> USUAL =
            List.of(Path.of("medbackup.yaml"), Path.of("/etc/medbackup/medbackup.yaml"));

    private final Map<String, String> environment;
    private final Terminal terminal;
    private @Nullable Configuration configuration;

    Root(Map<String, String> environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    /** The repository that was named, and what opens it. */
    RepositoryAccess access() {
        String location = repository != null ? repository : environment.get("MEDBACKUP_REPO");
        if (location == null || location.isBlank()) {
            location = configuration().repository();
        }
        if (location == null) {
            throw ErrorCode.NO_REPOSITORY_GIVEN.because(
                    "neither --repo nor MEDBACKUP_REPO is there, and no configuration names one");
        }
        return new RepositoryAccess(location, credential());
    }

    private CredentialSource credential() {
        if (keyFile != null && passwordFile != null) {
            throw ErrorCode.USAGE.because("--key-file and --password-file exclude each other");
        }
        if (keyFile != null) {
            return new CredentialSource.KeyFile(keyFile);
        }
        if (passwordFile != null) {
            return new CredentialSource.PasswordFile(passwordFile);
        }
        String key = environment.get("MEDBACKUP_KEY_FILE");
        if (key != null && !key.isBlank()) {
            return new CredentialSource.KeyFile(Path.of(key));
        }
        String password = environment.get("MEDBACKUP_PASSWORD");
        if (password != null && !password.isEmpty()) {
            return new CredentialSource.Password(Secret.ofText(password));
        }
        return CredentialSource.of(configuration(), environment);
    }

    /** The configuration, read at the first call. */
    Configuration configuration() {
        Configuration known = configuration;
        if (known == null) {
            Path file = configurationPath();
            known = file == null
                    ? Configuration.none()
                    : MedBackup.configurationFile(environment).load(file);
            configuration = known;
        }
        return known;
    }

    /** The file that was named, or the one in a usual place; null where there is none. */
    @Nullable
    Path configurationPath() {
        Path named = namedConfiguration();
        if (named != null) {
            return named;
        }
        return USUAL.stream().filter(Files::isRegularFile).findFirst().orElse(null);
    }

    /** The file that was named; null where none was. */
    @Nullable
    Path namedConfiguration() {
        return config != null ? config : named("MEDBACKUP_CONFIG");
    }

    /** The state folder that was named; null where none was. */
    @Nullable
    Path namedState() {
        return state != null ? state : named("MEDBACKUP_STATE");
    }

    private @Nullable Path named(String variable) {
        String given = environment.get(variable);
        return given == null || given.isBlank() ? null : Path.of(given);
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The options that name what a configuration may name too. */
    Map<String, String> namedOptions() {
        var named = new HashMap<String, String>();
        put(named, "--config", config);
        put(named, "--repo", repository);
        put(named, "--password-file", passwordFile);
        put(named, "--key-file", keyFile);
        put(named, "--state", state);
        return named;
    }

    private static void put(Map<String, String> named, String option, @Nullable Object value) {
        if (value != null) {
            named.put(option, value.toString());
        }
    }

    /** The product, opened on the state folder, with limits on what the command does. */
    MedBackup open(Limits limits) {
        return open(limits, Optional::empty);
    }

    /** The same with a second fence of processor time. */
    MedBackup open(Limits limits, Supplier<Optional<? extends ProcessorFence>> fence) {
        return MedBackup.open(settings(stateFolder())
                .with(configuration(), environment)
                .limitedTo(limits)
                .fencedBy(fence));
    }

    /** What the product works with on a state folder, without a configuration. */
    Settings settings(Path folder) {
        return Settings.of(folder, who()).with(terminal).madeBy("medbackup " + VERSION);
    }

    /** The state folder: the given one, else where the habits of the system put it. */
    Path stateFolder() {
        Path named = namedState();
        if (named != null) {
            return named;
        }
        Path configured = configuration().state();
        return configured != null ? configured : usualStateFolder();
    }

    /** Where the state is when nobody says. */
    Path usualStateFolder() {
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/lib/medbackup");
        }
        String base = environment.get("XDG_STATE_HOME");
        Path home = Path.of(System.getProperty("user.home"), ".local", "state");
        return (base == null || base.isBlank() ? home : Path.of(base)).resolve("medbackup");
    }

    /** Folder for what can be made again, such as an unpacked server. */
    Path cacheFolder() {
        return stateFolder().resolve("cache");
    }

    private Actor who() {
        String name = actor != null ? actor : System.getProperty("user.name", "unknown");
        return new Actor(name, host(), reason, purpose).known(actor != null ? "claimed" : "os", "medbackup");
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
