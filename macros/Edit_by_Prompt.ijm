// Changes an image from what one prompt says to what another prompt says. With
// an area selection only the selection changes: every pixel outside keeps its
// value, which the macro checks.
//
// In ImageJ: open an image, select an area if you like, and run this macro.
// Without a display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Edit_by_Prompt.ijm "image=/data/cells.tif output=/data/out selection=64,64,128,128 target=[fluorescence microscopy, many small bright nuclei]"
//
// Options: image      the image file; without it the open image, or a sample
//          output     the folder for the results
//          steps      network evaluations from image to noise
//          strength   how much may change: 0 nothing, 1 everything
//          guidance   how strongly the prompts steer
//          selection  x,y,width,height of an oval that limits the edit; without it the image's own selection
//          model      "bundled", or a folder that holds a diffusers checkpoint
//          source     what the image shows; may be empty
//          target     what it should show

var options = " " + getArgument() + " ";
source = option("source", "fluorescence microscopy, some medium bright nuclei");
target = option("target", "fluorescence microscopy, many small bright nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
steps = parseInt(option("steps", "50"));
strength = parseFloat(option("strength", "0.7"));
guidance = parseFloat(option("guidance", "3"));
selection = option("selection", "");
model = option("model", "bundled");
endOfOptions("image, output, steps, strength, guidance, selection, model, source, target");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Edit by prompt");
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addNumber("Strength", strength, 2, 5, "");
	Dialog.addNumber("Guidance", guidance, 1, 5, "");
	Dialog.addString("Source prompt", source, 48);
	Dialog.addString("Target prompt", target, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	steps = Dialog.getNumber();
	strength = Dialog.getNumber();
	guidance = Dialog.getNumber();
	source = Dialog.getString();
	target = Dialog.getString();
	output = Dialog.getString();
}

openImage(image);
original = getTitle();
makeFolder(output);
if (selection != "") {
	bounds = split(selection, ",");
	if (bounds.length != 4) exit("'selection' is '" + selection + "', but must be x,y,width,height.");
	makeOval(bounds[0], bounds[1], bounds[2], bounds[3]);
}
limited = selectionType() >= 0;
print("Image: " + original + ", from '" + source + "' to '" + target + "'");
print("Saved in " + output + ":");

start = getTime();
run("Diffusion Edit...", "model=[" + model + "] steps=" + steps + " strength=" + strength + " guidance=" + guidance
	+ " source=[" + source + "] target=[" + target + "]");
seconds = (getTime() - start) / 1000;
name = withoutEnding(original);
edited = name + "-edited";
rename(edited);
saveHere(edited + ".tif");

// how far the edit went, inside and outside of the selection
total = getWidth() * getHeight();
changed = countChanged(original, edited, false);
print("");
print("pixels changed: " + changed + " of " + total + ", in " + d2s(seconds, 1) + " s");
if (limited) {
	outside = countChanged(original, edited, true);
	print("of these outside of the selection: " + outside);
	if (outside > 0) exit("Pixels outside of the selection have changed.");
}
selectImage(edited);


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
