package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a network is told besides a noisy sample and its timestep. The arrays stay
 * the property of whoever made them.
 */
public sealed interface Conditioning {

    /**
     * @param values applied to text states and other vectors that are computed with
     * @param numbers applied to class labels and sizes, whose element type must stay
     * @return the same of other arrays, such as copies on another device
     */
    Conditioning mapped(UnaryOperator<NDArray> values, UnaryOperator<NDArray> numbers);

    /** @return whether the other one is of the same kind with arrays of the same shapes, so that they can be one batch */
    default boolean isLike(final Conditioning other) {
        return layout().equals(other.layout());
    }

    /**
     * @param other one that {@link #isLike} this
     * @param owner owner of the arrays
     * @return both, one after the other, for as many samples as the two together
     */
    default Conditioning concat(final Conditioning other, final NDManager owner) {
        final Iterator<NDArray> others = other.arrays().iterator();
        final UnaryOperator<NDArray> joined = array -> {
            final NDArray both = array.concat(others.next());
            both.attach(owner);
            return both;
        };
        return mapped(joined, joined);
    }

    /**
     * The line between two, at which nothing but the numbers that are computed with changes.
     *
     * @param other one that {@link #isLike} this
     * @param place from 0, which is this, to 1, the other one; both to the last bit
     * @param owner owner of the arrays
     */
    default Conditioning towards(final Conditioning other, final double place, final NDManager owner) {
        if (place == 0) return this;
        if (place == 1) return other;
        final Iterator<NDArray> others = other.arrays().iterator();
        return mapped(
                array -> {
                    final NDArray between =
                            array.mul(1 - place).add(others.next().mul(place));
                    between.attach(owner);
                    return between;
                },
                array -> {
                    others.next();
                    return array;
                });
    }

    /** The arrays in the order in which {@link #mapped} visits them. */
    private List<NDArray> arrays() {
        final List<NDArray> arrays = new ArrayList<>();
        final UnaryOperator<NDArray> noting = array -> {
            arrays.add(array);
            return array;
        };
        mapped(noting, noting);
        return arrays;
    }

    private List<Object> layout() {
        final List<Object> layout = new ArrayList<>(List.of(getClass()));
        if (this instanceof Text text) {
            text.additions().forEach(one -> layout.add(one.getClass()));
            layout.add(text.attention());
        }
        arrays().forEach(array -> layout.add(array.getShape()));
        return layout;
    }

    /** Nothing: an unconditional network. */
    record None() implements Conditioning {

        @Override
        public None mapped(final UnaryOperator<NDArray> values, final UnaryOperator<NDArray> numbers) {
            return this;
        }
    }

    /**
     * A class.
     *
     * @param labels one class index a sample, [B], int64; or where the network's
     *          {@code class_embed_type} is {@code timestep}, a number, [B], and where it
     *          is {@code identity}, {@code projection} or {@code simple_projection}, a
     *          vector, [B, D], all float32
     */
    record ClassLabels(NDArray labels) implements Conditioning, Addition {

        @Override
        public ClassLabels mapped(final UnaryOperator<NDArray> values, final UnaryOperator<NDArray> numbers) {
            return new ClassLabels(numbers.apply(labels));
        }
    }

    /**
     * The states of a text encoder, and what comes along with them.
     *
     * @param encoderHiddenStates [B, L, cross_attention_dim]
     * @param additions what is added to the time embedding, at most one of each kind
     * @param attention what happens in the attention layers of the network
     */
    record Text(NDArray encoderHiddenStates, List<Addition> additions, AttentionProcessor attention)
            implements Conditioning {

        public Text {
            additions = List.copyOf(additions);
        }

        /** Text states alone, as Stable Diffusion 1 and 2 take them. */
        public Text(final NDArray encoderHiddenStates) {
            this(encoderHiddenStates, List.of(), AttentionProcessor.PLAIN);
        }

        /** @return the same with other states */
        public Text withStates(final NDArray states) {
            return new Text(states, additions, attention);
        }

        /** @return the same with something more, which takes the place of another of its kind */
        public Text with(final Addition addition) {
            final List<Addition> all = new ArrayList<>(additions);
            all.removeIf(other -> other.getClass() == addition.getClass());
            all.add(addition);
            return new Text(encoderHiddenStates, all, attention);
        }

        /** @return the same, attended to in another way */
        public Text with(final AttentionProcessor processor) {
            return new Text(encoderHiddenStates, additions, processor);
        }

        @Override
        public Text mapped(final UnaryOperator<NDArray> values, final UnaryOperator<NDArray> numbers) {
            return new Text(
                    values.apply(encoderHiddenStates),
                    additions.stream().map(one -> one.mapped(values, numbers)).toList(),
                    attention);
        }

        <T extends Addition> Optional<T> find(final Class<T> kind) {
            return additions.stream().filter(kind::isInstance).map(kind::cast).findFirst();
        }
    }

    /** Something besides text states that a text-conditional network hears. */
    sealed interface Addition permits ClassLabels, TextTime, TimestepCond {

        /** As {@link Conditioning#mapped}. */
        Addition mapped(UnaryOperator<NDArray> values, UnaryOperator<NDArray> numbers);
    }

    /**
     * What Stable Diffusion XL adds ({@code addition_embed_type: text_time}).
     *
     * @param textEmbeds pooled and projected text states [B, D]
     * @param timeIds [B, 6], float32: height and width of the original image, top and
     *          left of the crop, height and width of the target, all in pixels
     */
    record TextTime(NDArray textEmbeds, NDArray timeIds) implements Addition {

        @Override
        public TextTime mapped(final UnaryOperator<NDArray> values, final UnaryOperator<NDArray> numbers) {
            return new TextTime(values.apply(textEmbeds), numbers.apply(timeIds));
        }
    }

    /**
     * What a network distilled from guidance hears ({@code timestep_cond}).
     *
     * @param vector the embedded guidance scale [B, time_cond_proj_dim]
     */
    record TimestepCond(NDArray vector) implements Addition {

        @Override
        public TimestepCond mapped(final UnaryOperator<NDArray> values, final UnaryOperator<NDArray> numbers) {
            return new TimestepCond(values.apply(vector));
        }
    }
}
