package palindrome.model.hub;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import palindrome.model.ModelException;
import palindrome.model.PickleRefusal;

/**
 * Which files of a repository make up a model, whatever its form: a pipeline, a
 * single network (its configuration and weights at the top), or one checkpoint
 * file. The model's card and licence always come along: they say what it may be
 * used for.
 */
final class RepoFiles {

    static final String CONFIG = "config.json";
    static final String CARD = "README.md";

    private static final String SAFETENSORS = ".safetensors";
    private static final String NETWORK = "diffusion_pytorch_model";

    private RepoFiles() {}

    /**
     * @param model what it is called, for messages
     * @param index its {@code model_index.json}, if it has one
     * @param names all files there are
     * @param variant of the weights; empty for the plain ones
     * @return what is needed, in order
     * @throws ModelException if the files make up no model, or one of pickles
     */
    static List<String> choose(
            final String model, final Optional<JsonObject> index, final Collection<String> names, final String variant)
            throws ModelException {
        final List<String> chosen = new ArrayList<>(
                index.isPresent()
                        ? PipelineFiles.choose(model, index.get(), names, variant)
                                .files()
                        : names.contains(CONFIG) ? network(model, names, variant) : List.of(checkpoint(model, names)));
        names.stream().filter(RepoFiles::isLegal).sorted().forEach(chosen::add);
        return chosen;
    }

    /** The licence itself, if a file at the top holds it. */
    static Optional<String> licenceFile(final Collection<String> names) {
        return names.stream()
                .filter(name -> isLegal(name) && !name.equals(CARD))
                .sorted()
                .findFirst();
    }

    private static boolean isLegal(final String name) {
        return name.equals(CARD) || name.toUpperCase(Locale.ROOT).matches("LICEN[SC]E([-_.][A-Z0-9._-]*)?");
    }

    private static List<String> network(final String model, final Collection<String> names, final String variant)
            throws ModelException {
        final List<String> files = new ArrayList<>(List.of(CONFIG));
        for (final String weights : new String[] {NETWORK + "." + variant + SAFETENSORS, NETWORK + SAFETENSORS})
            if (names.contains(weights)) {
                files.add(weights);
                names.stream()
                        .filter(name ->
                                name.equals("scheduler_config.json") || name.equals("scheduler/scheduler_config.json"))
                        .forEach(files::add);
                return files;
            }
        throw refusal(model, names, NETWORK + SAFETENSORS);
    }

    private static String checkpoint(final String model, final Collection<String> names) throws ModelException {
        final List<String> files = names.stream()
                .filter(name -> name.endsWith(SAFETENSORS) && name.indexOf('/') < 0)
                .sorted()
                .toList();
        if (files.size() == 1) return files.get(0);
        if (files.isEmpty()) throw refusal(model, names, PipelineFiles.INDEX);
        throw new ModelException(model + " holds " + files.size() + " checkpoints (" + String.join(", ", files)
                + ") and no " + PipelineFiles.INDEX
                + ": download the one you want with a browser, and add the file with action=add.");
    }

    private static ModelException refusal(final String model, final Collection<String> names, final String missing) {
        final Optional<String> pickle = names.stream()
                .filter(name -> name.indexOf('/') < 0 && PickleRefusal.isPickle(name))
                .sorted()
                .findFirst();
        return new ModelException(
                pickle.isPresent()
                        ? model + " comes only as a pickle (" + pickle.get()
                                + "), a format that can run any program when it is opened, so it is not read. Look for the"
                                + " same model as safetensors, or convert it in Python with save_pretrained(folder,"
                                + " safe_serialization=True)."
                        : model + " is no diffusion model that Palindrome reads: it has no " + missing + ".");
    }
}
