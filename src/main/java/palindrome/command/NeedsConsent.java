package palindrome.command;

/** A command that may have to ask the user before it goes on. */
public interface NeedsConsent {

    /** @param consent asks the user; without it, inputs must have said it */
    void setConsent(Consent consent);
}
