// Makes a stack of new images, one a seed, counts the nuclei in each by
// threshold and Analyze Particles, and prints a table. What it shows is
// generated: it is no data.
//
// In ImageJ: run this macro. Without a display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Generate_Series.ijm "count=8 output=/data/out prompt=[fluorescence microscopy, many small bright nuclei]"
//
// Options: output    the folder for the results
//          steps     network evaluations an image
//          guidance  how strongly the prompt steers
//          width, height  in pixels
//          seed      of the first image; the next ones count up from it
//          count     how many images
//          smallest  the smallest area in pixels that counts as a nucleus
//          model     "bundled", or a folder that holds a diffusers checkpoint
//          prompt    what to make

var options = " " + getArgument() + " ";
prompt = option("prompt", "fluorescence microscopy, many medium bright nuclei");
output = option("output", getDirectory("home") + "Palindrome");
steps = parseInt(option("steps", "50"));
guidance = parseFloat(option("guidance", "3"));
width = parseInt(option("width", "128"));
height = parseInt(option("height", "128"));
seed = parseInt(option("seed", "1"));
number = parseInt(option("count", "4"));
smallest = parseInt(option("smallest", "20"));
model = option("model", "bundled");
endOfOptions("output, steps, guidance, width, height, seed, count, smallest, model, prompt");

if (getArgument() == "" && !isHeadless()) {
	Dialog.create("Generate a series");
	Dialog.addNumber("Images", number, 0, 5, "");
	Dialog.addNumber("First seed", seed, 0, 5, "");
	Dialog.addNumber("Width", width, 0, 5, "px");
	Dialog.addNumber("Height", height, 0, 5, "px");
	Dialog.addNumber("Steps", steps, 0, 5, "");
	Dialog.addNumber("Guidance", guidance, 1, 5, "");
	Dialog.addString("Prompt", prompt, 48);
	Dialog.addDirectory("Save to", output);
	Dialog.show();
	number = Dialog.getNumber();
	seed = Dialog.getNumber();
	width = Dialog.getNumber();
	height = Dialog.getNumber();
	steps = Dialog.getNumber();
	guidance = Dialog.getNumber();
	prompt = Dialog.getString();
	output = Dialog.getString();
}

makeFolder(output);
print("Prompt: '" + prompt + "'");
print("Saved in " + output + ":");
start = getTime();
run("Diffusion Generate...", "model=[" + model + "] steps=" + steps + " guidance=" + guidance + " width=" + width
	+ " height=" + height + " seed=" + seed + " count=" + number + " prompt=[" + prompt + "]");
seconds = (getTime() - start) / 1000;
series = "generated-series";
rename(series);
saveHere(series + ".tif");

// a grey copy to count in, so that the series stays as it is
run("Duplicate...", "title=grey duplicate");
run("8-bit");
table = "seed,nuclei,mean area,mean level\n";
print("");
print(cell("seed", 6) + cell("nuclei", 8) + cell("mean area", 11) + cell("mean level", 12));
for (n = 1; n <= number; n++) {
	selectImage("grey");
	if (number > 1) setSlice(n);
	getStatistics(area, level);
	nuclei = measureNuclei();
	thisSeed = seed + n - 1;
	print(cell("" + thisSeed, 6) + cell("" + nuclei[0], 8) + cell(d2s(nuclei[1], 1), 11) + cell(d2s(level, 1), 12));
	table += "" + thisSeed + "," + nuclei[0] + "," + d2s(nuclei[1], 3) + "," + d2s(level, 3) + "\n";
}
print("");
print(number + " images in " + d2s(seconds, 1) + " s");
File.saveString(table, output + File.separator + series + ".csv");
if (!File.exists(output + File.separator + series + ".csv")) exit("Could not save " + series + ".csv");
print("  " + series + ".csv");
close("grey");
selectImage(series);


// The number of objects in the current plane, and their mean area in pixels.
function measureNuclei() {
	getStatistics(area, mean);
	// nuclei are bright on dark in fluorescence, dark on bright in stained sections
	if (mean < 128) setAutoThreshold("Otsu dark");
	else setAutoThreshold("Otsu");
	// every object of this mask is filled with its own number
	run("Analyze Particles...", "size=" + smallest + "-Infinity pixel show=[Count Masks] clear");
	rename("numbered");
	getStatistics(area, mean, min, found);
	setThreshold(1, 65535);
	run("Create Selection");
	covered = 0;
	if (found > 0) getStatistics(covered);
	close("numbered");
	selectImage("grey");
	resetThreshold();
	return newArray(found, covered / maxOf(1, found));
}

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

// Saves the current image without renaming it.
function saveHere(file) {
	save(output + File.separator + file);
	if (!File.exists(output + File.separator + file)) exit("Could not save " + output + File.separator + file);
	print("  " + file);
}
