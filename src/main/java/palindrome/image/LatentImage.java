package palindrome.image;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The noise an image was turned into, or will be made of: the states of a sampler and where they came from. Named apart
 * from the sampler's own latent, which lives in native memory and knows no ImageJ.
 */
public final class LatentImage {

    private final LatentShape shape;
    private final List<LatentState> states;
    private final LatentOrigin origin;
    private final Provenance provenance;
    private final Map<String, float[]> data;

    /**
     * Creates a latent.
     *
     * @param states one state, or two for samplers that couple a pair, each of the shape's size
     * @param origin what was inverted; null for noise that was drawn
     * @param provenance how the states were made; everything a sampler needs to run backwards goes here
     */
    public LatentImage(LatentShape shape, List<LatentState> states, LatentOrigin origin, Provenance provenance) {
        this(shape, states, origin, provenance, Map.of());
    }

    /** Takes over a map that nobody else keeps, with its arrays. */
    LatentImage(
            LatentShape shape,
            List<LatentState> states,
            LatentOrigin origin,
            Provenance provenance,
            Map<String, float[]> data) {
        if (states.isEmpty()) {
            throw new IllegalArgumentException("A latent has at least one state.");
        }
        for (LatentState state : states) {
            if (state.size() != shape.size()) {
                throw new IllegalArgumentException(
                        "A state of " + state.size() + " values does not have the shape " + shape + ".");
            }
        }
        this.shape = shape;
        this.states = List.copyOf(states);
        this.origin = origin;
        this.provenance = Objects.requireNonNull(provenance);
        this.data = data;
    }

    /** The same states with another record. */
    public LatentImage with(Provenance other) {
        return new LatentImage(shape, states, origin, other, data);
    }

    /**
     * The same latent with more numbers that its sampler needs, or with others in their place. They are kept exactly,
     * like the states.
     *
     * @param name what they are, in a word or two
     * @param values any number of them, at least one; copied
     */
    public LatentImage with(String name, float[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("There are no numbers to keep as '" + name + "'.");
        }
        Map<String, float[]> more = new TreeMap<>(data);
        more.put(name, values.clone());
        return new LatentImage(shape, states, origin, provenance, more);
    }

    /** The shape of each state. */
    public LatentShape shape() {
        return shape;
    }

    /** The states: u, and v where the sampler has a second one. */
    public List<LatentState> states() {
        return states;
    }

    /** What was inverted; empty for noise that was drawn. */
    public Optional<LatentOrigin> origin() {
        return Optional.ofNullable(origin);
    }

    /** A copy of the numbers of that name, if there are any. */
    public Optional<float[]> data(String name) {
        return Optional.ofNullable(data.get(name)).map(float[]::clone);
    }

    /** The names of all numbers that are kept with the states. */
    public Set<String> dataNames() {
        return Collections.unmodifiableSet(data.keySet());
    }

    /** How the states were made. */
    public Provenance provenance() {
        return provenance;
    }
}
