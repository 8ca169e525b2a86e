package palindrome.model.hub;

/**
 * A model on this computer, as a row of the list.
 *
 * @param choice what to write after {@code model=}
 * @param source {@code bundled}, {@code local} or {@code Hugging Face cache}
 * @param contents class of its pipeline, such as {@code StableDiffusionPipeline},
 *          or {@code checkpoint} for a single file
 * @param bytes size of what makes it up
 * @param licence as its card names it, or {@code unstated}
 * @param state {@code ready}, or what is wrong and what to do
 * @param place where it lies
 */
public record InstalledModel(
        String choice, String source, String contents, long bytes, String licence, String state, String place) {

    /** The state of a model that can be used. */
    public static final String READY = "ready";

    static InstalledModel of(final String choice, final String source, final ModelCheck check, final String place) {
        return new InstalledModel(
                choice,
                source,
                check.contents(),
                check.bytes(),
                check.licence().orElse(Licence.UNSTATED),
                check.problem().orElse(READY),
                place);
    }
}
