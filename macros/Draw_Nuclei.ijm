// Draw nuclei, get an image of them: the overlay's selections are where the bundled ControlNet puts nuclei. With the same
// seed the image is made without the drawing too, and both are measured: how bright are they where nuclei were drawn?
//
// In ImageJ: open an image of any kind, or a new black one (File>New>Image...), draw nuclei with the oval or the
// freehand tool, pressing b after each to add it to the overlay, and run this macro. Without an image it draws ovals of
// its own. Without a display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Draw_Nuclei.ijm "output=/data/out count=12 steps=50 prompt=[fluorescence microscopy, nuclei]"
//
// Options: output     the folder for the results
//          width      pixels, of the drawing the macro makes
//          height     pixels
//          count      ovals in it
//          seed       of the ovals and of the noise
//          steps      network evaluations from noise to image
//          guidance   how strongly the prompt steers
//          scale      how strongly the drawing leads: 0 not at all, 1 as usual
//          prompt     what kind of image to make

var options = " " + getArgument() + " ";
prompt = option("prompt", "fluorescence microscopy, bright nuclei");
output = option("output", getDirectory("home") + "Palindrome");
width = parseInt(option("width", "192"));
height = parseInt(option("height", "192"));
count = parseInt(option("count", "14"));
seed = parseInt(option("seed", "1"));
steps = parseInt(option("steps", "50"));
guidance = parseFloat(option("guidance", "2"));
scale = parseFloat(option("scale", "1"));
endOfOptions("output, width, height, count, seed, steps, guidance, scale, prompt");
makeFolder(output);

drawn = nImages > 0;
if (drawn) drawn = Overlay.size > 0 || selectionType() >= 0;
if (!drawn) drawOvals();
drawing = getTitle();
width = getWidth();
height = getHeight();
print("Drawing: " + drawing + ", " + Overlay.size + " nuclei in the overlay");
print("Saved in " + output + ":");
saveHere(drawing + ".tif");

common = "width=" + width + " height=" + height + " seed=" + seed + " steps=" + steps + " guidance=" + guidance;
start = getTime();
run("Diffusion Generate...", common + " control=[" + drawing + "] controlkind=rois controlscale=" + scale
	+ " prompt=[" + prompt + "]");
seconds = (getTime() - start) / 1000;
rename("drawn-nuclei");
saveHere("drawn-nuclei.tif");
run("Diffusion Generate...", common + " prompt=[" + prompt + "]");
rename("without-drawing");
saveHere("without-drawing.tif");

// grey levels inside and outside of what was drawn
print("");
print("mean level of             drawn nuclei   background");
report("drawn-nuclei");
report("without-drawing");
print("made in " + d2s(seconds, 1) + " s");
selectImage("drawn-nuclei");


// A black image with ovals that do not overlap, in its overlay.
function drawOvals() {
	random("seed", seed);
	newImage("nuclei", "8-bit black", width, height, 1);
	setForegroundColor(255, 255, 255);
	placed = 0;
	for (attempt = 0; attempt < 200 * count && placed < count; attempt++) {
		length = 18 + 12 * random();
		x = length + (width - 2 * length) * random();
		y = length + (height - 2 * length) * random();
		angle = PI * random();
		dx = cos(angle) * length / 2;
		dy = sin(angle) * length / 2;
		makeEllipse(x - dx, y - dy, x + dx, y + dy, 0.6 + 0.3 * random());
		getStatistics(area, mean);
		if (mean > 0) continue;
		// the pixels only say which places are taken; what counts is the overlay
		run("Fill", "slice");
		Overlay.addSelection("yellow");
		placed++;
	}
	run("Select None");
	if (placed < count) print("There is room for " + placed + " nuclei only.");
}

// Prints the mean grey levels of an image inside and outside of the drawing's overlay.
function report(title) {
	inside = 0;
	pixels = 0;
	for (i = 0; i < Overlay_size(); i++) {
		selectImage(drawing);
		Overlay.activateSelection(i);
		selectImage(title);
		run("Restore Selection");
		getStatistics(area, mean);
		inside += mean * area;
		pixels += area;
		run("Select None");
	}
	selectImage(drawing);
	run("Select None");
	selectImage(title);
	getStatistics(area, mean);
	outside = (mean * area - inside) / (area - pixels);
	print(pad(title, 26) + pad(d2s(inside / pixels, 1), 15) + d2s(outside, 1));
}

function Overlay_size() {
	selectImage(drawing);
	return Overlay.size;
}

function pad(text, length) {
	while (lengthOf(text) < length) text += " ";
	return text;
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
