// Turns an image into its latent noise and back, with some of the exact samplers,
// and measures the difference, which is zero in every pixel.
//
// In ImageJ: open an image and run this macro (Plugins > Macros > Run...).
// Without a display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Invert_Reconstruct_Measure.ijm "image=[/data/my cells.tif] output=/data/out steps=50"
//
// Options: image     the image file; without it the open image, or a sample
//          output    the folder for the results
//          steps     network evaluations from image to noise (EDICT needs twice as many)
//          samplers  which samplers, separated by commas
//          model     "bundled", or a folder that holds a diffusers checkpoint
//          prompt    what the image shows; may be empty

var options = " " + getArgument() + " ";
prompt = option("prompt", "");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
steps = parseInt(option("steps", "50"));
samplers = option("samplers", "O-BELM,BDIA,EDICT");
model = option("model", "bundled");
endOfOptions("image, output, steps, samplers, model, prompt");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Invert, reconstruct, measure");
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addString("Prompt", prompt, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	steps = Dialog.getNumber();
	prompt = Dialog.getString();
	output = Dialog.getString();
}

openImage(image);
original = getTitle();
name = withoutEnding(original);
makeFolder(output);
run("Clear Results");
print("Image: " + original + ", " + getWidth() + " x " + getHeight() + ", " + bitDepth() + "-bit");
print("Saved in " + output + ":");

samplers = split(samplers, ",");
secondsToInvert = newArray(samplers.length);
largestDifference = 0;
for (i = 0; i < samplers.length; i++) {
	sampler = samplers[i];

	// image -> noise
	start = getTime();
	selectImage(original);
	run("Diffusion Invert...", "model=[" + model + "] sampler=" + sampler + " steps=" + steps + " prompt=[" + prompt + "]");
	secondsToInvert[i] = (getTime() - start) / 1000;
	latent = name + "-latent-" + sampler;
	rename(latent);
	saveHere(latent + ".tif");

	// noise -> image; with "original" given, the differences are added to the Results table
	selectImage(latent);
	run("Diffusion Reconstruct...", "original=[" + original + "]");
	reconstruction = name + "-reconstructed-" + sampler;
	rename(reconstruction);
	saveHere(reconstruction + ".tif");

	// the same comparison once more, by ImageJ itself
	maximum = saveDifference(original, reconstruction, name + "-difference-" + sampler);
	largestDifference = maxOf(largestDifference, maxOf(maximum, getResult("Different pixels", nResults - 1)));
}

printTable(samplers, secondsToInvert);
if (largestDifference > 0) exit("The reconstruction differs from the image by up to " + largestDifference + ".");
print("Every reconstruction equals the image in every pixel.");


// Saves |a - b| and says its smallest and largest value.
function saveDifference(a, b, title) {
	if (bitDepth() == 24) imageCalculator("Difference create", a, b);
	else imageCalculator("Difference create 32-bit", a, b);
	rename(title);
	if (bitDepth() == 24) run("RGB Stack");
	if (nSlices > 1) Stack.getStatistics(count, mean, min, max);
	else getStatistics(area, mean, min, max);
	setMinAndMax(0, 1);
	saveHere(title + ".tif");
	print("    min " + min + ", max " + max);
	return max;
}

// Diffusion Invert and Diffusion Reconstruct have added a row each to the Results table, one after the other.
function printTable(samplers, secondsToInvert) {
	print("");
	print(cell("sampler", 20) + cell("steps", 7) + cell("max difference", 16) + cell("different pixels", 18)
		+ cell("MSE", 8) + cell("PSNR (dB)", 11) + cell("invert (s)", 12) + cell("reconstruct (s)", 17) + cell("latent rms", 12));
	for (i = 0; i < samplers.length; i++) {
		row = 2 * i + 1;
		print(cell(getResultString("Sampler", row), 20) + cell("" + getResult("Steps", row), 7)
			+ cell("" + getResult("Max difference", row), 16) + cell("" + getResult("Different pixels", row), 18)
			+ cell("" + getResult("MSE", row), 8) + cell("" + getResult("PSNR (dB)", row), 11)
			+ cell(d2s(secondsToInvert[i], 1), 12) + cell(d2s(getResult("Seconds", row), 1), 17)
			+ cell(d2s(getResult("Latent rms", row - 1), 3), 12));
	}
	print("");
}

// Text, filled up with blanks on the left.
function cell(text, width) {
	while (lengthOf(text) < width) text = " " + text;
	return text;
}

// The image that is open, or a sample from the folder beside the macros.
function openImage(path) {
	if (path != "") {
		open(path);
		return;
	}
	if (nImages > 0) return;
	path = File.getParent(File.getParent(getInfo("macro.filepath")));
	path = path + File.separator + "sample-images" + File.separator + "phantom-nuclei-8bit.tif";
	if (!File.exists(path)) exit("Open an image first, or give one: image=[/path/to/image.tif]");
	open(path);
}

// "cells.tif" -> "cells", as in the titles of the results
function withoutEnding(title) {
	dot = lastIndexOf(title, ".");
	if (dot < 1) return title;
	return substring(title, 0, dot);
}

// Takes "key=value" or "key=[several words]" out of the options.
function option(key, fallback) {
	start = indexOf(options, " " + key + "=");
	if (start < 0) return fallback;
	from = start + lengthOf(key) + 2;
	if (substring(options, from, from + 1) == "[") {
		depth = 0;
		end = from;
		do {
			if (end == lengthOf(options)) exit("The bracket after '" + key + "=' is never closed.");
			character = substring(options, end, end + 1);
			if (character == "[") depth++;
			if (character == "]") depth--;
			end++;
		} while (depth > 0);
		value = substring(options, from + 1, end - 1);
	} else {
		end = indexOf(options, " ", from);
		value = substring(options, from, end);
	}
	options = substring(options, 0, start) + substring(options, end);
	return value;
}

// Stops at a misspelled key instead of ignoring it.
function endOfOptions(known) {
	rest = String.trim(options);
	if (rest != "") exit("'" + rest + "' is not an option of this macro: it knows " + known + ".");
}

// True on a server, where nobody can answer a dialog.
function isHeadless() {
	return matches(call("java.awt.GraphicsEnvironment.isHeadless"), "true");
}

function makeFolder(path) {
	if (File.isDirectory(path)) return;
	parent = File.getParent(path);
	if (parent != "" && parent != "null") makeFolder(parent);
	File.makeDirectory(path);
	if (!File.isDirectory(path)) exit("The folder " + path + " cannot be made: is its parent writable?");
}

// Saves the current image without renaming it.
function saveHere(file) {
	save(output + File.separator + file);
	if (!File.exists(output + File.separator + file)) exit("Could not save " + output + File.separator + file);
	print("  " + file);
}
