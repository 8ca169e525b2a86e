// Asks the model where another prompt would change the image, makes that the
// selection, and repaints it: an edit without drawing anything (after DiffEdit).
//
// In ImageJ: open an image, and run this macro. Without a display, with all
// options or none:
//
//   java -jar Palindrome_.jar macros/Mask_and_Inpaint.ijm "image=/data/cells.tif output=/data/out source=[fluorescence microscopy, many nuclei] target=[fluorescence microscopy, few nuclei]"
//
// Options: image      the image file; without it the open image, or a sample
//          output     the folder for the results
//          maps       how many noises the prompts are compared in
//          threshold  of the heat map, from 0 to 1; less selects more
//          steps      network evaluations from noise to image
//          guidance   how strongly the prompt steers what is repainted
//          grow       how far beyond the mask to repaint, in pixels
//          seed       of the noise
//          model      "bundled", or a folder that holds a diffusers checkpoint
//          source     what the image shows
//          target     what it should show

var options = " " + getArgument() + " ";
source = option("source", "fluorescence microscopy, many nuclei");
target = option("target", "fluorescence microscopy, few nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
maps = parseInt(option("maps", "10"));
threshold = parseFloat(option("threshold", "0.5"));
steps = parseInt(option("steps", "50"));
guidance = parseFloat(option("guidance", "3"));
grow = parseInt(option("grow", "3"));
seed = parseInt(option("seed", "1"));
model = option("model", "bundled");
endOfOptions("image, output, maps, threshold, steps, guidance, grow, seed, model, source, target");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Mask and inpaint");
	Dialog.addNumber("Maps", maps, 0, 5, "");
	Dialog.addNumber("Threshold", threshold, 2, 5, "");
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addNumber("Guidance", guidance, 1, 5, "");
	Dialog.addNumber("Grow", grow, 0, 5, "px");
	Dialog.addString("Source prompt", source, 48);
	Dialog.addString("Target prompt", target, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	maps = Dialog.getNumber();
	threshold = Dialog.getNumber();
	steps = Dialog.getNumber();
	guidance = Dialog.getNumber();
	grow = Dialog.getNumber();
	source = Dialog.getString();
	target = Dialog.getString();
	output = Dialog.getString();
}

openImage(image);
original = getTitle();
name = withoutEnding(original);
makeFolder(output);
print("Image: " + original + ", from '" + source + "' to '" + target + "'");
print("Saved in " + output + ":");
run("Diffusion Mask...", "model=[" + model + "] maps=" + maps + " threshold=" + threshold + " seed=" + seed
	+ " source=[" + source + "] target=[" + target + "]");
saveHere(name + "-mask.tif");
getStatistics(area, mean);
share = mean / 255;
selectImage(name + "-heatmap");
saveHere(name + "-heatmap.tif");

selectImage(original);
if (selectionType() < 0) exit("The prompts make no difference above the threshold: there is nothing to repaint.");
if (grow > 0) run("Enlarge...", "enlarge=" + grow + " pixel");
run("Diffusion Inpaint...", "model=[" + model + "] steps=" + steps + " guidance=" + guidance + " seed=" + seed
	+ " prompt=[" + target + "]");
inpainted = name + "-inpainted";
rename(inpainted);
saveHere(inpainted + ".tif");
outside = countChanged(original, inpainted, true);
print("");
print("masked: " + d2s(100 * share, 1) + " % of the image");
print("pixels changed outside of the selection: " + outside);
if (outside > 0) exit("Pixels outside of the selection have changed.");
selectImage(inpainted);


// The number of pixels with another value, everywhere or outside of the selection of the first image.
function countChanged(a, b, onlyOutside) {
	selectImage(b);
	after = pixels();
	selectImage(a);
	before = pixels();
	count = 0;
	for (i = 0; i < before.length; i++) {
		ignored = false;
		if (onlyOutside) ignored = selectionContains(i % getWidth(), floor(i / getWidth()));
		if (before[i] != after[i] && ignored == false) count++;
	}
	return count;
}

// The pixels of the current image, row by row; red, green and blue in one number.
function pixels() {
	values = newArray(getWidth() * getHeight());
	for (i = 0; i < values.length; i++) values[i] = getPixel(i % getWidth(), floor(i / getWidth()));
	return values;
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
