package palindrome.model.hub;

import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param stall how long the server may be silent
 * @param retries how often a request is repeated that failed for the moment;
 *          counted anew whenever bytes have come
 * @param backoff pause before the first repetition, doubled for each that follows
 * @param longestPause what a server may ask to wait before it is given up
 */
record HubTiming(Duration stall, int retries, Duration backoff, Duration longestPause) {

    static final HubTiming DEFAULT =
            new HubTiming(Duration.ofSeconds(30), 3, Duration.ofSeconds(1), Duration.ofMinutes(5));
}
