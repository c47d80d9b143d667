package org.medbackup.access;

import java.util.Arrays;
import org.medbackup.core.sign.SigningKey;

/** Rules for tests: anna runs backups, bert and cora and dora approve, carl keeps keys, paul decides the policy, agent is a program. */
final class Rules {

    static final SigningKey BERT = key(2);
    static final SigningKey CORA = key(3);
    static final SigningKey DORA = key(4);
    static final SigningKey ANNA = key(1);
    static final SigningKey EVE = key(9);

    static final String TEXT = """
            version: 1
            approvals: {quorum: 2, coolOff: 24h, expires: 7d}
            breakGlass: {reviewWithin: 72h}
            retention: {daily: 30, within: 14d}
            people:
              anna: {key: "%s", os: anna, certificate: "CN=anna, O=Clinic", roles: [backup-operator]}
              bert: {key: "%s", token: "4711", roles: [approver]}
              cora: {key: "%s", roles: [approver, restore-operator]}
              dora: {key: "%s", roles: [approver, auditor]}
              carl: {os: carl, roles: [security-officer]}
              paul: {os: paul, roles: [policy-admin]}
            services:
              nightly: {os: medbackup}
            """.formatted(
                    ANNA.signer().text(),
                    BERT.signer().text(),
                    CORA.signer().text(),
                    DORA.signer().text());

    private Rules() {}

    static SigningKey key(int filling) {
        return SigningKey.generate(target -> Arrays.fill(target, (byte) filling));
    }
}
