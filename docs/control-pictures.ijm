// Makes the pictures of docs/controlnet.md again:
//
//   java -jar target/Palindrome_.jar docs/control-pictures.ijm

docs = File.getParent(getInfo("macro.filepath")) + File.separator;
images = docs + "images" + File.separator;
folder = getDirectory("temp") + "palindrome-control" + File.separator;

// nuclei drawn, made of the drawing, and made without it
runMacro(docs + ".." + File.separator + "macros" + File.separator + "Draw_Nuclei.ijm",
	"output=[" + folder + "] steps=50 width=192 height=192 count=14 seed=1");
close("*");
open(folder + "nuclei.tif");
run("Select None");
Overlay.remove;
part(0);
open(folder + "drawn-nuclei.tif");
part(1);
open(folder + "without-drawing.tif");
part(2);
montage(3, "control-generate.png");

// one nucleus more, one less
open(docs + ".." + File.separator + "sample-images" + File.separator + "phantom-nuclei-8bit.tif");
makeRectangle(40, 40, 128, 128);
run("Crop");
rename("cells");
run("Duplicate...", "title=mask");
setOption("BlackBackground", true);
setAutoThreshold("Otsu dark");
run("Convert to Mask");
run("Watershed");
run("Duplicate...", "title=moved");
doWand(36, 75);
setColor(0);
fill();
run("Select None");
setColor(255);
fillOval(60, 20, 22, 18);
run("Diffusion Invert...", "image=cells steps=50 control=mask prompt=[fluorescence microscopy, nuclei]");
run("Diffusion Generate...", "noise=cells-latent guidance=1 control=moved prompt=[fluorescence microscopy, nuclei]");
edited = getTitle();
run("Diffusion Reconstruct...", "image=cells-latent original=cells");
close();
close("cells-latent");
selectImage("cells");
part(0);
selectImage("mask");
part(1);
selectImage("moved");
part(2);
selectImage(edited);
part(3);
montage(4, "control-edit.png");


// The current image as one part of a picture.
function part(n) {
	run("RGB Color");
	rename("part" + n);
}

// All parts side by side, twice as large, saved among the pictures.
function montage(count, file) {
	options = "title=parts";
	for (i = 0; i < count; i++) options += " image" + (i + 1) + "=part" + i;
	run("Concatenate...", options);
	run("Make Montage...", "columns=" + count + " rows=1 scale=2 border=2");
	saveAs("PNG", images + file);
	close("*");
}
