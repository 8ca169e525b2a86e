package palindrome.evaluate;

import ij.gui.Plot;
import java.awt.Color;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;

/** A plot of named curves, in the colours and sizes all plots here share. */
final class LinePlot {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 380;
    /** Distinct to colour-blind eyes as well (Okabe and Ito 2008). */
    private static final List<Color> COLOURS = List.of(
            new Color(0x0072B2),
            new Color(0xD55E00),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9),
            Color.BLACK);
    /** One for each round of colours. */
    private static final List<String> SYMBOLS = List.of("circle", "x", "triangle", "box");

    /** Part of an axis left free at both ends. */
    private static final double MARGIN = 0.04;

    private final String title;
    private final String xLabel;
    private final String yLabel;
    private final boolean xLog;
    private final boolean yLog;
    private final List<Curve> curves = new ArrayList<>();

    private record Curve(String label, List<double[]> points) {}

    /**
     * @param xLog whether the horizontal axis is logarithmic; points that are not above 0 are left out then
     * @param yLog the same for the vertical axis
     */
    LinePlot(final String title, final String xLabel, final String yLabel, final boolean xLog, final boolean yLog) {
        this.title = title;
        this.xLabel = xLabel;
        this.yLabel = yLabel;
        this.xLog = xLog;
        this.yLog = yLog;
    }

    /** @param points pairs of x and y, or triples with the half length of an error bar; a curve without any that can be drawn is left out */
    LinePlot add(final String label, final List<double[]> points) {
        final List<double[]> drawn = points.stream().filter(this::isDrawn).toList();
        if (!drawn.isEmpty()) curves.add(new Curve(label, drawn));
        return this;
    }

    private boolean isDrawn(final double[] point) {
        return Double.isFinite(point[0])
                && Double.isFinite(point[1])
                && (!xLog || point[0] > 0)
                && (!yLog || point[1] > 0);
    }

    Plot toPlot() {
        final Plot plot = new Plot(title, xLabel, yLabel);
        plot.setFrameSize(WIDTH, HEIGHT);
        if (xLog) plot.setAxisXLog(true);
        if (yLog) plot.setAxisYLog(true);
        final StringBuilder legend = new StringBuilder();
        for (int i = 0; i < curves.size(); i++) {
            final Curve curve = curves.get(i);
            final double[] x = column(curve, 0).toArray();
            final double[] y = column(curve, 1).toArray();
            final Color colour = COLOURS.get(i % COLOURS.size());
            plot.setColor(colour, colour);
            plot.setLineWidth(2);
            plot.add("line", x, y);
            if (curve.points().get(0).length > 2)
                plot.addErrorBars(column(curve, 2).toArray());
            plot.add(SYMBOLS.get(i / COLOURS.size() % SYMBOLS.size()), x, y);
            // NB: a curve without a label of its own is left out of the legend.
            legend.append('\n').append(curve.label()).append('\n');
        }
        plot.setColor(Color.BLACK);
        plot.setLineWidth(1);
        final double[] xLimits = limits(0, xLog);
        final double[] yLimits = limits(1, yLog);
        plot.setLimits(xLimits[0], xLimits[1], yLimits[0], yLimits[1]);
        plot.setLegend(legend.toString(), Plot.AUTO_POSITION);
        return plot;
    }

    private double[] limits(final int index, final boolean log) {
        final DoubleSummaryStatistics range = curves.stream()
                .flatMapToDouble(curve -> column(curve, index))
                .map(value -> log ? Math.log(value) : value)
                .summaryStatistics();
        final double margin = range.getMax() > range.getMin() ? MARGIN * (range.getMax() - range.getMin()) : 1;
        final double low = range.getMin() - margin;
        final double high = range.getMax() + margin;
        return log ? new double[] {Math.exp(low), Math.exp(high)} : new double[] {low, high};
    }

    private static DoubleStream column(final Curve curve, final int index) {
        return curve.points().stream().mapToDouble(point -> point[index]);
    }
}
