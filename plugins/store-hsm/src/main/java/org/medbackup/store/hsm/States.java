package org.medbackup.store.hsm;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * What the words of a state command mean. Patterns are those of RE2, which need time in proportion to the text alone; each
 * may match anywhere.
 *
 * @param resident null where everything is resident that matches neither of the others
 * @param coming null where the command does not tell what is on its way
 * @param offline of what is away
 */
record States(@Nullable Pattern resident, @Nullable Pattern coming, Pattern offline) {

    /**
     * What a command said of a file.
     *
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#STORE_UNAVAILABLE} where it said nothing,
     *     or nothing that is known: a file is not read on a guess
     */
    Residence read(String output, Path file) {
        // A folder may be called "released".
        String said = output.replace(file.toString(), SiteCommand.FILE);
        if (coming != null && coming.matcher(said).find()) {
            return Residence.COMING;
        }
        if (offline.matcher(said).find()) {
            return Residence.OFFLINE;
        }
        if (said.isBlank() || resident != null && !resident.matcher(said).find()) {
            throw ErrorCode.STORE_UNAVAILABLE
                    .because("the site's command for state said nothing that commands.state.states knows")
                    .with("command", "state");
        }
        return Residence.RESIDENT;
    }
}
