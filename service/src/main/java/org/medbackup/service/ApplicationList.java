package org.medbackup.service;

import java.util.List;
import org.medbackup.service.config.ApplicationEntry;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.GroupEntry;

/** The applications of a configuration, as they are listed. */
final class ApplicationList {

    private ApplicationList() {}

    static List<ApplicationOperations.Listed> of(Configuration configuration) {
        return configuration.applications().values().stream()
                .map(entry -> new ApplicationOperations.Listed(
                        entry.name(), entry.kind(), withoutAccount(entry), groups(entry.name(), configuration)))
                .toList();
    }

    private static String withoutAccount(ApplicationEntry entry) {
        String account = entry.url().getRawUserInfo();
        String url = entry.url().toString();
        return account == null ? url : url.replace(account + "@", "");
    }

    private static List<String> groups(String name, Configuration configuration) {
        return configuration.groups().values().stream()
                .filter(group -> group.members().contains(name))
                .map(GroupEntry::name)
                .toList();
    }
}
