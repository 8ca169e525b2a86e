// Runs one command of Palindrome over a folder of images, and saves the results
// as TIFF files. Run again, it goes on where it was stopped.
//
// In ImageJ: use Plugins>Palindrome>Diffusion Batch... instead.
// Without a display:
//
//   java -jar Palindrome_.jar macros/Batch.ijm "input=/data/cells output=/data/out operation=Edit line=[steps=20 target=[many small bright nuclei]]"
//
// Options: input      a folder, or a text file with one path a line
//          output     the folder for the results and for batch.csv
//          operation  the command, if 'line' is its options only
//          line       a whole macro line, or the options
//          overwrite  true to replace results that another line made
//
// The exit status is 0 if there is a result for every file.

if (getArgument() == "") exit("Give at least input=, output= and line=; the first lines of this macro say how.");
run("Diffusion Batch...", getArgument());
failed = 0;
for (i = 0; i < Table.size; i++) {
	status = Table.getString("Status", i);
	print(status + " " + Table.getString("File", i) + " " + Table.getString("Output", i) + Table.getString("Message", i));
	if (status == "failed") failed++;
}
if (failed > 0) exit("" + failed + " of " + Table.size + " files failed.");
