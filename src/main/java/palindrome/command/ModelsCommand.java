package palindrome.command;

import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.model.hub.ByteText;
import palindrome.model.hub.CachedModel;
import palindrome.model.hub.FileCheck;
import palindrome.model.hub.HubEnvironment;
import palindrome.model.hub.HubProgress;
import palindrome.model.hub.InstalledModel;
import palindrome.model.hub.InstalledModels;
import palindrome.model.hub.Licence;
import palindrome.model.hub.ModelDownload;
import palindrome.model.hub.RepoId;

/**
 * <i>Diffusion Models...</i>: lists the models on this computer, adds and removes, verifies, and downloads them. The only
 * command that uses the network, and only to download.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Models...",
        headless = true,
        description = "Lists the models on this computer; adds, removes, verifies and downloads them.")
public class ModelsCommand extends DiffusionCommand implements NeedsConsent {

    private static final double MEGABYTE = 1e6;
    private static final Set<String> WITHOUT_MODEL = Set.of("list", "release");

    @Parameter(
            label = "Action",
            persist = false,
            choices = {"list", "add", "remove", "verify", "download", "release"},
            description =
                    "list: what there is. add: a folder or file of yours. remove: takes it off the list, or deletes a"
                            + " download. verify: reads every byte. download: from the hub. release: closes those kept in memory.")
    private String action = "list";

    @Parameter(
            label = "Model",
            persist = false,
            required = false,
            style = "directory",
            description = "A folder, a .safetensors file, or a model of the hub as owner/name or owner/name@revision;"
                    + " not needed to list and to release.")
    private String model = "";

    @Parameter(
            label = "Variant",
            persist = false,
            required = false,
            description = "Of the weights to download, such as fp16; empty for the plain ones.")
    private String variant = "";

    @Parameter(
            label = "Licence",
            persist = false,
            required = false,
            description =
                    "The licence of the model to download, as a sign that you accept it; left empty, you are asked.")
    private String licence = "";

    @Parameter(
            label = "Delete the download",
            persist = false,
            description =
                    "To remove a model of the Hugging Face cache: deletes it from the disk, for Python programs too;"
                            + " left off, you are asked.")
    private boolean delete;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Parameter(type = ItemIO.OUTPUT, label = "Models")
    private ResultsTable models;

    private Consent consent;

    @Override
    public void setConsent(final Consent consent) {
        this.consent = consent;
    }

    @Override
    protected void execute(final Progress host) throws IOException {
        final HubEnvironment environment = HubEnvironment.ofProcess();
        final InstalledModels installed = new InstalledModels(environment);
        final HubProgress progress = new TransferProgress(host);
        if (!WITHOUT_MODEL.contains(action)) requireModel();
        switch (action) {
            case "add" -> notes = "Added " + installed.add(model) + ".";
            case "remove" -> remove(installed, progress);
            case "verify" -> verify(installed, progress);
            case "download" -> download(environment, progress);
            case "release" -> release();
            default -> host.stage("Listing models");
        }
        if (models == null) models = table(installed.list());
    }

    private void requireModel() {
        if (model == null || model.isBlank())
            throw new IllegalArgumentException("'model' is missing: to " + action + " one, write "
                    + (action.equals("download")
                            ? "model=owner/name."
                            : "model=[folder or file] or model=owner/name."));
    }

    private void remove(final InstalledModels installed, final HubProgress progress) throws IOException {
        if (installed.forget(model)) {
            notes = model.strip() + " is off the list; its files are where they were.";
            return;
        }
        if (!RepoId.find(model).isPresent())
            throw new IllegalArgumentException("'" + model.strip()
                    + "' is not in the list of what you added, and only that or a download can be removed.");
        final CachedModel cached = installed.cached(model);
        final String size = ByteText.of(cached.bytes());
        if (!delete) {
            agree(
                    "Delete " + cached + " (" + size + ") from the Hugging Face cache in " + cached.folder()
                            + "? Python programs use it as well.",
                    "",
                    "Delete",
                    cached
                            + " lies in the Hugging Face cache, which Python programs use as well: to delete it from the disk,"
                            + " add delete=true.");
            delete = true;
        }
        // NB: open weights are pages of these files.
        OpenedModel.releaseAll();
        cached.delete(progress);
        notes = "Deleted " + cached + ", " + size + ".";
    }

    private void verify(final InstalledModels installed, final HubProgress progress) throws IOException {
        final List<FileCheck> checks = installed.verify(model, progress);
        final List<FileCheck> bad =
                checks.stream().filter(check -> !check.sound()).toList();
        if (!bad.isEmpty())
            throw new IOException(model.strip() + " is damaged (" + bad.size() + " of " + checks.size() + " files): "
                    + bad.get(0).file() + ": " + bad.get(0).result() + ". Download or copy it again.");
        models = new ResultsTable();
        for (final FileCheck check : checks) {
            models.incrementCounter();
            models.addValue("File", check.file());
            models.addValue("Bytes", check.bytes());
            models.addValue("Result", check.result());
        }
        notes = model.strip() + " is sound: " + checks.size() + " files.";
    }

    private void download(final HubEnvironment environment, final HubProgress progress) throws IOException {
        final RepoId id = RepoId.parse(model);
        final ModelDownload download = ModelDownload.of(environment, id, variant.strip(), progress);
        accept(id, download);
        final String place = download.run(progress).toString();
        notes = "Downloaded " + id + " (" + ByteText.of(download.bytes()) + ") to " + place + "; use it as model=" + id
                + ".";
    }

    private void release() {
        final List<String> open = OpenedModel.inMemory();
        OpenedModel.releaseAll();
        notes = open.isEmpty() ? "No model was in memory." : "Released " + String.join(", ", open) + ".";
    }

    /** The licence is shown and accepted before anything is downloaded. */
    private void accept(final RepoId id, final ModelDownload download) throws IOException {
        final Licence terms = download.licence();
        if (terms.is(licence)) return;
        final String key = "licence=" + (terms.id().matches("\\S+") ? terms.id() : "[" + terms.id() + "]");
        if (!licence.isBlank())
            throw new IllegalArgumentException("'licence' is '" + licence.strip() + "', but " + id + " "
                    + terms.describe() + ": if you accept that, write " + key + ".");
        agree(
                id + " " + terms.describe() + ". " + ByteText.of(download.missingBytes()) + " of "
                        + ByteText.of(download.bytes()) + " are to be downloaded to the Hugging Face cache.",
                terms.text().orElse(""),
                "Accept and download",
                id + " " + terms.describe() + ": read it, and to accept it and download "
                        + ByteText.of(download.missingBytes()) + ", add " + key + ".");
        licence = terms.id();
    }

    /** @param otherwise what to say where nobody can be asked */
    private void agree(final String question, final String text, final String yes, final String otherwise) {
        if (consent == null) throw new IllegalArgumentException(otherwise);
        if (!consent.give(question, text, yes)) throw new CancellationException("Canceled by the user.");
    }

    private static ResultsTable table(final List<InstalledModel> installed) {
        final ResultsTable table = new ResultsTable();
        for (final InstalledModel one : installed) {
            table.incrementCounter();
            table.addValue("Model", one.choice());
            table.addValue("Source", one.source());
            table.addValue("Contents", one.contents());
            table.addValue("MB", one.bytes() / MEGABYTE);
            table.addValue("Licence", one.licence());
            table.addValue("State", one.state());
            table.addValue("Place", one.place());
        }
        return table;
    }
}
