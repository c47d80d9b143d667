package org.medbackup.cli;

import java.util.ArrayList;
import java.util.Map;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists entries of a restore point. */
@Command(name = "ls", description = "Lists what a restore point holds.")
final class LsCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Id, its beginning, latest or latest@SOURCE.")
    String snapshot = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "A folder or file (default: /).")
    String path = "/";

    @Option(names = "--recursive", description = "Lists what lies deeper too.")
    boolean recursive;

    @Override
    Answer answer(MedBackup product) {
        var entries = new ArrayList<Map<String, Object>>();
        var answer = new Answer();
        boolean json = root().terminal().isJson();
        product.list(root().access(), snapshot, Paths.inside(path), recursive, entry -> {
            if (json) {
                entries.add(EntryAnswer.members(entry));
            } else {
                root().terminal().list(EntryAnswer.line(entry));
            }
        });
        return answer.field("entries", entries);
    }
}
