// Prints the models on this computer: the bundled one, folders and files that
// were added, and those of the Hugging Face cache. Nothing is downloaded.
//
//   java -jar Palindrome_.jar macros/List_Models.ijm "verify=[owner/name]"
//
// Options: verify  a model to read in full and compare with its hashes
//
// To download one, name the licence that you accept:
//
//   run("Diffusion Models...", "action=download model=owner/name licence=openrail");

var options = " " + getArgument() + " ";
verify = option("verify", "");
endOfOptions("verify");

run("Diffusion Models...", "action=list");
ready = 0;
print(column("model", 44) + column("MB", 9) + column("licence", 28) + "state");
for (row = 0; row < Table.size; row++) {
	state = Table.getString("State", row);
	if (state == "ready") ready++;
	model = Table.getString("Model", row);
	size = d2s(Table.get("MB", row), 1);
	licence = Table.getString("Licence", row);
	print(column(model, 44) + column(size, 9) + column(licence, 28) + state);
}
print("");
print("Ready to use: " + ready + " of " + Table.size + ". Write its name after model=, as in model=bundled.");

if (verify != "") {
	run("Diffusion Models...", "action=verify model=[" + verify + "]");
	print("");
	for (row = 0; row < Table.size; row++) {
		file = Table.getString("File", row);
		result = Table.getString("Result", row);
		print(column(file, 60) + result);
	}
}


// Text, filled up with blanks on the right.
function column(text, width) {
	text = text + " ";
	while (lengthOf(text) < width) text = text + " ";
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
