package palindrome.ij1;

import ij.IJ;
import ij.ImagePlus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.command.DiffusionCommand;
import palindrome.edit.Progress;

/** A small command with a parameter of every kind, and every way to fail. */
@Plugin(type = Command.class, label = "Diffusion Demo...", description = "Copies the image and notes the inputs.")
public class DemoCommand extends DiffusionCommand {

    @Parameter(label = "Image", persist = false)
    private ImagePlus image;

    @Parameter(
            label = "Mode",
            persist = false,
            choices = {"copy", "two words", "sentence", "io", "bug", "cancel", "slow"})
    private String mode = "copy";

    @Parameter(label = "Steps", persist = false, min = "2", max = "1000")
    private int steps = 50;

    @Parameter(label = "Strength", persist = false, min = "0", max = "1")
    private double strength = 0.5;

    @Parameter(label = "Seed", persist = false, min = "0")
    private long seed = 1;

    @Parameter(label = "Tiled", persist = false)
    private boolean tiled;

    @Parameter(label = "Mask", persist = false, required = false, autoFill = false)
    private ImagePlus mask;

    @Parameter(label = "Model", persist = false, style = "directory")
    private String model = "bundled";

    @Parameter(label = "Prompt", persist = false, required = false, style = "text area")
    private String prompt = "";

    @Parameter(type = ItemIO.OUTPUT)
    private ImagePlus demo;

    @Parameter(type = ItemIO.OUTPUT)
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        host.stage("Copying");
        switch (mode) {
            case "sentence" -> throw new IllegalArgumentException("The demo refuses.");
            case "io" -> throw new FileNotFoundException("The model folder is gone.");
            case "bug" -> throw new IndexOutOfBoundsException("index 7");
            case "cancel" -> throw new CancellationException();
            case "slow" -> count(host);
            default -> host.step(1, 1);
        }
        demo = image.duplicate();
        if (steps == 1000) notes = "Many steps.";
        demo.setTitle(image.getTitle() + "-demo");
        demo.setProp(
                "inputs",
                String.join(
                        "|",
                        image.getTitle(),
                        mode,
                        "" + steps,
                        "" + strength,
                        "" + seed,
                        "" + tiled,
                        mask == null ? "none" : mask.getTitle(),
                        model,
                        prompt));
        demo.setProp("thread", Thread.currentThread().getName());
        demo.setProp("locked", "" + image.isLocked());
        IJ.wait(1);
    }

    /** Ten seconds, unless canceled. */
    private static void count(final Progress host) {
        for (int i = 0; i < 200; i++) {
            host.checkCanceled();
            IJ.wait(50);
            host.step(i + 1, 200);
        }
    }
}
