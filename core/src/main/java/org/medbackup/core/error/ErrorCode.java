package org.medbackup.core.error;

import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of failures. A code's name is stable: scripts compare it. {@code docs/errors.md} is generated from here.
 */
public enum ErrorCode {
    // The call or the configuration
    USAGE(
            Kind.USAGE,
            "The call cannot be understood",
            "Compare the call with `medbackup --help` or `medbackup COMMAND --help`."),
    CONFIGURATION_INVALID(
            Kind.USAGE,
            "The configuration cannot be used",
            "Mend the file at the named line; `medbackup config check` names everything that is wrong with it."),
    INVALID_LIMIT(
            Kind.USAGE,
            "A limit cannot be used",
            "Write RESOURCE=LIMIT, as in disk.read=40MB/s, network.egress=20MB/s, disk.read.iops=800, cpu=0.5 or"
                    + " memory=300MiB."),
    INVALID_SIGNAL(
            Kind.USAGE,
            "A signal of production cannot be used",
            "Write its address as docs/governor.md has it, as in psi:io, disk-read:/data/file or tcp://host:5432."),
    NOTHING_RUNNING(
            Kind.USAGE,
            "No command runs that could be told this",
            "Call it with the state folder of the running command (--state), and as the account that runs it."),
    LIMIT_VIOLATED(
            Kind.FAILED,
            "More was used than a limit allows",
            "Nothing has to be done: it is made up for. Report it with the event where it comes again."),
    ANOMALY_NOT_JUDGED(
            Kind.FAILED,
            "Nobody could tell whether a restore point shows signs of ransomware",
            "The backup itself is good. Look at what failed in the audit trail; the next run is judged again."),
    APPLICATION_NOT_CONFIGURED(
            Kind.USAGE,
            "The configuration has no application of this name",
            "List the names with `medbackup app list`, or give an address such as"
                    + " postgresql://backup@127.0.0.1:5432/."),
    JOB_NOT_CONFIGURED(
            Kind.USAGE,
            "The configuration has no job of this name",
            "Write it under jobs in the configuration; docs/jobs.md has an example."),
    INCIDENT_NOT_FOUND(
            Kind.USAGE, "No incident of this id is open", "List those that are open with `medbackup incident list`."),
    JOB_RULES_INVALID(
            Kind.USAGE,
            "The rules of a job cannot be used",
            "Mend the named rule; docs/scheduler.md says what each may be. The rules that held before go on."),
    POLICY_INVALID(
            Kind.USAGE,
            "The policy cannot be used",
            "Mend it at the named line; docs/policy.md says what may stand where. The policy that held before goes on."),
    POLICY_CONFLICTS(
            Kind.USAGE,
            "The rules of the policy do not go together",
            "Change the named rules so that `medbackup policy check` finds nothing. The policy that held before goes on."),
    CONDITION_INVALID(
            Kind.USAGE,
            "A condition of a rule cannot be used",
            "Mend it at the place that is named; docs/policy.md lists the variables and what each holds."),
    STATE_DATABASE_NEWER(
            Kind.USAGE,
            "The state database was written by a newer version",
            "Install the version of MedBackup that wrote it, or a newer one. Nothing in the database was changed."),
    NO_REPOSITORY_GIVEN(
            Kind.USAGE, "No repository is named", "Give --repo LOCATION, or set MEDBACKUP_REPO to the location."),
    NO_CREDENTIAL_GIVEN(
            Kind.USAGE,
            "No password and no key is given",
            "Give --password-file FILE or --key-file FILE, or set MEDBACKUP_PASSWORD or MEDBACKUP_KEY_FILE."),
    CREDENTIAL_UNREADABLE(
            Kind.USAGE,
            "The password file or key file cannot be used",
            "Check that the file exists, belongs to the calling user and has mode 0600."),
    WRONG_PASSWORD(
            Kind.USAGE,
            "The password or key does not open this repository",
            "The repository itself is intact. Check that the password or key file belongs to this repository."),
    KEY_ROLE_INSUFFICIENT(
            Kind.USAGE,
            "The key's role does not allow this",
            "Use a credential whose role allows it: the repository's password, or a key file of another role."),
    KEY_DOMAIN_UNKNOWN(
            Kind.USAGE,
            "The policy seals data for a key domain that this key does not know",
            "Make it with `medbackup key add-domain NAME` and the password, and give writers new key files."),
    PLACEMENTS_EXHAUSTED(
            Kind.USAGE,
            "The repository has no number left for another combination of tier and retention class",
            "Use fewer tiers and retention classes in the policy, or begin another repository."),
    LOCKS_UNAVAILABLE(
            Kind.USAGE,
            "The target locks nothing",
            "Take one that can (docs/store-s3.md, -gcs, -azure), such as a bucket with object lock, and `?lock=compliance`."),
    PLAN_INVALID(
            Kind.USAGE,
            "The plan of recovery cannot be used",
            "Call `medbackup plan check FILE`: it names all that is wrong with it, with its lines."),
    STORE_OVERWRITES(
            Kind.USAGE,
            "The storage target replaces objects that are there",
            "Take one that honours conditional writes (If-None-Match); `medbackup target probe` shows it."),
    LOCATION_UNSUPPORTED(
            Kind.USAGE,
            "No storage adapter knows this kind of location",
            "Use a path, file:///, s3://, azure://, gs://, sftp:// or hsm://, as docs/cli.md writes them."),
    HOST_KEY_UNKNOWN(
            Kind.USAGE,
            "The host key of the storage target is not known",
            "Get its fingerprint from the administrator, compare it, and add the key to known_hosts (docs/store-sftp.md)."),
    BUCKET_NOT_FOUND(
            Kind.USAGE,
            "There is no bucket or container of this name at the storage target",
            "Check its name, endpoint and region, or create it; medbackup never does."),
    REPOSITORY_NOT_FOUND(
            Kind.USAGE,
            "There is no repository at this location",
            "Check the location, or create a repository there with `medbackup init`."),
    REPOSITORY_EXISTS(
            Kind.USAGE,
            "There is a repository, or something else, at this location already",
            "Choose an empty location, or use the repository that is there; init never touches an existing one."),
    REPOSITORY_TOO_NEW(
            Kind.USAGE,
            "The repository was written by a newer version or needs a feature this version lacks",
            "Install a version of MedBackup that knows the named format version or feature."),
    SOURCE_NOT_FOUND(
            Kind.USAGE, "A path to back up does not exist", "Check the spelling of the path and that it is mounted."),
    SITE_EXISTS(
            Kind.USAGE,
            "A configuration or a state stands already where that of the site is to be restored",
            "See whose it is. `--replace` sets it aside under another name; `--state` and `--config` name other places."),
    TARGET_UNUSABLE(
            Kind.USAGE,
            "The target folder cannot be used",
            "Name a folder that exists or can be created, on a file system with room, writable by this user."),
    ACCESS_INVALID(
            Kind.USAGE,
            "The rules of access cannot be used",
            "Mend them at the named line; docs/access.md says what may stand where. The rules that held before go on."),
    APPROVAL_NOT_FOUND(
            Kind.USAGE,
            "No request for approval, or more than one, matches",
            "List them with `medbackup approval list` and use an id or the start of one."),
    IDENTITY_UNPROVEN(
            Kind.USAGE,
            "It cannot be proved who calls",
            "Get a new token from the provider that the rules of access name, and give it with `--token-file`."),
    HOLD_NOT_FOUND(
            Kind.USAGE,
            "No legal hold, or more than one, matches",
            "List those that stand with `medbackup hold list` and use an id or the start of one."),
    SUSPICION_NOT_FOUND(
            Kind.USAGE,
            "No suspect restore point, or more than one, matches",
            "List those that stand with `medbackup anomaly list` and use an id or the start of one."),
    SNAPSHOT_NOT_FOUND(
            Kind.USAGE,
            "No restore point matches",
            "List the restore points with `medbackup snapshots` and use an id, the start of one, or latest@SOURCE."),
    SNAPSHOT_AMBIGUOUS(
            Kind.USAGE,
            "More than one restore point matches",
            "Give more digits of the id from `medbackup snapshots`."),
    PATH_NOT_IN_SNAPSHOT(
            Kind.USAGE,
            "The restore point does not hold this path",
            "List what it holds with `medbackup ls SNAPSHOT`; paths are absolute, as they were backed up."),
    PATTERN_MALFORMED(
            Kind.USAGE, "An exclusion pattern is malformed", "Write it as a shell pattern with *, ?, [a-z] and **."),
    APPLICATION_URL_MALFORMED(
            Kind.USAGE,
            "The application's address cannot be understood",
            "Write it like postgresql://user@host:port/database (see its kind's page), or name one of the"
                    + " configuration."),
    APPLICATION_KIND_UNKNOWN(
            Kind.USAGE,
            "No adapter knows this kind of application",
            "Use one of the kinds that `medbackup app check --help` lists."),
    CHANNEL_INVALID(
            Kind.USAGE,
            "A channel for notifications cannot be used",
            "Write its address and options as docs/notifications.md has them for its kind."),
    CONTROL_INVALID(
            Kind.USAGE,
            "The control API cannot be served as it is set up",
            "Set it up as docs/control-api.md has it: away from loopback only with certificates at both ends."),
    CONTROL_REQUEST_INVALID(
            Kind.USAGE,
            "A call of the control API cannot be understood",
            "Compare the call with /openapi.json of the same server."),
    CONTROL_CONFLICT(
            Kind.USAGE,
            "The call does not fit what the job or run is doing",
            "Look at its state, and call again where it still has to be done."),
    RUN_NOT_FOUND(Kind.USAGE, "No run has this id", "List the runs with GET /v1/runs of the control API."),
    HOOK_REFUSED(
            Kind.USAGE,
            "A hook cannot be trusted or is not complete",
            "Name a file of root or the calling user by its absolute path, writable by nobody else; pair each freeze"
                    + " with a thaw."),
    CLOCK_UNUSABLE(
            Kind.USAGE,
            "The clock of this machine is far off",
            "Set the clock (for example with chrony), then run again."),

