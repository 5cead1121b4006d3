package org.cam4j.examples.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that makes a shell complete the program's commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands and options in a shell.",
            "In ~/.bashrc or ~/.zshrc: source <(cam4j completion bash), for a program or alias that is called cam4j."
        })
final class CompletionCommand implements Callable<Integer> {

    /** The shells. The script is bash's; zsh reads it by its own bashcompinit, which the script loads. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .println("# cam4j's commands and options for " + shell.name().toLowerCase(Locale.ROOT));
        spec.commandLine().getOut().println(AutoComplete.bash("cam4j", Cam4j.allCommands()));
        return Cam4j.DONE;
    }
}
