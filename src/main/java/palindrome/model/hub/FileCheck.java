package palindrome.model.hub;

/**
 * One file of a model that was verified.
 *
 * @param file its path in the model
 * @param bytes its size
 * @param result what was compared, or what is wrong
 * @param sound whether nothing is wrong
 */
public record FileCheck(String file, long bytes, String result, boolean sound) {}