    // Damage
    FORMAT_DAMAGED(
            Kind.DAMAGE,
            "Both copies of the repository's description are damaged",
            "Restore the object `format` or `format.2` from another copy of the repository."),
    KEYS_DAMAGED(
            Kind.DAMAGE,
            "Both copies of the repository's key object are damaged",
            "Restore an object below keys/ or keys.2/ from another copy of the repository."),
    OBJECT_DAMAGED(
            Kind.DAMAGE,
            "A stored object is damaged",
            "Run `medbackup verify --level content` to learn what it affects, and restore the object from a copy."),
    OBJECT_MISSING(
            Kind.DAMAGE,
            "A stored object is missing",
            "Run `medbackup verify` to learn what it affects, and restore the object from a copy."),
    CHUNK_MISSING(
            Kind.DAMAGE,
            "A chunk that a restore point needs is in no pack",
            "Run `medbackup verify` to learn what it affects; a new backup of the same source stores the chunk again."),
    CONDEMNED_UNREADABLE(
            Kind.DAMAGE,
            "A list of packs that must not be relied on cannot be read",
            "Run `medbackup gc` at the target that is named; where the list stays, `medbackup verify --level"
                    + " ciphertext`."),
    COLLECTION_STOPPED(
            Kind.DAMAGE,
            "What the restore points need could not be read, so nothing was deleted",
            "Run `medbackup verify`; mend what it names or forget that restore point by its id, then collect again."),
    ACCESS_RECORDS_UNREADABLE(
            Kind.DAMAGE,
            "The rules of access in the repository cannot be read, so nothing was given up",
            "Put the object below l/ back from a copy; `medbackup verify` names it."),
    HOLDS_UNREADABLE(
            Kind.DAMAGE,
            "A legal hold cannot be read, so nothing was given up",
            "Put the object below h/ back from a copy; delete it at the target where it was never a hold."),
    SUSPICIONS_UNREADABLE(
            Kind.DAMAGE,
            "The record of a suspicion cannot be read, so nothing was given up",
            "Put the object below a/ back from a copy; delete it at the target where it was never one."),
    RANSOMWARE_SUSPECTED(
            Kind.DAMAGE,
            "A restore point shows signs of ransomware",
            "Look at it with `medbackup anomaly list`; its source is frozen until `medbackup anomaly clear`."),
    SNAPSHOT_FROM_FUTURE(
            Kind.DAMAGE,
            "A restore point is from the future by the clock of this host",
            "Find out which host made it and set that clock right; forget it by its id where it is worthless."),
    SNAPSHOT_MISSING(
            Kind.DAMAGE,
            "A restore point that the repository names is not there",
            "Nobody forgot it: put its objects below s/ and c/ back from a copy, and find out who deleted them."),
    INDEX_SET_BACK(
            Kind.DAMAGE,
            "The index does not name packs that restore points need",
            "Nothing is lost: the packs tell it, and the verification that says this has completed the index."),
    SIGNATURE_INVALID(
            Kind.DAMAGE,
            "The signature of a restore point is not valid",
            "Do not trust this restore point. Find out who could write to the repository."),
    AUDIT_DAMAGED(
            Kind.DAMAGE,
            "The audit trail has been changed or damaged",
            "Keep the folder as evidence, compare it with its copies, and inform the security officer."),
    EVIDENCE_CHANGED(
            Kind.DAMAGE,
            "Evidence of a drill, or a report, is not what was signed",
            "Do not rely on these files. Take them from where they were kept first, and inform the security officer."),
    RESTORED_CONTENT_WRONG(
            Kind.DAMAGE,
            "What was restored differs from what was backed up",
            "Do not use the restored copy. Run `medbackup verify --level content` and restore another restore point."),
    STATE_DATABASE_DAMAGED(
            Kind.DAMAGE,
            "The state database is damaged or none of ours",
            "Move the file away: jobs begin with an empty one, and restore points are safe in the repository."),

