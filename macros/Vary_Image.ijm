// Makes a stack of variations of an image, one a seed, for a row of strengths, and
// prints how far each is from the image: the root mean square of the difference
// in grey levels. At strength 0 that is 0.
//
// In ImageJ: open an image, and run this macro. Without a display, with all
// options or none:
//
//   java -jar Palindrome_.jar macros/Vary_Image.ijm "image=/data/cells.tif output=/data/out strengths=[0.3 0.6] count=4 prompt=[fluorescence microscopy, some medium bright nuclei]"
//
// Options: image      the image file; without it the open image, or a sample
//          output     the folder for the results
//          method     SDE, ODE, or Cycle-SDE, which keeps the noise of the image
//          steps      network evaluations from noise to image
//          strengths  from 0 (the image itself) to 1, separated by blanks
//          guidance   how strongly the prompt steers
//          seed       of the first variation; the next ones count up from it
//          count      variations of each strength
//          model      "bundled", or a folder that holds a diffusers checkpoint
//          source     for Cycle-SDE, what the image shows
//          prompt     what the variations should show

var options = " " + getArgument() + " ";
source = option("source", "");
prompt = option("prompt", "fluorescence microscopy, some medium bright nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
method = option("method", "SDE");
steps = parseInt(option("steps", "50"));
strengths = split(option("strengths", "0 0.3 0.6"), " ");
guidance = parseFloat(option("guidance", "3"));
seed = parseInt(option("seed", "1"));
number = parseInt(option("count", "4"));
model = option("model", "bundled");
endOfOptions("image, output, method, steps, strengths, guidance, seed, count, model, source, prompt");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Vary an image");
	Dialog.addChoice("Method", newArray("SDE", "ODE", "Cycle-SDE"), method);
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addString("Strengths", String.join(strengths, " "), 12);
	Dialog.addNumber("Guidance", guidance, 1, 5, "");
	Dialog.addNumber("Variations", number, 0, 5, "");
	Dialog.addString("Prompt", prompt, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	method = Dialog.getChoice();
	steps = Dialog.getNumber();
	strengths = split(Dialog.getString(), " ");
	guidance = Dialog.getNumber();
	number = Dialog.getNumber();
	prompt = Dialog.getString();
	output = Dialog.getString();
}

openImage(image);
original = getTitle();
name = withoutEnding(original);
makeFolder(output);
print("Image: " + original + ", varied as '" + prompt + "'");
print("Saved in " + output + ":");
table = "strength,seed,rms difference\n";
lines = "";
for (s = 0; s < strengths.length; s++) {
	selectImage(original);
	run("Diffusion Vary...", "model=[" + model + "] method=" + method + " steps=" + steps + " strength=" + strengths[s]
		+ " guidance=" + guidance + " seed=" + seed + " count=" + number + " source=[" + source + "] prompt=[" + prompt + "]");
	varied = name + "-varied-" + strengths[s];
	rename(varied);
	saveHere(varied + ".tif");
	for (n = 1; n <= number; n++) {
		thisSeed = seed + n - 1;
		rms = difference(original, varied, n);
		lines = lines + cell(strengths[s], 10) + cell("" + thisSeed, 6) + cell(d2s(rms, 3), 16) + "\n";
		table += strengths[s] + "," + thisSeed + "," + d2s(rms, 6) + "\n";
	}
}
print("");
print(cell("strength", 10) + cell("seed", 6) + cell("rms difference", 16));
print(lines);
File.saveString(table, output + File.separator + name + "-varied.csv");
print("  " + name + "-varied.csv");


// Root mean square of the difference of two images, of the second in slice n.
function difference(a, b, n) {
	selectImage(a);
	before = pixels();
	selectImage(b);
	if (nSlices > 1) setSlice(n);
	after = pixels();
	sum = 0;
	for (i = 0; i < before.length; i++) sum += (after[i] - before[i]) * (after[i] - before[i]);
	return sqrt(sum / before.length);
}

// The grey levels of the current plane, row by row.
function pixels() {
	values = newArray(getWidth() * getHeight());
	for (i = 0; i < values.length; i++) values[i] = getValue(i % getWidth(), floor(i / getWidth()));
	return values;
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
