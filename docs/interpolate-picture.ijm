// Makes the picture of docs/interpolate.md again:
//
//   java -jar target/Palindrome_.jar docs/interpolate-picture.ijm

docs = File.getParent(getInfo("macro.filepath")) + File.separator;
folder = getDirectory("temp") + "palindrome-interpolate";
runMacro(docs + ".." + File.separator + "macros" + File.separator + "Interpolate_Images.ijm",
	"output=[" + folder + "] count=6 steps=30");
close("*");
open(folder + File.separator + "interpolated.tif");
run("Make Montage...", "columns=6 rows=1 scale=1 border=2");
saveAs("PNG", docs + "images" + File.separator + "interpolate.png");
