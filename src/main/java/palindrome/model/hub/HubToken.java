package palindrome.model.hub;

import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * The user's secret for the hub. It leaves this object only into a request:
 * there is no accessor, and its text form does not show it.
 */
final class HubToken {

    private final String secret;

    private HubToken(final String secret) {
        this.secret = secret;
    }

    /**
     * @param origin where the text is from, for the message
     * @param text may have blanks around
     * @return the token, or empty if the text is blank
     * @throws HubException if it cannot be one
     */
    static Optional<HubToken> of(final String origin, final String text) throws HubException {
        final String secret = text.strip();
        if (secret.isEmpty()) return Optional.empty();
        // NB: never the text itself in the message
        if (!secret.matches("[!-~]{1,4096}"))
            throw new HubException(
                    "The token in " + origin + " has blanks or letters beyond ASCII in it: copy it again.");
        return Optional.of(new HubToken(secret));
    }

    void authorize(final HttpRequest.Builder request) {
        request.setHeader("Authorization", "Bearer " + secret);
    }

    @Override
    public String toString() {
        return "(a token)";
    }
}
