package palindrome.model.hub;

import java.util.Optional;

/**
 * What a model may be used for, as its authors say.
 *
 * @param id identifier such as {@code creativeml-openrail-m}, or
 *          {@link #UNSTATED}; what a macro writes to accept it
 * @param page where it can be read
 * @param text the licence itself, if the repository holds it
 * @param gated whether the authors let in only users who agreed on that page
 */
public record Licence(String id, String page, Optional<String> text, boolean gated) {

    /** Stands for the licence of a model whose authors name none. */
    public static final String UNSTATED = "unstated";

    /**
     * @param accepted what the user accepts
     * @return whether it is this licence
     */
    public boolean is(final String accepted) {
        return id.equalsIgnoreCase(accepted.strip());
    }

    /** @return a clause for a message: what it is and where it can be read */
    public String describe() {
        return (id.equals(UNSTATED) ? "names no licence" : "is under the licence " + id) + " (" + page + ")"
                + (gated ? ", and its authors let in only those who agree to it there" : "");
    }
}
