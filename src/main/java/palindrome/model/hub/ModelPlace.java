package palindrome.model.hub;

/**
 * Where a model lies that the user has chosen.
 *
 * @param choice words that open the very same model again, in any program on
 *          this computer: of a repository they name the commit
 * @param path what there is to open: {@code bundled}, or a folder or file
 */
public record ModelPlace(String choice, String path) {}
