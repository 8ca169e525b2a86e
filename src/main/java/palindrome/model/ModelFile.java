package palindrome.model;

import java.nio.file.Files;
import java.nio.file.Path;

/** What every file of a model has to be before it is read. */
final class ModelFile {

    private ModelFile() {}

    /**
     * @param file a file of a model
     * @throws ModelException if it is missing, or a folder
     */
    static void require(final Path file) throws ModelException {
        if (Files.isDirectory(file))
            throw new ModelException(file + " is a folder, where a file should be. Copy or download the model again.");
        if (!Files.exists(file))
            throw new ModelException(file + " is missing. The model is incomplete; copy or download it again.");
    }
}