    // Space
    NO_SPACE(Kind.CAPACITY, "No space is left on a device", "Free space on the named target, then run again."),
    MEMORY_TOO_SMALL(
            Kind.CAPACITY,
            "The memory limit is too small for this work",
            "Raise the limit, or give it when the command starts (--limit memory=… or MEDBACKUP_MEMORY)."),

    // Outside systems
    SIGNAL_LOST(
            Kind.UNAVAILABLE,
            "What tells how production is doing has not answered for half a minute",
            "Check the signal's address and that it can be read; backups go at the degraded rate until it answers."),
    STORE_UNAVAILABLE(
            Kind.UNAVAILABLE,
            "The storage target does not answer or failed",
            "Check that the target is mounted or reachable, then run again: what was stored is found and not sent"
                    + " twice."),
    STATE_DATABASE_UNAVAILABLE(
            Kind.UNAVAILABLE,
            "The state database does not answer",
            "Check that its server runs or its folder is mounted. Running work goes on, and nothing new begins."),
    APPLICATION_UNREACHABLE(
            Kind.UNAVAILABLE,
            "The application does not answer",
            "Check that it runs and that address, port, user and password are right, then run again."),
    CONTROL_BUSY(
            Kind.UNAVAILABLE,
            "The control API has too much to do",
            "Call again in some seconds; look which tools call it where this comes again."),
    AUDIT_NOT_SENT(
            Kind.UNAVAILABLE,
            "A receiver of the audit trail does not get its entries",
            "Check that it runs, and its address and certificates; it gets all that it missed when it answers."),
    NOTIFICATION_UNDELIVERED(
            Kind.UNAVAILABLE,
            "A notification could not be handed over",
            "Check that the channel's server runs and can be reached; it is tried again, and other channels are used."),
    HOOK_TEMPORARY(
            Kind.UNAVAILABLE,
            "A hook says that its work cannot be done now",
            "Run again later; the hook ended with 75, which means a failure that passes."),

