// Repaints what is selected as a prompt says, so that it goes on from the image
// around it, and checks that no other pixel changed. A composite selection or the
// ROI Manager may select several places.
//
// In ImageJ: open an image, select something, and run this macro. Without a
// selection it takes what the ROI Manager lists, else an oval in the middle.
// Without a display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Inpaint_Selection.ijm "image=/data/cells.tif output=/data/out selection=64,64,80,80 prompt=[fluorescence microscopy, few medium bright nuclei]"
//
// Options: image      the image file; without it the open image, or a sample
//          output     the folder for the results
//          method     SDE draws fresh noise at every step, ODE none
//          steps      network evaluations from noise to image
//          strength   how much may change: 0 nothing, 1 everything
//          guidance   how strongly the prompt steers
//          seed       another one paints something else
//          selection  x,y,width,height of ovals to repaint, several separated by semicolons
//          model      "bundled", or a folder that holds a diffusers checkpoint
//          prompt     what the image should show there

var options = " " + getArgument() + " ";
prompt = option("prompt", "fluorescence microscopy, few medium bright nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
method = option("method", "SDE");
steps = parseInt(option("steps", "50"));
strength = parseFloat(option("strength", "1"));
guidance = parseFloat(option("guidance", "3"));
seed = parseInt(option("seed", "1"));
selection = option("selection", "");
model = option("model", "bundled");
endOfOptions("image, output, method, steps, strength, guidance, seed, selection, model, prompt");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Inpaint a selection");
	Dialog.addChoice("Method", newArray("SDE", "ODE"), method);
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addNumber("Strength", strength, 2, 5, "");
	Dialog.addNumber("Guidance", guidance, 1, 5, "");
	Dialog.addNumber("Seed", seed, 0, 5, "");
	Dialog.addString("Prompt", prompt, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	method = Dialog.getChoice();
	steps = Dialog.getNumber();
	strength = Dialog.getNumber();
	guidance = Dialog.getNumber();
	seed = Dialog.getNumber();
	prompt = Dialog.getString();
	output = Dialog.getString();
}

openImage(image);
original = getTitle();
makeFolder(output);
manager = "";
if (selection != "") selectOvals(selection);
else if (selectionType() < 0) {
	if (listed() > 0) {
		// for the count at the end the image needs the selection too
		if (listed() > 1) roiManager("combine");
		else roiManager("select", 0);
		roiManager("deselect");
		manager = " manager=true";
	} else makeOval(getWidth() / 3, getHeight() / 3, getWidth() / 3, getHeight() / 3);
}
print("Image: " + original + ", repainted as '" + prompt + "'");
print("Saved in " + output + ":");

start = getTime();
run("Diffusion Inpaint...", "model=[" + model + "] method=" + method + " steps=" + steps + " strength=" + strength
	+ " guidance=" + guidance + " seed=" + seed + manager + " prompt=[" + prompt + "]");
seconds = (getTime() - start) / 1000;
name = withoutEnding(original);
inpainted = name + "-inpainted";
rename(inpainted);
saveHere(inpainted + ".tif");

changed = countChanged(original, inpainted, false);
outside = countChanged(original, inpainted, true);
print("");
print("pixels changed: " + changed + ", in " + d2s(seconds, 1) + " s");
print("of these outside of the selection: " + outside);
if (outside > 0) exit("Pixels outside of the selection have changed.");
selectImage(inpainted);


// Selects ovals given as "x,y,width,height;x,y,width,height".
function selectOvals(text) {
	ovals = split(text, ";");
	for (i = 0; i < ovals.length; i++) {
		bounds = split(ovals[i], ",");
		if (bounds.length != 4) exit("'selection' is '" + text + "', but must be x,y,width,height, or several of these separated by semicolons.");
		if (i > 0) setKeyDown("shift");
		makeOval(bounds[0], bounds[1], bounds[2], bounds[3]);
	}
	setKeyDown("none");
}

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

// How many selections the ROI Manager lists. One condition at a time: the macro
// language computes all that are joined by &&, and roiManager opens a window.
function listed() {
	if (isHeadless()) return 0;
	if (!isOpen("ROI Manager")) return 0;
	return roiManager("count");
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
