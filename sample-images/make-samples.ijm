// Makes the model-*.png of this folder: samples of the bundled model, with fixed
// seeds and prompts. They are generated and show no real specimen.
//
//   java -jar target/Palindrome_.jar sample-images/make-samples.ijm
//
// Argument: "folder=[...] steps=..."; without it the folder of this macro and 50 steps.

var options = " " + getArgument() + " ";
folder = option("folder", File.getParent(getInfo("macro.filepath")));
steps = parseInt(option("steps", "50"));

sample("model-fluorescence-few", 11, "fluorescence microscopy, few large bright nuclei");
sample("model-fluorescence-many", 12, "fluorescence microscopy, many small bright nuclei");
sample("model-brightfield", 13, "brightfield microscopy, some medium dim nuclei");
sample("model-histology", 14, "histology microscopy, many medium dim nuclei");

function sample(file, seed, prompt) {
	run("Diffusion Generate...", "steps=" + steps + " guidance=3 width=256 height=256 seed=" + seed + " prompt=[" + prompt + "]");
	save(folder + File.separator + file + ".png");
	close();
	print(file + ".png: seed " + seed + ", " + steps + " steps, guidance 3, '" + prompt + "'");
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