    // Applications
    APPLICATION_NOT_READY(
            Kind.APPLICATION,
            "The application is not set up for a consistent backup",
            "Run `medbackup app check APP`; it names each missing setting and the statement that mends it."),
    APPLICATION_STATE_LOST(
            Kind.APPLICATION,
            "The application left its backup state during the backup",
            "Run the backup again; if it happens again, look for time-outs, restarts or a failover in its log."),
    APPLICATION_DIVERGED(
            Kind.APPLICATION,
            "The server is on an older line of history than its last restore point",
            "Fence it and give the address of the server that was promoted; rebuild this one, such as with pg_rewind."),
    APPLICATION_LOG_GAP(
            Kind.APPLICATION,
            "A log segment that the restore point needs is gone",
            "Run the backup again; let the application keep its log for longer, as its page under docs/apps says."),
    APPLICATION_LOG_CONFLICT(
            Kind.APPLICATION,
            "A log file of this name is stored with another content",
            "Nothing was overwritten. Give each cluster an archive of its own; a timeline may have been used twice."),
    FREEZE_LOST(
            Kind.APPLICATION,
            "The application did not stay frozen until the mark was taken",
            "Run the backup again; if it happens again, look for a time-out that thaws the application too early."),
    THAW_FAILED(
            Kind.APPLICATION,
            "The application could not be thawed",
            "Thaw it by hand at once, as its manual says, then look at the message."),
    BUDGET_EXCEEDED(
            Kind.APPLICATION,
            "A step took longer than its budget",
            "Find what slowed the application (checkpoints, storage, long transactions) or raise the step's budget."),
    GROUP_TOO_SLOW(
            Kind.APPLICATION,
            "The members of a group cannot be frozen together within the time that is allowed",
            "Raise the deadline, take members out, or back up the slow one alone, which measures it again."),
    GROUP_MEMBER_LATER(
            Kind.APPLICATION,
            "A member of a group is copied to a later moment than the others",
            "Set the member up to be copied from a snapshot (see its page), or back it up by itself."),
    HOOK_FAILED(Kind.APPLICATION, "A hook failed", "Run the hook by hand with the environment that the manual names."),
    APPLICATION_FAILED(
            Kind.APPLICATION, "A step of the application failed", "Look at the message and at the application's log."),
    LOG_INCOMPLETE(
            Kind.DAMAGE,
            "The archive of the application's log has a gap",
            "Push the named files again if they exist anywhere; otherwise back up now and recover to a point before"
                    + " the gap."),
    LOG_FILE_ABSENT(
            Kind.FAILED,
            "The archive has no log file of this name",
            "Nothing, when the application asks for it at the end of its log; otherwise run `medbackup wal check"
                    + " APP`."),
    RECOVERY_TARGET_UNREACHABLE(
            Kind.DAMAGE,
            "No backup and log lead to this point",
            "Choose a point between the end of a backup and the end of the archived log; see `medbackup wal check"
                    + " APP`."),
    RESTORED_APPLICATION_INVALID(
            Kind.DAMAGE,
            "The restored application does not pass its checks",
            "Do not use the restored copy; restore another restore point and keep this one as evidence."),

