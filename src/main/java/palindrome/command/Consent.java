package palindrome.command;

/**
 * Asks the user for something that a command must not decide. There is one only
 * where somebody can answer: macros and scripts say beforehand, by an input, what
 * they consent to.
 */
public interface Consent {

    /**
     * @param question one or two sentences
     * @param text what should be read before, such as a licence; may be empty
     * @param yes what the user says in consenting, on a button
     * @return whether the user consented
     */
    boolean give(String question, String text, String yes);
}
