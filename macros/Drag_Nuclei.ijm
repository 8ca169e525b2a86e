// Drags nuclei to other places, and measures with ImageJ whether they went there:
// the centroids of the nucleus nearest to the beginning of each handle before, and
// of the one nearest to its end after.
//
// In ImageJ: open an image, draw an arrow from a nucleus to where it should go
// (several with Image>Overlay>Add Selection), and run this macro. Without a
// display, with all options or none:
//
//   java -jar Palindrome_.jar macros/Drag_Nuclei.ijm "image=/data/cells.tif output=/data/out handles=[76,115->98,102; 20,30->40,30]"
//
// Options: image      the image file; without it the open image, or a part of a sample
//          output     the folder for the results
//          handles    x1,y1->x2,y2 in pixels, semicolons between several; without it those drawn
//          steps      network evaluations from image to noise
//          strength   how far towards noise
//          method     SDE, or ODE to compare
//          prompt     what the image shows; may be empty

var options = " " + getArgument() + " ";
prompt = option("prompt", "fluorescence microscopy, some medium bright nuclei");
handles = option("handles", "");
image = option("image", "");
output = option("output", getDirectory("home") + "Palindrome");
steps = parseInt(option("steps", "50"));
strength = parseFloat(option("strength", "0.4"));
method = option("method", "SDE");
rest = String.trim(options);
if (rest != "") exit("'" + rest + "' is not an option of this macro: it knows image, output, handles, steps, strength, method, prompt.");
makeFolder(output);

if (image != "") open(image);
else if (nImages == 0) {
	open(File.getParent(File.getParent(getInfo("macro.filepath"))) + File.separator + "sample-images" + File.separator + "phantom-nuclei-8bit.tif");
	makeRectangle(48, 64, 96, 96);
	run("Crop");
	// the bundled model was trained on images without background
	run("Subtract...", "value=18");
	if (handles == "") handles = "28,51->52,36";
}
original = getTitle();

run("Diffusion Drag...", "handles=[" + handles + "] method=" + method + " steps=" + steps + " strength=" + strength
	+ " intermediate=true prompt=[" + prompt + "]");
dragged = getTitle();
used = Property.get("palindrome.json");
handles = substring(used, indexOf(used, "\"handles\":\"") + 11);
handles = substring(handles, 0, indexOf(handles, "\""));
save(output + File.separator + dragged + ".tif");
print("Saved " + output + File.separator + dragged + ".tif");

// grey levels above which a pixel belongs to a nucleus: Otsu's of the original
selectImage(original);
run("Select None");
run("Duplicate...", "title=levels");
run("8-bit");
setAutoThreshold("Otsu dark");
getThreshold(level, highest);
close("levels");

all = split(handles, ";");
for (i = 0; i < all.length; i++) {
	ends = split(replace(all[i], "->", ","), ",");
	for (k = 0; k < 4; k++) ends[k] = parseFloat(ends[k]);
	before = centroidNear(original, ends[0], ends[1]);
	after = centroidNear(dragged, ends[2], ends[3]);
	if (before.length == 0) print("handle " + String.trim(all[i]) + ": no nucleus at its beginning");
	else if (after.length == 0) print("handle " + String.trim(all[i]) + ": no nucleus near its end");
	else {
		length = distance(ends[0], ends[1], ends[2], ends[3]);
		along = ((after[0] - before[0]) * (ends[2] - ends[0]) + (after[1] - before[1]) * (ends[3] - ends[1])) / (length * length);
		print("handle " + String.trim(all[i]) + ": centroid from " + d2s(before[0], 1) + "," + d2s(before[1], 1)
			+ " to " + d2s(after[0], 1) + "," + d2s(after[1], 1) + ", " + d2s(100 * along, 0) + " % of the way");
	}
}
selectImage(dragged);


// The centroid of the nucleus that lies nearest to a place; empty if there is none.
function centroidNear(title, x, y) {
	selectImage(title);
	run("Select None");
	run("Duplicate...", "title=nuclei");
	run("Set Scale...", "distance=0 known=0 unit=pixel");
	run("8-bit");
	run("Gaussian Blur...", "sigma=1");
	setThreshold(level, 255);
	setOption("BlackBackground", true);
	run("Convert to Mask");
	run("Watershed");
	run("Set Measurements...", "area centroid redirect=None decimal=3");
	run("Analyze Particles...", "size=12-Infinity pixel clear");
	nearest = newArray(0);
	best = 1e9;
	for (row = 0; row < nResults; row++) {
		centreX = getResult("X", row);
		centreY = getResult("Y", row);
		away = distance(x, y, centreX, centreY);
		if (away < best) {
			best = away;
			nearest = newArray(centreX, centreY);
		}
	}
	close("nuclei");
	return nearest;
}

function distance(x1, y1, x2, y2) {
	return sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1));
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

function makeFolder(path) {
	if (File.isDirectory(path)) return;
	parent = File.getParent(path);
	if (parent != "" && parent != "null") makeFolder(parent);
	File.makeDirectory(path);
	if (!File.isDirectory(path)) exit("The folder " + path + " cannot be made: is its parent writable?");
}