    // Refused
    REFUSED_BY_POLICY(
            Kind.REFUSED,
            "The policy does not allow this",
            "Ask who is responsible for the policy, or change the request."),
    POLICY_UNTRUSTED(
            Kind.REFUSED,
            "The policy is not signed by somebody who may, or was changed after it was signed",
            "Compare it with what was reviewed, and have it signed by a key under policy.signers in the configuration."),
    POLICY_SIGNERS_MISSING(
            Kind.REFUSED,
            "Nobody is named who may sign policies",
            "Make a key with `medbackup policy sign --new-key FILE`; its public half goes under policy.signers."),
    POLICY_WEAKER(
            Kind.REFUSED,
            "The policy protects less than the one in force, and not two have signed it",
            "Have a second key that stands under policy.signers sign it, or take back what protects less."),
    POLICY_OUTDATED(
            Kind.REFUSED,
            "The policy is not newer than the one in force",
            "Raise its version above that of the policy in force, and have it signed again."),
    POLICY_NOT_SIMULATED(
            Kind.REFUSED,
            "Nobody has looked at what the policy would change",
            "Call `medbackup policy simulate --candidate FILE`, read what it says, and activate the policy then."),
    ACCESS_UNTRUSTED(
            Kind.REFUSED,
            "The rules of access are not signed by those who may, or were changed after they were signed",
            "Compare them with what was reviewed, and have them signed by as many approvers as the rules in force demand."),
    ACCESS_OUTDATED(
            Kind.REFUSED,
            "The rules of access are not newer than those in force",
            "Raise their version above that of the rules in force, and have them signed again."),
    ACCESS_RULES_UNKNOWN(
            Kind.REFUSED,
            "The repository has rules of access that this program does not know",
            "Do it with `medbackup`, by somebody whom the rules name; `medbackup access show` lists them."),
    ACCESS_DENIED(
            Kind.REFUSED,
            "The rules of access do not let this person do that",
            "Ask somebody who has the role, or have the rules changed; `medbackup access show` says who may what."),
    PURPOSE_MISSING(
            Kind.REFUSED,
            "Who takes data out has to say why",
            "Give `--reason TEXT` without patient data and `--purpose CODE`, such as TREAT, HOPERAT or ETREAT."),
    APPROVAL_NEEDED(
            Kind.REFUSED,
            "Others have to approve this",
            "Request it with `medbackup approval request`, have it approved, and call again when it may happen."),
    APPROVAL_REFUSED(
            Kind.REFUSED,
            "This person, key or time cannot approve the request",
            "Let another approver sign it with an own key, before it ends; `medbackup approval list` shows what it lacks."),
    BREAK_GLASS_USED(
            Kind.REFUSED,
            "Somebody without the role has restored in an emergency",
            "Somebody else looks at it within the time of the rules: `medbackup access review ID --reason TEXT`."),
    BREAK_GLASS_UNREVIEWED(
            Kind.REFUSED,
            "An earlier emergency of this person was not reviewed in time",
            "Have it reviewed by somebody else: `medbackup access review ID --reason TEXT`."),
    CLOCK_NOT_BELIEVED(
            Kind.REFUSED,
            "The clock of this host is not believed, so nothing was given up",
            "Set the clock right. Where it is right, make a backup first; docs/anomaly.md tells of the times that are kept."),
    CONTROL_DENIED(
            Kind.REFUSED,
            "The control API does not let this caller do that",
            "Give the certificate's subject the role that it needs; docs/control-api.md says what each may do."),
    COPY_GIVEN_UP(
            Kind.REFUSED,
            "The restore point was given up at the target of the copy",
            "What was forgotten does not come back there: copy a newer restore point, or this one to another target."),
    STORE_DENIED(
            Kind.REFUSED,
            "The storage target does not let these credentials or this account do that",
            "Check the credentials and the target's policy (docs/store-s3.md, -azure, -gcs, -sftp); a writer may add, and"
                    + " no more."),
    HOST_KEY_CHANGED(
            Kind.REFUSED,
            "The storage target shows another host key than the one that is known",
            "Somebody may stand between: ask its administrator before you replace the key in known_hosts (docs/store-sftp.md)."),
    NOTIFICATION_REFUSED(
            Kind.REFUSED,
            "A channel does not take our notifications",
            "Check its address, user and secret, and what its server says of them; other channels are used."),
    OBJECT_OFFLINE(
            Kind.REFUSED,
            "What is needed lies in cold storage and has to be brought back first",
            "See with `medbackup recall plan SNAPSHOT` what it takes, and restore with `--recall`."),
    OBJECTIVE_MISSED(
            Kind.FAILED,
            "A recovery was not done within its objectives",
            "See which application took too long or lost too much, and change plan, envelope, schedule or objective."),
    CONTROL_NOT_MET(
            Kind.FAILED,
            "A control of a compliance report is not met",
            "See its exceptions in the report, and mend them or document the alternative."),
    PLAN_OBSTRUCTED(
            Kind.FAILED,
            "The plan of recovery cannot be carried out now within its objectives",
            "Run the jobs that it names, read the targets anew with `catalogue rebuild`, or change its objectives."),
    DRILL_OVERDUE(
            Kind.FAILED,
            "An application was not rehearsed within its period",
            "Call `medbackup drill status`; give the drill more or longer times, or mend what keeps it from beginning."),
    DRILL_TOO_LONG(
            Kind.FAILED,
            "A drill was ended since it took longer than it may",
            "Give it a longer `longest`, or `sample` for what is too large, or find what has become slow."),
    DRILL_LEFT_TRACES(
            Kind.FAILED,
            "A drill has left something behind on this machine",
            "Look into its scratch folder for what cannot be removed; the next drill tries again."),
    COPIES_INSUFFICIENT(
            Kind.FAILED,
            "Restore points do not meet the rule of copies",
            "Give the job `copies` at other targets, `media` and `site` to these, and verify each copy."),
    RECALL_TOO_SLOW(
            Kind.REFUSED,
            "What lies in cold storage cannot be brought back within the time that is allowed",
            "Allow more time, bring back less (--include), or more packs at a time; `recall plan` says what each speed takes."),
    RECALL_TOO_DEAR(
            Kind.REFUSED,
            "Bringing back what lies in cold storage costs more than is allowed",
            "Take a slower speed, restore less (--include), raise --budget, or write the tier's `cost` into the policy."),
    DELETION_REFUSED(
            Kind.REFUSED,
            "The storage target refuses to delete an object",
            "It is locked or held, or these credentials may not delete; wait, or use a maintainer's."),

