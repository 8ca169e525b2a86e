package palindrome.image;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The noise an image was turned into, or will be made of: the states of a sampler and where they came from. Named apart
 * from the sampler's own latent, which lives in native memory and knows no ImageJ.
 */
public final class LatentImage {

    private final LatentShape shape;
    private final List<LatentState> states;
    private final LatentOrigin origin;
    private final Provenance provenance;

    /**
     * Creates a latent.
     *
     * @param states one state, or two for samplers that couple a pair, each of the shape's size
     * @param origin what was inverted; null for noise that was drawn
     * @param provenance how the states were made; everything a sampler needs to run backwards goes here
     */
    public LatentImage(LatentShape shape, List<LatentState> states, LatentOrigin origin, Provenance provenance) {
        if (states.isEmpty()) {
            throw new IllegalArgumentException("A latent has at least one state");
        }
        for (LatentState state : states) {
            if (state.size() != shape.size()) {
                throw new IllegalArgumentException(
                        "A state of " + state.size() + " values does not have the shape " + shape);
            }
        }
        this.shape = shape;
        this.states = List.copyOf(states);
        this.origin = origin;
        this.provenance = Objects.requireNonNull(provenance);
    }

    /** The same states with another record. */
    public LatentImage with(Provenance other) {
        return new LatentImage(shape, states, origin, other);
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

    /** How the states were made. */
    public Provenance provenance() {
        return provenance;
    }
}
