package palindrome.image;

import ij.measure.Calibration;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of an ImageJ calibration that belong to one plane: pixel size, origin, units, time, and the function from
 * pixel values to physical ones. All as {@link Calibration} names them.
 */
public record SpatialCalibration(
        double pixelWidth,
        double pixelHeight,
        double pixelDepth,
        double xOrigin,
        double yOrigin,
        double zOrigin,
        String xUnit,
        String yUnit,
        String zUnit,
        double frameInterval,
        String timeUnit,
        double fps,
        boolean invertY,
        String info,
        int function,
        List<Double> coefficients,
        String valueUnit,
        boolean zeroClip) {

    static SpatialCalibration of(Calibration c) {
        // NB: a custom table of values cannot be restored as a function, so only its unit is kept.
        int function = c.getFunction() == Calibration.CUSTOM ? Calibration.NONE : c.getFunction();
        double[] coefficients = c.getCoefficients();
        return new SpatialCalibration(
                c.pixelWidth,
                c.pixelHeight,
                c.pixelDepth,
                c.xOrigin,
                c.yOrigin,
                c.zOrigin,
                c.getXUnit(),
                c.getYUnit(),
                c.getZUnit(),
                c.frameInterval,
                c.getTimeUnit(),
                c.fps,
                c.getInvertY(),
                c.info,
                function,
                coefficients == null
                        ? List.of()
                        : Arrays.stream(coefficients).boxed().toList(),
                c.getValueUnit(),
                c.zeroClip());
    }

    Calibration toCalibration() {
        Calibration c = new Calibration();
        c.pixelWidth = pixelWidth;
        c.pixelHeight = pixelHeight;
        c.pixelDepth = pixelDepth;
        c.xOrigin = xOrigin;
        c.yOrigin = yOrigin;
        c.zOrigin = zOrigin;
        c.setXUnit(xUnit);
        c.setYUnit(yUnit);
        c.setZUnit(zUnit);
        c.frameInterval = frameInterval;
        c.setTimeUnit(timeUnit);
        c.fps = fps;
        c.setInvertY(invertY);
        c.info = info;
        if (function == Calibration.NONE || coefficients.isEmpty() && function != Calibration.UNCALIBRATED_OD) {
            c.setValueUnit(valueUnit);
        } else {
            double[] values =
                    coefficients.stream().mapToDouble(Double::doubleValue).toArray();
            c.setFunction(function, values.length == 0 ? null : values, valueUnit, zeroClip);
        }
        return c;
    }
}
