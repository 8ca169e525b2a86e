package palindrome.edit;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import palindrome.sampler.SamplerChoice;

/** What a manual says of the samplers. */
public final class SamplerGuide {

    private SamplerGuide() {}

    /**
     * @param sampler name of a sampler
     * @return what it is, in two sentences, its order, what a step costs, and the paper
     * @throws IllegalArgumentException if there is no such sampler
     */
    public static String describe(final String sampler) {
        final SamplerChoice choice = SamplerChoice.of(sampler);
        return choice.help() + " Order " + choice.order() + ", " + choice.cost()
                + (choice.cost().equals("1") ? " evaluation" : " evaluations") + " of the network a step. "
                + choice.citation() + ".";
    }

    /** @return a table of all samplers, as Markdown */
    public static String table() {
        return "| sampler | inverse | order | evaluations a step | what it is | paper |\n|---|---|---|---|---|---|\n"
                + Arrays.stream(SamplerChoice.values())
                        .map(choice -> "| `" + choice.label() + "` | "
                                + choice.inverse().name().toLowerCase(Locale.ROOT) + " | " + choice.order()
                                + " | " + choice.cost() + " | " + choice.help() + " | " + choice.citation() + " |\n")
                        .collect(Collectors.joining());
    }
}
