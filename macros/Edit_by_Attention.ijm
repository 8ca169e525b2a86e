// Edits an image by prompt in several ways: freely, and with attention that
// follows the image's own (Prompt-to-Prompt), which keeps more of the layout.
// A table says how far each edit went, and a strip shows them side by side.
//
// In ImageJ: open an image and run this macro. Without a display, with all
// options or none:
//
//   java -jar Palindrome_.jar macros/Edit_by_Attention.ijm "image=/data/cells.tif output=/data/out weights=many:4"
//
// Options: image      the image file; without it the open image, or a sample
//          output     the folder for the results
//          steps      network evaluations from image to noise
//          strength   how much may change: 0 nothing, 1 everything
//          guidance   how strongly the prompts steer
//          cross      the share of the steps in which attention to words is the source's
//          self       the share of the steps in which places attend to each other as in the source
//          weights    factors of the attention to words of the target, such as "many:4 bright:0.5"
//          model      "bundled", or a folder that holds a diffusers checkpoint
//          source     what the image shows
//          target     what it should show

var options = " " + getArgument() + " ";
source = option("source", "fluorescence microscopy, few medium bright nuclei");
target = option("target", "fluorescence microscopy, many medium bright nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
steps = parseInt(option("steps", "50"));
strength = parseFloat(option("strength", "0.8"));
guidance = parseFloat(option("guidance", "3"));
cross = option("cross", "0.8");
self = option("self", "0.8");
weights = option("weights", "many:-10");
model = option("model", "bundled");
endOfOptions("image, output, steps, strength, guidance, cross, self, weights, model, source, target");

openImage(image);
original = getTitle();
makeFolder(output);
name = withoutEnding(original);
print("Image: " + original + ", from '" + source + "' to '" + target + "'");
print("Saved in " + output + ":");

names = newArray("free", "words", "places", "both", "weights");
keys = newArray("", "cross=[" + cross + "]", "self=[" + self + "]", "cross=[" + cross + "] self=[" + self + "]",
	"reweight=[" + weights + "]");
means = newArray(names.length);
fromFree = newArray(names.length);
for (n = 0; n < names.length; n++) {
	selectImage(original);
	run("Diffusion Edit...", "model=[" + model + "] steps=" + steps + " strength=" + strength + " guidance=" + guidance
		+ " " + keys[n] + " source=[" + source + "] target=[" + target + "]");
	rename(names[n]);
	saveHere(name + "-" + names[n] + ".tif");
	rename(names[n]);
	means[n] = difference(original, names[n]);
	fromFree[n] = difference(names[0], names[n]);
}

print("");
print("edit      difference from the image   from the free edit   keys");
for (n = 0; n < names.length; n++)
	print(padded(names[n], 10) + padded(d2s(means[n], 3), 28) + padded(d2s(fromFree[n], 3), 21) + keys[n]);
strip();
saveHere(name + "-strip.png");


// The mean difference of two images' grey values.
function difference(a, b) {
	imageCalculator("Difference create 32-bit", a, b);
	getStatistics(area, mean);
	close();
	return mean;
}

// The image and its edits side by side.
function strip() {
	selectImage(original);
	run("Duplicate...", "title=strip-0");
	for (n = 0; n < names.length; n++) {
		selectImage(names[n]);
		run("Duplicate...", "title=strip-" + (n + 1));
	}
	run("Images to Stack", "title=strip- use");
	run("Make Montage...", "columns=" + (names.length + 1) + " rows=1 scale=1 border=2");
}

function padded(text, width) {
	while (lengthOf(text) < width) text += " ";
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
	path = path + File.separator + "sample-images" + File.separator + "model-fluorescence-few.png";
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
