package palindrome.image;

import ij.gui.Overlay;
import ij.gui.Roi;
import ij.io.RoiDecoder;
import ij.io.RoiEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An overlay as ImageJ writes it into TIFF files: each part in the format of ROI files, the first with how labels are
 * drawn.
 *
 * @param rois the parts, at least one, each in Base64
 */
public record StoredOverlay(List<String> rois) {

    public StoredOverlay {
        rois = List.copyOf(rois);
        if (rois.isEmpty()) {
            throw new IllegalArgumentException("An overlay has at least one part.");
        }
        if (rois.stream().map(StoredOverlay::decode).anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("A part of the overlay is damaged.");
        }
    }

    private static Roi decode(String roi) {
        return RoiDecoder.openFromByteArray(Base64.getDecoder().decode(roi));
    }

    /**
     * Stores an overlay.
     *
     * @param overlay may be null
     * @return empty if there is nothing in it
     */
    public static Optional<StoredOverlay> of(Overlay overlay) {
        if (overlay == null || overlay.size() == 0) {
            return Optional.empty();
        }
        List<String> rois = new ArrayList<>();
        for (int i = 0; i < overlay.size(); i++) {
            Roi copy = (Roi) overlay.get(i).clone();
            if (i == 0) {
                copy.setPrototypeOverlay(overlay);
            }
            rois.add(Base64.getEncoder().encodeToString(RoiEncoder.saveAsByteArray(copy)));
        }
        return Optional.of(new StoredOverlay(rois));
    }

    /** The parts as ImageJ keeps them in the description of a file. */
    public byte[][] toBytes() {
        return rois.stream().map(Base64.getDecoder()::decode).toArray(byte[][]::new);
    }

    /** A new overlay of the same parts. */
    public Overlay toOverlay() {
        Overlay overlay = likeThatOf(decode(rois.get(0)));
        rois.forEach(roi -> overlay.add(decode(roi)));
        return overlay;
    }

    private static Overlay likeThatOf(Roi first) {
        Overlay prototype = first.getPrototypeOverlay();
        Overlay overlay = new Overlay();
        overlay.drawLabels(prototype.getDrawLabels());
        overlay.drawNames(prototype.getDrawNames());
        overlay.drawBackgrounds(prototype.getDrawBackgrounds());
        overlay.setLabelColor(prototype.getLabelColor());
        overlay.setLabelFont(prototype.getLabelFont(), prototype.scalableLabels());
        return overlay;
    }
}