    // The operating system and the program
    SOURCE_UNREADABLE(
            Kind.FAILED,
            "A source could not be read",
            "Check permissions (run as root or with CAP_DAC_READ_SEARCH) and the disk; the rest was backed up."),
    FILE_CHANGED(
            Kind.FAILED,
            "A file changed while it was read",
            "Back up its application through `medbackup app backup`, or from a snapshot of the file system."),
    FILE_VANISHED(
            Kind.FAILED, "A file vanished while it was read", "Nothing, if it was meant to go; otherwise run again."),
    ATTRIBUTE_NOT_SET(
            Kind.FAILED,
            "An attribute could not be set on a restored file",
            "Restore as root, onto a file system that supports the attribute."),
    SYSTEM_CALL_FAILED(
            Kind.FAILED,
            "A call of the operating system failed",
            "Look at the named error of the operating system; `man 3 errno` explains it."),
    SANDBOX_UNAVAILABLE(
            Kind.FAILED,
            "Nothing can be started here out of reach of everything else",
            "Install util-linux and iproute2, run it as root or allow user namespaces, or use `--share-network`."),
    APPLICATION_PROGRAM_MISSING(
            Kind.FAILED,
            "A program of the application is not installed on this machine",
            "Install the application's server and tools in the same major version on this machine, then run again."),
    SITE_UNREADABLE(
            Kind.FAILED,
            "What belongs to this site cannot be backed up: configuration, catalogue, audit trail",
            "Let this user read the configuration file, the plans beside it and the state folder."),
    AUDIT_TIMESTAMP_FAILED(
            Kind.FAILED,
            "No time-stamp of the audit trail could be had",
            "See that the service of audit.timestamp answers and its authorities are right; the next one makes up for it."),
    STATE_UNUSABLE(
            Kind.FAILED,
            "The state folder cannot be used",
            "Check that the folder of --state (or MEDBACKUP_STATE) exists and is writable, with room, by this user."),
    FREEZE_JOURNAL_DAMAGED(
            Kind.FAILED,
            "An entry of the freeze journal cannot be read",
            "Thaw by hand what is still frozen on this host, then remove the entry from freeze/ in the state folder."),
    WATCHDOG_UNAVAILABLE(
            Kind.FAILED,
            "The watchdog process does not guard the freeze, so nothing was frozen",
            "Run again; if it happens again, look whether the watchdog can be started and can reach the application."),
    WINDOW_AT_RISK(
            Kind.FAILED,
            "A job will not end in time at the rate that it has",
            "Let it end late, begin it earlier, allow it more, or set policy: protect-rpo in the configuration."),
    RPO_AT_RISK(
            Kind.FAILED,
            "The last good backup will soon be older than is allowed",
            "Look why its job waits or fails; a wider window, a shorter job or more workers help."),
    RPO_MISSED(
            Kind.FAILED,
            "The last good backup is older than is allowed",
            "Look why its job waits or fails, mend that, and start the job by hand."),
    NO_GOOD_BACKUP(
            Kind.FAILED,
            "There is no good backup at all",
            "Start its job by hand and look at how it ends; until then nothing of it can be restored."),
    LEASE_LOST(
            Kind.FAILED,
            "The work was given to another worker",
            "Nothing: the other one ends it. Look for suspended machines or a slow state database if it comes again."),
    IMPACT_BOUND_MISSED(
            Kind.FAILED,
            "Production got slower while a backup ran than was allowed",
            "Set a limit on disk.read, back up when production is quieter, or allow what is protected a higher rise."),
    COMMIT_REFUSED(
            Kind.FAILED,
            "The backup's place was revoked before it could commit",
            "Run the backup again; it happens when a run is suspended for longer than its lease."),
    COPY_REVOKED(
            Kind.FAILED,
            "A collector at the target of the copy has taken the restore point's place",
            "Its id cannot be used there again: copy a newer restore point, or this one to another target."),
    CLOCK_WAS_AHEAD(
            Kind.FAILED,
            "The clock was ahead when the state of the schedule was written",
            "Look at the host's time service. Jobs whose last run lies in the future run again now."),
    CERTIFICATE_ENDS(
            Kind.FAILED,
            "A certificate has ended, or will soon",
            "Put a new certificate and its key in place of the old files; they are taken up without a restart."),
    PROGRAM_STALLED(
            Kind.FAILED,
            "The program's loop does not turn",
            "Restart the service, and report what its log says of the time before."),
    INTERNAL(
            Kind.FAILED,
            "The program failed in a way that was not foreseen",
            "Run again with --verbose and report the message; what was committed before is unharmed."),

