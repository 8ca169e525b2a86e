// Measures how exactly, accurately and fast samplers run on one image, draws it,
// and prints the round trips: none of the exact lattice differs from zero.
//
// In ImageJ: open an image and run this macro, or none, and one is generated.
// Without a display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Compare_Samplers.ijm "image=[/data/my cells.tif] output=/data/out samplers=[O-BELM, EDICT]"
//
// Options: image     the image file; without it the open image, or a generated one
//          output    the folder for the table and the plots
//          samplers  which samplers, separated by commas, or all
//          steps     numbers of steps to compare at
//          guidance  how strongly the prompt steers
//          size      width and height of a generated image
//          model     "bundled", or a folder that holds a diffusers checkpoint
//          prompt    what the image shows

var options = " " + getArgument() + " ";
prompt = option("prompt", "fluorescence microscopy, many small bright nuclei");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
samplers = option("samplers", "O-BELM, BDIA, EDICT, DDIM");
steps = option("steps", "10 20 50");
guidance = parseFloat(option("guidance", "1"));
size = parseInt(option("size", "64"));
model = option("model", "bundled");
endOfOptions("image, output, samplers, steps, guidance, size, model, prompt");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Compare samplers");
	Dialog.addString("Samplers", samplers, 48);
	Dialog.addString("Steps", steps, 20);
	Dialog.addNumber("Guidance", guidance, 1, 5, "");
	Dialog.addString("Prompt", prompt, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	samplers = Dialog.getString();
	steps = Dialog.getString();
	guidance = Dialog.getNumber();
	prompt = Dialog.getString();
	output = Dialog.getString();
}

makeFolder(output);
if (image != "") open(image);
what = "size=" + size;
if (nImages > 0) what = "image=[" + getTitle() + "]";
run("Clear Results");
start = getTime();
run("Diffusion Compare Samplers...", what + " model=[" + model + "] samplers=[" + samplers + "] steps=[" + steps
	+ "] guidance=" + guidance + " output=[" + output + "] prompt=[" + prompt + "]");
seconds = (getTime() - start) / 1000;

largest = 0;
print(cell("sampler", 22) + cell("states", 30) + cell("steps", 7) + cell("max error", 14) + cell("seconds", 9));
for (row = 0; row < nResults; row++) {
	if (getResultString("Measurement", row) != "round trip") continue;
	error = getResult("Max error", row);
	states = getResultString("States", row);
	if (startsWith(states, "int64")) largest = maxOf(largest, error);
	print(cell(getResultString("Sampler", row), 22) + cell(states, 30) + cell("" + getResult("Steps", row), 7)
		+ cell("" + error, 14) + cell(d2s(getResult("Seconds", row), 2), 9));
}
print("");
print(nResults + " measurements in " + d2s(seconds, 1) + " s");
print("Saved in " + output + ":");
list = getFileList(output);
for (i = 0; i < list.length; i++) if (startsWith(list[i], "compare-samplers")) print("  " + list[i]);
if (largest > 0) exit("The exact lattice differs by up to " + largest + ".");


// Text, filled up with blanks on the left.
function cell(text, width) {
	while (lengthOf(text) < width) text = " " + text;
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
