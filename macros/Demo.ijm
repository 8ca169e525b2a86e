// What the README's first command runs: a sample image to noise and back with
// all exact samplers, an edit by prompt, and a few generated images.
//
//   java -jar Palindrome_.jar macros/Demo.ijm "output=/data/out"
//
// Options: output  the folder for the results
//          steps   network evaluations from image to noise

macros = File.getParent(getInfo("macro.filepath")) + File.separator;
arguments = getArgument();
if (arguments == "") arguments = "output=[" + getDirectory("home") + "Palindrome]";
sample = File.getParent(File.getParent(getInfo("macro.filepath"))) + File.separator + "sample-images" + File.separator;

part("1. Invert, reconstruct, measure", "Invert_Reconstruct_Measure.ijm", " image=[" + sample + "phantom-nuclei-8bit.tif]");
part("2. Edit by prompt, inside an oval", "Edit_by_Prompt.ijm", " image=[" + sample + "phantom-nuclei-8bit.tif] selection=60,60,140,140");
part("3. Generate a series", "Generate_Series.ijm", "");
print("");
print("Open the images in ImageJ: java -jar target/Palindrome_.jar");

function part(headline, file, more) {
	print("");
	print("== " + headline);
	close("*");
	result = runMacro(macros + file, arguments + more);
	// runMacro says so when a macro was stopped by an error
	if (result == "[aborted]") exit(headline + " failed.");
	close("*");
}