    // The end
    RUN_PUT_OFF(
            Kind.CANCELLED,
            "What the run needs does not answer, so it waits and leaves its place to others",
            "Nothing: it goes on by itself. If it lasts, look at the failure that was found before."),
    CANCELLED(Kind.CANCELLED, "The work was cancelled", "Run it again when it suits.");

    /** What the caller does next. */
    public enum Kind {
        /** Mend the call or configuration. Exit code 2. */
        USAGE,
        /** Ask somebody who may. Exit code 4. */
        REFUSED,
        /** Keep the evidence and repair. Exit code 5. */
        DAMAGE,
        /** Free what is used up. Exit code 1. */
        CAPACITY,
        /** Try again later. Exit code 1. */
        UNAVAILABLE,
        /** Look at the application. Exit code 1. */
        APPLICATION,
        /** Read the message. Exit code 1. */
        FAILED,
        /** Nothing. Exit code 130 or 143. */
        CANCELLED
    }

    private final Kind kind;
    private final String title;
    private final String remedy;

    ErrorCode(Kind kind, String title, String remedy) {
        this.kind = kind;
        this.title = title;
        this.remedy = remedy;
    }

    /** What the caller does next. */
    public Kind kind() {
        return kind;
    }

    /** What happened, in general. */
    public String title() {
        return title;
    }

