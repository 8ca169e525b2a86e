// Draws the loss curve of a training run.
// Argument: <loss.csv>,<curve.png>
paths = split(getArgument(), ",");
rows = split(File.openAsString(paths[0]), "\n");
steps = newArray(rows.length - 1);
heldBack = newArray(rows.length - 1);
noise = newArray(rows.length - 1);
for (i = 1; i < rows.length; i++) {
	values = split(rows[i], ",");
	steps[i - 1] = parseFloat(values[0]);
	heldBack[i - 1] = parseFloat(values[2]);
	noise[i - 1] = parseFloat(values[3]);
}
setBatchMode(true);
Plot.create("Loss", "Step", "Loss on held-back images");
Plot.setFrameSize(600, 320);
Plot.setColor("blue");
Plot.add("line", steps, heldBack);
Plot.setColor("red");
Plot.add("line", steps, noise);
Plot.setLegend("weighted loss\tsquared error of the noise", "top-right");
Plot.setLimitsToFit();
Plot.show();
saveAs("PNG", paths[1]);
