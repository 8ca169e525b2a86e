// Renders the phantoms of this folder. They show no real specimen: nuclei are
// drawn as ellipsoids of random size, shape, brightness and texture, blurred as
// by an objective, put on an uneven background, and given photon and camera
// noise. The random seeds are fixed, so every run makes the same files.
//
//   java -jar target/Palindrome_.jar sample-images/make-phantoms.ijm
//
// Argument: the folder to write to; empty for the folder of this macro.

folder = getArgument();
if (folder == "") folder = File.getParent(getInfo("macro.filepath"));
folder = folder + File.separator;

fluorescence8();
fluorescence16();
histology();
hyperstack();


// 256 x 256, 8-bit: many nuclei of all brightnesses on a dark, uneven background.
function fluorescence8() {
	random("seed", 101);
	title = "phantom-nuclei-8bit.tif";
	newImage(title, "32-bit black", 256, 256, 1);
	drawNuclei(42, 6, 15, 40, 165);
	texture(0.18, 2);
	run("Gaussian Blur...", "sigma=1.1");
	background(14, 0.05, 0.03);
	photonNoise(0.55, 1.5);
	toIntegers(8, 255);
	save8or16(title, 0, 255);
}

// 200 x 152, 16-bit with the values of a 12-bit camera, 0.325 micrometres a pixel.
function fluorescence16() {
	random("seed", 202);
	title = "phantom-nuclei-16bit.tif";
	newImage(title, "32-bit black", 200, 152, 1);
	drawNuclei(16, 9, 17, 700, 2600);
	texture(0.2, 2.5);
	run("Gaussian Blur...", "sigma=1.3");
	background(210, 0.6, 0.9);
	photonNoise(0.9, 12);
	toIntegers(16, 4095);
	setVoxelSize(0.325, 0.325, 1, "um");
	save8or16(title, 150, 3600);
}

// 256 x 256, RGB: a stained section. Two dyes absorb light, each with its own
// colour (Beer-Lambert): haematoxylin in the nuclei, eosin around them.
function histology() {
	random("seed", 303);
	newImage("haematoxylin", "32-bit black", 256, 256, 1);
	drawNuclei(75, 5, 10, 0.8, 1.5);
	texture(0.35, 1.3);
	run("Gaussian Blur...", "sigma=0.9");
	newImage("eosin", "32-bit black", 256, 256, 1);
	noisePlane(1);
	run("Duplicate...", "title=fibres");
	run("Gaussian Blur...", "sigma=3");
	normalise(0.16);
	selectImage("eosin");
	run("Gaussian Blur...", "sigma=18");
	normalise(0.22);
	run("Add...", "value=0.55");
	imageCalculator("Add", "eosin", "fibres");
	close("fibres");
	// optical densities of the dyes in red, green and blue
	haematoxylin = newArray(0.55, 0.80, 0.36);
	eosin = newArray(0.10, 0.62, 0.22);
	lamp = newArray(244, 243, 247);
	colours = newArray("red", "green", "blue");
	selectImage("haematoxylin");
	h = pixels();
	selectImage("eosin");
	e = pixels();
	for (c = 0; c < 3; c++) {
		newImage(colours[c], "8-bit black", 256, 256, 1);
		for (i = 0; i < h.length; i++) {
			pink = maxOf(0, e[i]) * (1 - 0.5 * minOf(1, h[i]));
			light = lamp[c] * exp(-h[i] * haematoxylin[c] - pink * eosin[c]) + 2.2 * random("gaussian");
			setPixel(i % 256, floor(i / 256), minOf(255, maxOf(0, round(light))));
		}
	}
	run("Merge Channels...", "c1=red c2=green c3=blue");
	rename("phantom-histology-rgb.tif");
	saveAs("Tiff", folder + "phantom-histology-rgb.tif");
	close("*");
}

// 96 x 80, 16-bit, 2 channels, 3 slices, 2 frames: nuclei and cell bodies,
// in focus in the middle slice, moved a little in the second frame.
function hyperstack() {
	title = "phantom-hyperstack.tif";
	newImage(title, "16-bit grayscale-mode", 96, 80, 2, 3, 2);
	for (frame = 1; frame <= 2; frame++) for (slice = 1; slice <= 3; slice++) for (channel = 1; channel <= 2; channel++) {
		// the same cells in every plane
		random("seed", 404);
		newImage("plane", "32-bit black", 96, 80, 1);
		if (channel == 1) drawNuclei(7, 6, 10, 900, 2400);
		else drawNuclei(7, 10, 14, 250, 700);
		run("Translate...", "x=" + 3 * (frame - 1) + " y=" + -2 * (frame - 1) + " interpolation=None");
		random("seed", 500 + 100 * frame + 10 * slice + channel);
		texture(0.15, 2);
		run("Gaussian Blur...", "sigma=" + 1 + 1.5 * abs(slice - 2));
		background(180, 0.5, 0.4);
		photonNoise(0.8, 10);
		toIntegers(16, 4095);
		run("Copy");
		close("plane");
		selectImage(title);
		Stack.setPosition(channel, slice, frame);
		run("Paste");
		run("Select None");
	}
	setVoxelSize(0.5, 0.5, 1.5, "um");
	Stack.setFrameInterval(30);
	for (channel = 1; channel <= 2; channel++) {
		Stack.setPosition(channel, 2, 1);
		setMinAndMax(150, 3000 - 1200 * (channel - 1));
	}
	Stack.setPosition(1, 2, 1);
	saveAs("Tiff", folder + title);
	close("*");
}

