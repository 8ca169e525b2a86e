// Makes the images between two images: both are inverted exactly, the way between
// their noise is divided evenly, and every place on it becomes an image. The macro
// checks that both ends are the images themselves, in every pixel.
//
//   java -jar Palindrome_.jar macros/Interpolate_Images.ijm "first=/data/a.tif second=/data/b.tif output=/data/out count=7"
//
// Options: first, second   the image files, of the same type and size; without them two corners of a sample
//          output          the folder for the results
//          count           how many images, both ends included
//          steps           network evaluations from image to noise
//          source, target  what the first and the second image show; may be empty

var options = " " + getArgument() + " ";
source = option("source", "fluorescence microscopy, some medium bright nuclei");
target = option("target", "fluorescence microscopy, some medium bright nuclei");
first = option("first", "");
second = option("second", "");
output = option("output", getDirectory("home") + "Palindrome");
count = parseInt(option("count", "5"));
steps = parseInt(option("steps", "50"));
rest = String.trim(options);
if (rest != "") exit("'" + rest + "' is not an option of this macro: it knows first, second, output, count, steps, source, target.");
makeFolder(output);

if (first == "") {
	sample = File.getParent(File.getParent(getInfo("macro.filepath"))) + File.separator + "sample-images" + File.separator;
	corner(sample + "phantom-nuclei-8bit.tif", 0, 0, "first");
	corner(sample + "phantom-nuclei-8bit.tif", 128, 128, "second");
	first = "first";
	second = "second";
} else {
	open(first);
	first = getTitle();
	open(second);
	second = getTitle();
}

run("Diffusion Interpolate...", "image=[" + first + "] other=[" + second + "] count=" + count + " steps=" + steps
	+ " source=[" + source + "] target=[" + target + "]");
rename("interpolated");
save(output + File.separator + "interpolated.tif");
print("Saved " + output + File.separator + "interpolated.tif: " + count + " images from " + first + " to " + second);
print("sum of differences at the first end: " + different(first, 1) + ", at the second end: " + different(second, count));
selectImage("interpolated");


function corner(file, x, y, title) {
	open(file);
	makeRectangle(x, y, 128, 128);
	run("Crop");
	rename(title);
}

// The sum of all differences between an image and a slice of the series.
function different(title, slice) {
	selectImage("interpolated");
	setSlice(slice);
	run("Duplicate...", "title=end");
	imageCalculator("Difference create 32-bit", "end", title);
	getStatistics(area, mean);
	sum = mean * getWidth() * getHeight();
	close();
	close("end");
	return sum;
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