    /** What an administrator does about it. */
    public String remedy() {
        return remedy;
    }

    /** A failure of this code; the detail says what exactly happened, without file names or secrets. */
    public BackupException because(String detail) {
        return because(detail, null);
    }

    /**
     * As {@link #because(String)}, with the exception that led to it. Where that is the interruption of the thread, which
     * closes the channel it works on, the failure is {@link #CANCELLED}: neither file nor target has failed.
     */
    public BackupException because(String detail, @Nullable Throwable cause) {
        if (kind != Kind.CANCELLED && isInterruption(cause)) {
            return new CancelledException(CANCELLED, "interrupted while working on a file", cause);
        }
        return switch (kind) {
            case USAGE -> new UsageException(this, detail, cause);
            case REFUSED -> new RefusedException(this, detail, cause);
            case DAMAGE -> new DamageException(this, detail, cause);
            case CAPACITY -> new CapacityException(this, detail, cause);
            case UNAVAILABLE -> new UnavailableException(this, detail, cause);
            case APPLICATION -> new ApplicationException(this, detail, cause);
            case FAILED -> new FailedException(this, detail, cause);
            case CANCELLED -> new CancelledException(this, detail, cause);
        };
    }

    private static boolean isInterruption(@Nullable Throwable cause) {
        return cause instanceof ClosedByInterruptException || cause instanceof FileLockInterruptionException;
    }
}
