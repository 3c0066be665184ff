package io.sequin.app;

import java.io.PrintWriter;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers a wrong flag with what is wrong and where to read more; not with pages of usage, which hide it. */
final class UsageError implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println(wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("Every flag and its values: sequin-operator run --help");
        err.flush();
        return wrong.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
    }
}
