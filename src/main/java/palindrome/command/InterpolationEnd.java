package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import palindrome.edit.EncodedImage;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.Invert;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplingSettings;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentSeries;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneChoice;
import palindrome.image.PlaneLayout;
import palindrome.image.SourceImage;
import palindrome.image.StackPlanes;

/** One of the two images between which <i>Diffusion Interpolate...</i> goes, plane by plane. */
sealed interface InterpolationEnd {

    /** How its planes were put together. */
    PlaneLayout layout();

    /** Width and height of its images, for example {@code 64 x 48}. */
    String size();

    /**
     * @param index of a plane, from 0
     * @return it as noise, if that needs no work
     */
    Optional<InvertedPlane> latent(int index);

    /**
     * @param index of a plane, from 0
     * @param opened the model
     * @param settings of the inversion, where there is one to be made
     * @return the plane as noise
     */
    InvertedPlane inverted(int index, OpenedModel opened, SamplingSettings settings, Progress host) throws IOException;

    /**
     * @param prompt what the image shows
     * @throws IllegalArgumentException if a plane is not in the image, or has pixels that no model can read
     */
    static InterpolationEnd of(final ImagePlus image, final PlaneChoice choice, final String prompt) {
        final StackPlanes stack = new StackPlanes(image, choice);
        return new OfPixels(stack, StackCommand.planes(stack, choice), prompt);
    }

    /** @throws IOException if a latent is not an inversion */
    static InterpolationEnd of(final LatentSeries series) throws IOException {
        final List<InvertedPlane> planes = new ArrayList<>();
        for (final LatentImage latent : series.latents())
            planes.add(new InvertedPlane(
                    InversionImage.read(latent), latent.origin().orElseThrow()));
        return new OfLatents(series, planes);
    }

    /** An image, still to be inverted. */
    record OfPixels(PlaneLayout layout, List<ImagePlus> planes, String prompt) implements InterpolationEnd {

        @Override
        public String size() {
            return planes.get(0).getWidth() + " x " + planes.get(0).getHeight();
        }

        @Override
        public Optional<InvertedPlane> latent(final int index) {
            return Optional.empty();
        }

        @Override
        public InvertedPlane inverted(
                final int index, final OpenedModel opened, final SamplingSettings settings, final Progress host)
                throws IOException {
            final PixelPlane plane = PixelPlane.of(planes.get(index));
            final SourceImage original = SourceImage.of(planes.get(index), plane);
            final Invert invert = new Invert(opened, settings);
            final EncodedImage encoded = invert.encode(original.codec().encode(plane), host);
            final Inversion inversion = invert.run(encoded, prompt, "", host);
            return new InvertedPlane(
                    inversion, LatentOrigin.of(original, plane, inversion.padding(), encoded.decoded()));
        }
    }

    /** Latents. */
    record OfLatents(PlaneLayout layout, List<InvertedPlane> planes) implements InterpolationEnd {

        @Override
        public String size() {
            final SourceImage source = planes.get(0).origin().image();
            return source.width() + " x " + source.height();
        }

        @Override
        public Optional<InvertedPlane> latent(final int index) {
            return Optional.of(planes.get(index));
        }

        @Override
        public InvertedPlane inverted(
                final int index, final OpenedModel opened, final SamplingSettings settings, final Progress host) {
            return planes.get(index);
        }
    }
}
