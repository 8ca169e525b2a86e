package palindrome.evaluate;

import palindrome.model.ModelException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says in its own sentence what is wrong with a model that a program was given, which then ends as after a wrong option. */
final class ModelComplaint implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(final Exception exc, final CommandLine program, final ParseResult given)
            throws Exception {
        if (!(exc instanceof ModelException)) throw exc;
        program.getErr().println(exc.getMessage());
        program.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }
}
