// Inverts an image, saves its latent noise as an ordinary TIFF, closes
// everything, opens the latent again, and makes three images from it: the
// original, and two edits with different prompts. The image is inverted once.
//
// In ImageJ: open an image and run this macro; it closes all images. Without a
// display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Save_Reopen_Edit_Twice.ijm "image=/data/cells.tif output=/data/out first=[fluorescence microscopy, many small bright nuclei]"
//
// Options: image     the image file; without it the open image, or a sample
//          output    the folder for the results
//          steps     network evaluations from image to noise
//          strength  how far towards noise, and so how much the edits may change
//          guidance  how strongly the prompts of the edits steer
//          model     "bundled", or a folder that holds a diffusers checkpoint
//          source    what the image shows; may be empty
//          first     what the first edit should show
//          second    what the second edit should show

var options = " " + getArgument() + " ";
source = option("source", "fluorescence microscopy, some medium bright nuclei");
first = option("first", "fluorescence microscopy, many small bright nuclei");
second = option("second", "fluorescence microscopy, few large dim nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
steps = parseInt(option("steps", "50"));
strength = parseFloat(option("strength", "0.7"));
guidance = parseFloat(option("guidance", "3"));
model = option("model", "bundled");
endOfOptions("image, output, steps, strength, guidance, model, source, first, second");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Save, reopen, edit twice");
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addNumber("Strength", strength, 2, 5, "");
	Dialog.addString("Source prompt", source, 48);
	Dialog.addString("First target prompt", first, 48);
	Dialog.addString("Second target prompt", second, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	steps = Dialog.getNumber();
	strength = Dialog.getNumber();
	source = Dialog.getString();
	first = Dialog.getString();
	second = Dialog.getString();
	output = Dialog.getString();
}

openImage(image);
original = getTitle();
name = withoutEnding(original);
// compared by numbers, since the image itself will be closed
before = pixels();
makeFolder(output);
print("Image: " + original + ", '" + source + "'");
print("Saved in " + output + ":");

run("Diffusion Invert...", "model=[" + model + "] steps=" + steps + " strength=" + strength + " prompt=[" + source + "]");
latent = name + "-latent";
rename(latent);
saveHere(latent + ".tif");

// nothing is left but the file
close("*");
open(output + File.separator + latent + ".tif");
rename(latent);

run("Diffusion Reconstruct...", "image=[" + latent + "]");
rename(name + "-reconstructed");
different = countDifferent(before, pixels());
saveHere(name + "-reconstructed.tif");

edit(first, name + "-edited-1");
edit(second, name + "-edited-2");

print("");
print("pixels that differ from the original");
print("  reconstructed: " + different);
printDifferences(name + "-edited-1", first);
printDifferences(name + "-edited-2", second);
if (different > 0) exit("The reconstruction differs from the image in " + different + " pixels.");


// One edit from the latent.
function edit(target, title) {
	selectImage(latent);
	run("Diffusion Generate...", "model=[" + model + "] guidance=" + guidance + " noise=[" + latent + "] prompt=[" + target + "]");
	rename(title);
	saveHere(title + ".tif");
}

function printDifferences(title, target) {
	selectImage(title);
	print("  '" + target + "': " + countDifferent(before, pixels()));
}

// The pixels of the current image, row by row; red, green and blue in one number.
function pixels() {
	values = newArray(getWidth() * getHeight());
	for (i = 0; i < values.length; i++) values[i] = getPixel(i % getWidth(), floor(i / getWidth()));
	return values;
}

function countDifferent(a, b) {
	count = 0;
	for (i = 0; i < a.length; i++) if (a[i] != b[i]) count++;
	return count;
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