// Nuclei as domes: half ellipsoids seen from above, turned at random, with a
// slightly wavy outline. Where two overlap, the brighter one counts.
function drawNuclei(count, smallest, largest, dimmest, brightest) {
	width = getWidth();
	height = getHeight();
	placedX = newArray(count);
	placedY = newArray(count);
	placedR = newArray(count);
	for (n = 0; n < count; n++) {
		// a place that is not taken, if a few tries find one
		r = smallest + (largest - smallest) * random * random;
		r = maxOf(r, smallest);
		for (attempt = 0; attempt < 40; attempt++) {
			cx = random * width;
			cy = random * height;
			free = true;
			for (k = 0; k < n; k++)
				if (sqrt(pow(cx - placedX[k], 2) + pow(cy - placedY[k], 2)) < 0.92 * (r + placedR[k])) free = false;
			if (free) attempt = 40;
		}
		placedX[n] = cx;
		placedY[n] = cy;
		placedR[n] = r;
		long = r * (1 + 0.3 * random);
		short = r * (1 - 0.25 * random);
		angle = PI * random;
		level = dimmest + (brightest - dimmest) * random;
		wave = 0.07 * random;
		phase = 2 * PI * random;
		reach = floor(1.2 * long) + 2;
		for (y = maxOf(0, floor(cy - reach)); y <= minOf(height - 1, cy + reach); y++)
			for (x = maxOf(0, floor(cx - reach)); x <= minOf(width - 1, cx + reach); x++) {
				a = ((x - cx) * cos(angle) + (y - cy) * sin(angle)) / long;
				b = ((y - cy) * cos(angle) - (x - cx) * sin(angle)) / short;
				d = sqrt(a * a + b * b) * (1 + wave * sin(3 * atan2(b, a) + phase));
				if (d < 1) setPixel(x, y, maxOf(getPixel(x, y), level * pow(1 - d * d, 0.3)));
			}
	}
}

// Multiplies by a smooth random field of mean 1.
function texture(strength, scale) {
	image = getTitle();
	newImage("field", "32-bit black", getWidth(), getHeight(), 1);
	noisePlane(1);
	run("Gaussian Blur...", "sigma=" + scale);
	normalise(strength);
	run("Add...", "value=1");
	run("Min...", "value=0");
	imageCalculator("Multiply", image, "field");
	close("field");
	selectImage(image);
}

// Adds a level, a slope, and a bright spot of stray light.
function background(level, slopeX, slopeY) {
	w = getWidth();
	h = getHeight();
	for (y = 0; y < h; y++) for (x = 0; x < w; x++) {
		stray = exp(-(pow(x / w - 0.6, 2) + pow(y / h - 0.4, 2)) / 0.18);
		setPixel(x, y, getPixel(x, y) + level * (1 + 0.5 * stray) + slopeX * x + slopeY * y);
	}
}

// Noise that grows with the root of the signal, and a constant part from the camera.
function photonNoise(gain, readout) {
	for (y = 0; y < getHeight(); y++) for (x = 0; x < getWidth(); x++) {
		v = getPixel(x, y);
		setPixel(x, y, v + sqrt(gain * v + readout * readout) * random("gaussian"));
	}
}

// Sets every pixel to Gaussian noise.
function noisePlane(deviation) {
	for (y = 0; y < getHeight(); y++) for (x = 0; x < getWidth(); x++) setPixel(x, y, deviation * random("gaussian"));
}

// Shifts and scales the pixels to mean 0 and the given standard deviation.
function normalise(deviation) {
	getStatistics(area, mean, min, max, std);
	for (y = 0; y < getHeight(); y++) for (x = 0; x < getWidth(); x++)
		setPixel(x, y, (getPixel(x, y) - mean) * deviation / std);
}

// The pixels of the current image, row by row.
function pixels() {
	values = newArray(getWidth() * getHeight());
	for (i = 0; i < values.length; i++) values[i] = getPixel(i % getWidth(), floor(i / getWidth()));
	return values;
}

// Rounds to whole numbers from 0 to the largest, without rescaling.
function toIntegers(bits, largest) {
	for (y = 0; y < getHeight(); y++) for (x = 0; x < getWidth(); x++)
		setPixel(x, y, minOf(largest, maxOf(0, round(getPixel(x, y)))));
	setMinAndMax(0, pow(2, bits) - 1);
	run(bits + "-bit");
}

function save8or16(title, low, high) {
	setMinAndMax(low, high);
	saveAs("Tiff", folder + title);
	close("*");
}
