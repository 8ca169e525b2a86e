/**
 * Models on this computer and on the hub: the Hugging Face cache in its usual
 * place and layout, the folders and files the user added, and downloads. Nothing
 * here uses the network but {@link palindrome.model.hub.ModelDownload}, and that
 * only when it is asked to.
 * <p>
 * May import: {@link palindrome.model}. A sub-room of it, which does not know this
 * one: whoever opens a model asks {@link palindrome.model.hub.InstalledModels} where it lies.
 */
package palindrome.model.hub;
